"""Telling people in time that a sign-in will end, whatever is renewed before."""

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from integrations.connections.models import Connection, Grant, Status
from rivet import clock
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Membership
from rivet.tenants.roles import Ability, roles_that_may
from sync import log, schedule
from sync.models import Severity
from sync.states import Shown

_log = structlog.get_logger(__name__)


def warn(books: Connection) -> None:
    """Mail those who may reconnect, once per threshold of ``schedule.WARNING_DAYS``. Outside any transaction."""
    if books.grant is None or books.status == Status.DISCONNECTED:
        return
    with tenant_transaction(books.tenant_id):
        grant: Grant = Grant.objects.select_for_update().get(pk=books.grant_id)
        days = schedule.warning(grant.hard_expires_at, now=clock.now(), warned=grant.warned_days)
        if days is None or grant.hard_expires_at is None:
            return
        grant.warned_days = days
        grant.save(update_fields=["warned_days"])
        detail = (
            f"The sign-in to {books.provider_name} ends on {grant.hard_expires_at:%-d %B %Y}. Reconnect before then."
        )
        log.pulled(
            connection_id=books.pk,
            entity="connection",
            status=Shown.RETRYING,
            severity=Severity.WARNING,
            detail=detail,
        )
        to = list(
            Membership.objects.filter(tenant_id=books.tenant_id, role__in=roles_that_may(Ability.CONNECT)).values_list(
                "user__email", flat=True
            )
        )
    _mail(books, detail, to)


def _mail(books: Connection, detail: str, to: list[str]) -> None:
    """The line in the log and the card say the same, so a mail server that is away loses nothing for good."""
    link = f"{settings.RIVET_BASE_URL}/t/{books.tenant.slug}/settings/integrations/{books.public_id}/"
    body = render_to_string("connections/expiry_mail.txt", {"books": books, "detail": detail, "link": link})
    try:
        send_mail(subject=f"Reconnect {books.company_name} soon", message=body, from_email=None, recipient_list=to)
    except (SMTPException, OSError) as failure:
        _log.warning("expiry_mail_failed", connection=str(books.public_id), failure=type(failure).__name__)
