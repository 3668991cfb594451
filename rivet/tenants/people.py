"""Who belongs to a firm: inviting, joining, changing roles, leaving. Every act is on the audit record.

Each function works in the open transaction of the firm being served.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db import transaction

from rivet import clock
from rivet.tenants import audit
from rivet.tenants.context import current_tenant_id
from rivet.tenants.models import Invitation, Membership, User
from rivet.tenants.roles import LABELS, Role, outranks

INVITATION_AGE = timedelta(days=14)
"""Long enough for a holiday, short enough that a forgotten mail is no open door."""

_SALT = "rivet.invitation"


class PeopleError(Exception):
    """The act is refused; the text is for the person who tried."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What an invitation's link carries."""

    tenant_id: int
    invitation_id: int


def invite(*, by: Membership, email: str, role: Role) -> Invitation:
    """Ask ``email`` to join as ``role``. Raises PeopleError when that is not theirs to give or already so."""
    address = email.strip().lower()
    _must_be_grantable(by, role)
    if Membership.objects.filter(tenant_id=by.tenant_id, user__email=address).exists():
        raise PeopleError(f"{address} is a member already; change the role in the list.")
    if Invitation.objects.filter(email__iexact=address, accepted_at=None, withdrawn_at=None).exists():
        raise PeopleError(f"{address} is invited already; send the invitation again or withdraw it.")
    invitation: Invitation = Invitation.objects.create(
        tenant_id=by.tenant_id, email=address, role=role, invited_by=by.user
    )
    _note(by.user, "invitation.sent", invitation, after={"role": role})
    return invitation


def withdraw(*, by: Membership, invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.withdrawn_at:
        raise PeopleError("This invitation is no longer open.")
    _must_be_grantable(by, Role(invitation.role))
    invitation.withdrawn_at = clock.now()
    invitation.save(update_fields=["withdrawn_at"])
    _note(by.user, "invitation.withdrawn", invitation, before={"role": invitation.role})


def token_for(invitation: Invitation) -> str:
    """The signed reference of the link; it names rows and holds no secret of its own."""
    return signing.dumps([invitation.tenant_id, invitation.pk], salt=_SALT)


def read_token(token: str) -> Ticket:
    """Raises PeopleError when the link was altered or has grown too old."""
    try:
        tenant_id, invitation_id = signing.loads(token, salt=_SALT, max_age=INVITATION_AGE)
    except signing.BadSignature:
        raise PeopleError("This link is not valid any more. Ask for a new invitation.") from None
    return Ticket(tenant_id=int(tenant_id), invitation_id=int(invitation_id))


def open_invitation(ticket: Ticket) -> Invitation:
    """The invitation, its row locked against a second acceptance. Raises PeopleError when it is no longer open."""
    invitation = (
        Invitation.objects.select_related("tenant")
        .select_for_update(of=("self",))
        .filter(pk=ticket.invitation_id, accepted_at=None, withdrawn_at=None)
        .first()
    )
    if not isinstance(invitation, Invitation):
        raise PeopleError("This invitation was used or withdrawn. Ask for a new one, or sign in if you joined already.")
    return invitation


def accept(*, invitation: Invitation, user: User) -> Membership:
    """Make ``user`` a member as the invitation says."""
    if Membership.objects.filter(tenant_id=invitation.tenant_id, user=user).exists():
        raise PeopleError(f"You are a member of {invitation.tenant.name} already.")
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    membership = Membership.objects.create(tenant_id=invitation.tenant_id, user=user, role=invitation.role)
    _note(user, "invitation.accepted", invitation, after={"role": invitation.role})
    return membership


@transaction.atomic
def change_role(*, by: Membership, member: Membership, role: Role) -> None:
    before = Role(member.role)
    _must_be_grantable(by, before)
    _must_be_grantable(by, role)
    if role is before:
        return
    if before is Role.OWNER:
        _must_not_be_last_owner(member)
    member.role = role
    member.save(update_fields=["role"])
    _note(by.user, "member.role_changed", member, before={"role": before}, after={"role": role})


@transaction.atomic
def remove(*, by: Membership, member: Membership) -> None:
    """End a membership; leaving oneself is the same act and needs no rank."""
    if by.pk != member.pk:
        _must_be_grantable(by, Role(member.role))
    if member.role == Role.OWNER:
        _must_not_be_last_owner(member)
    _note(by.user, "member.removed", member, before={"role": member.role})
    member.delete()


def grantable_roles(by: Membership) -> list[Role]:
    """The roles ``by`` may give and take: up to their own."""
    return [role for role in Role if not outranks(role, Role(by.role))]


def _must_be_grantable(by: Membership, role: Role) -> None:
    if outranks(role, Role(by.role)):
        raise PeopleError(f"Only an owner can do this for the role {LABELS[role]}.")


def _must_not_be_last_owner(member: Membership) -> None:
    # Two owners may leave at the same moment: whoever locks the rows second sees what the first left.
    owners = Membership.objects.filter(tenant_id=current_tenant_id(), role=Role.OWNER).order_by("pk")
    if not [owner for owner in owners.select_for_update() if owner.pk != member.pk]:
        raise PeopleError("A firm needs an owner. Make somebody else an owner first.")


def _note(
    actor: User,
    act: str,
    subject: Invitation | Membership,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject_kind=type(subject).__name__.lower(),
        subject_id=subject.public_id,
        subject_label=subject.email if isinstance(subject, Invitation) else subject.user.email,
        before=before,
        after=after,
    )
