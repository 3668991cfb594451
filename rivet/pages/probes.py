"""For load balancers: is this process alive, and can it reach its database?"""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

from rivet.tenants.middleware import outside_transaction


@outside_transaction
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@outside_transaction
def ready(request: HttpRequest) -> HttpResponse:
    """200 when this process can serve pages; 503 while PostgreSQL is away. Redis is not asked: Rivet works without."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("the database is not answering\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
