"""Settings, People: who is in the firm, in which role, and who was asked to join."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from rivet.pages import invitation_mail
from rivet.tenants import people
from rivet.tenants.access import TenantRequest, tenant_page
from rivet.tenants.context import tenant_transaction
from rivet.tenants.models import Invitation, Membership
from rivet.tenants.people import PeopleError
from rivet.tenants.roles import LABELS, Ability, Role

_MAILED_ENOUGH = (
    "No more invitations go out for now: three an hour to one address, thirty an hour from a firm. Nothing was sent. "
    "Try again in an hour."
)


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.TypedChoiceField(label="Role", coerce=Role, initial=Role.BOOKKEEPER)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role.value, LABELS[role]) for role in roles]


@require_GET
@tenant_page()
def member_list(request: TenantRequest) -> HttpResponse:
    return _page(request, InviteForm(roles=people.grantable_roles(request.membership)))


@require_POST
@tenant_page(Ability.MANAGE_PEOPLE, calls_provider=True)
def invite(request: TenantRequest) -> HttpResponse:
    """Saved first and mailed after the commit: no database lock waits for a mail server."""
    form = InviteForm(request.POST, roles=people.grantable_roles(request.membership))
    with tenant_transaction(request.tenant.pk):
        invitation = _saved(request, form)
        if invitation is None:
            return _page(request, form, status=422)
    return _mailed(request, invitation)


@require_POST
@tenant_page(Ability.MANAGE_PEOPLE, calls_provider=True)
def invite_again(request: TenantRequest, invitation: UUID) -> HttpResponse:
    with tenant_transaction(request.tenant.pk):
        asked = _open_invitation(invitation)
    if not _may_mail(request, asked.email):
        messages.error(request, _MAILED_ENOUGH)
        return _back(request)
    return _mailed(request, asked)


@require_POST
@tenant_page(Ability.MANAGE_PEOPLE)
def withdraw(request: TenantRequest, invitation: UUID) -> HttpResponse:
    asked = _open_invitation(invitation)
    done = f"{asked.email} can no longer join."
    _act(request, lambda: people.withdraw(by=request.membership, invitation=asked), done)
    return _back(request)


@require_POST
@tenant_page(Ability.MANAGE_PEOPLE)
def change_role(request: TenantRequest, member: UUID) -> HttpResponse:
    subject = _member(request, member)
    if request.POST.get("role") not in set(Role):
        messages.error(request, "Choose one of the roles.")
        return _back(request)
    role = Role(request.POST["role"])
    done = f"{subject.user} is now {LABELS[role].lower()}."
    _act(request, lambda: people.change_role(by=request.membership, member=subject, role=role), done)
    return _back(request)


@require_POST
@tenant_page()
def remove(request: TenantRequest, member: UUID) -> HttpResponse:
    """Managers end other memberships; leaving oneself is open to everyone."""
    subject = _member(request, member)
    is_self = subject.pk == request.membership.pk
    if not is_self and not request.may(Ability.MANAGE_PEOPLE):
        raise PermissionDenied("needs manage_people")
    done = f"You left {request.tenant.name}." if is_self else f"{subject.user} is no longer a member."
    has_gone = _act(request, lambda: people.remove(by=request.membership, member=subject), done)
    return redirect("firms") if is_self and has_gone else _back(request)


def _page(request: TenantRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    members = Membership.objects.filter(tenant=request.tenant).select_related("user").order_by("created_at", "pk")
    open_invitations = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("invited_by")
    context = {
        "form": form,
        "members": members,
        "invitations": open_invitations.order_by("created_at", "pk"),
        "may_manage": request.may(Ability.MANAGE_PEOPLE),
        "roles": [(role.value, LABELS[role]) for role in people.grantable_roles(request.membership)],
    }
    return render(request, "people/list.html", context, status=status)


def _saved(request: TenantRequest, form: InviteForm) -> Invitation | None:
    if not form.is_valid():
        return None
    if not _may_mail(request, form.cleaned_data["email"]):
        form.add_error("email", _MAILED_ENOUGH)
        return None
    try:
        return people.invite(by=request.membership, email=form.cleaned_data["email"], role=form.cleaned_data["role"])
    except PeopleError as refused:
        form.add_error("email", str(refused))
        return None


def _may_mail(request: TenantRequest, email: str) -> bool:
    """Counts an invitation: a firm must not become a way to fill strangers' letter boxes."""
    to_address = ratelimit.consume(request, action="invite_address", key=email.strip().lower())
    return bool(to_address and ratelimit.consume(request, action="invite", key=str(request.tenant.pk)))


def _mailed(request: TenantRequest, invitation: Invitation) -> HttpResponse:
    if invitation_mail.send(invitation, firm=request.tenant.name, sender=request.user):
        messages.success(request, f"The invitation is on its way to {invitation.email}.")
    else:
        messages.error(
            request,
            f"The mail server did not take the mail to {invitation.email}. Send it again later, from the list below.",
        )
    return _back(request)


def _act(request: TenantRequest, act: Callable[[], None], done: str) -> bool:
    try:
        act()
    except PeopleError as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True


def _open_invitation(public_id: UUID) -> Invitation:
    return get_object_or_404(Invitation, public_id=public_id, accepted_at=None, withdrawn_at=None)


def _member(request: TenantRequest, public_id: UUID) -> Membership:
    members = Membership.objects.select_related("user")
    return get_object_or_404(members, tenant=request.tenant, public_id=public_id)


def _back(request: TenantRequest) -> HttpResponse:
    return redirect("people", tenant=request.tenant.slug)
