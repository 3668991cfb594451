"""What was said on the wire in one attempt."""

from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from exceptions_dashboard.places import entry_url
from integrations import exact_json
from rivet.tenants.access import TenantRequest, tenant_page
from sync.models import Attempt, Call, OutboxEntry
from sync.queries import entry as queries

_LONGEST_BODY = 200_000


@require_GET
@tenant_page()
def call(request: TenantRequest, entry: UUID, call: int) -> HttpResponse:
    """The request and the answer of one attempt. Tokens are never among them: they travel in headers alone."""
    subject = get_object_or_404(OutboxEntry, public_id=entry)
    if not Attempt.objects.filter(entry_id=subject.pk, call_id=call).exists():
        raise Http404
    body = queries.body(call)
    context = {
        "entry": subject,
        "entry_url": entry_url(request.tenant.slug, subject),
        "call": Call.objects.filter(id=call).first(),
        "sent": _readable(bytes(body.request)) if body else "",
        "answered": _readable(bytes(body.answer)) if body and body.answer is not None else "",
    }
    return render(request, "exceptions/call.html#bodies" if request.htmx else "exceptions/call.html", context)


def _readable(raw: bytes) -> str:
    """Indented JSON where it is JSON, else as it came; long ones end with how much is missing."""
    words = raw.decode("utf-8", errors="replace")
    with suppress(ValueError):
        # Numbers stay as they were written: 12480.00 must not read 12480.0 in a dispute about cents.
        words = exact_json.pretty(words)
    missing = len(words) - _LONGEST_BODY
    return words if missing <= 0 else f"{words[:_LONGEST_BODY]}\n… and {missing:,} more characters"
