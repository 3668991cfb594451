"""Pages for what went wrong. They ask the database nothing: it may be what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """A limit of ``ACCOUNT_RATE_LIMITS``."""
    return render(request, "errors/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF check refused a form."""
    return render(request, "errors/form_expired.html", status=403)
