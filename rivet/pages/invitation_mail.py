"""The mail that asks somebody to join a firm."""

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from rivet.tenants.models import Invitation, User
from rivet.tenants.people import token_for

log = structlog.get_logger(__name__)


def send(invitation: Invitation, *, firm: str, sender: User) -> bool:
    """False when the mail server did not take it; the invitation stands and may be sent again."""
    context = {
        "firm": firm,
        "sender": sender,
        "role": invitation.get_role_display(),
        "link": settings.RIVET_BASE_URL + reverse("join", args=[token_for(invitation)]),
    }
    try:
        send_mail(
            subject=f"{sender} invites you to {firm} on Rivet",
            message=render_to_string("invitations/mail.txt", context),
            from_email=None,
            recipient_list=[invitation.email],
        )
    except (SMTPException, OSError) as failure:
        log.warning("invitation_mail_failed", invitation=str(invitation.public_id), failure=type(failure).__name__)
        return False
    return True
