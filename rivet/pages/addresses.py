"""Whether a person really reads mail at their address: two-step sign-in asks for that first."""

from smtplib import SMTPException

import structlog
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.db import transaction
from django.http import HttpRequest

from rivet.tenants.models import User

log = structlog.get_logger(__name__)


def proven(user: User) -> None:
    """The person came by a link that was mailed there."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def ask_to_confirm(request: HttpRequest, user: User) -> None:
    """Mail a link after the commit. A mail server that is away costs nothing: the account page sends it again."""
    address = EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)

    def send() -> None:
        try:
            # The commit comes after allauth's middleware has let go of the request.
            with request_context(request):
                address.send_confirmation(request, signup=True)
        except (SMTPException, OSError) as failure:
            log.warning("confirmation_mail_failed", user=user.pk, failure=type(failure).__name__)

    transaction.on_commit(send)
