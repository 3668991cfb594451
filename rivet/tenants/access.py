"""The door of every tenant page: signed in, a member, and allowed. Strangers get what a missing tenant gives."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from rivet.tenants.context import serving, set_local
from rivet.tenants.middleware import outside_transaction
from rivet.tenants.models import Membership, Tenant, User
from rivet.tenants.roles import Ability, Role, may

P = ParamSpec("P")


class TenantRequest(HttpRequest):
    """A request that passed the door: ``tenant``, ``membership`` and ``user`` are set and belong together."""

    user: User
    tenant: Tenant
    membership: Membership
    htmx: HtmxDetails

    def may(self, ability: Ability) -> bool:
        return may(Role(self.membership.role), ability)


TenantView = Callable[Concatenate[TenantRequest, P], HttpResponseBase]


def tenant_page(
    ability: Ability = Ability.READ, *, calls_provider: bool = False
) -> Callable[[TenantView[P]], Callable[..., HttpResponseBase]]:
    """Open a view to members with ``ability``; the view gets a TenantRequest and runs in the tenant's transaction.

    With ``calls_provider`` the view runs outside any transaction and opens ``tenant_transaction`` itself.
    """

    def decorate(view: TenantView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        @never_cache
        def answer(request: HttpRequest, tenant: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            admitted = _admit(request, tenant, ability)
            if calls_provider:
                return view(admitted, *args, **kwargs)
            with serving(admitted.tenant.pk):
                return view(admitted, *args, **kwargs)

        return outside_transaction(answer) if calls_provider else answer

    return decorate


def _admit(request: HttpRequest, slug: str, ability: Ability) -> TenantRequest:
    with transaction.atomic(savepoint=False):
        set_local("rivet.user_id", str(request.user.pk))
        membership = (
            Membership.objects.select_related("tenant").filter(user=cast(User, request.user), tenant__slug=slug).first()
        )
    if membership is None:
        raise Http404
    role = Role(membership.role)
    if not may(role, ability):
        raise PermissionDenied(f"needs {ability.value}")
    # The class is a typing aid: Django has already made the request it will hand to templates.
    admitted = cast(TenantRequest, request)
    admitted.membership, admitted.tenant = membership, membership.tenant
    admitted.may = partial(may, role)  # type: ignore[method-assign]  # bound to this request's role
    return admitted


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    to_sign_in = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        # A sign-in form inside a table row helps nobody: send the whole page there.
        return HttpResponseClientRedirect(to_sign_in.url)
    return to_sign_in
