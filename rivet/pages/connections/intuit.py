"""The two addresses Intuit sends people to by itself: its reconnect links, and after a disconnect on its side."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from integrations.connections.models import Connection
from rivet.tenants.context import set_local, tenant_transaction
from rivet.tenants.middleware import outside_transaction
from rivet.tenants.models import Membership, User


@require_GET
@never_cache
@outside_transaction
@login_required
def reconnect(request: HttpRequest) -> HttpResponse:
    """From Intuit's e-mail or app card: to the connection of that company, whose Reconnect button starts a consent."""
    person = cast(User, request.user)
    for membership in _memberships(person):
        with tenant_transaction(membership.tenant_id):
            found = Connection.objects.filter(provider="quickbooks", external_id=request.GET.get("realmId", "")).first()
        if found is not None:
            return redirect("connections:detail", tenant=membership.tenant.slug, connection=found.public_id)
    return _which_firm(request, person, "connections/reconnect.html")


@require_GET
@never_cache
@outside_transaction
@login_required
def disconnected(request: HttpRequest) -> HttpResponse:
    """Somebody ended the connection inside QuickBooks. Anyone may open this address, so it changes nothing here."""
    return _which_firm(request, cast(User, request.user), "connections/disconnected.html")


def _which_firm(request: HttpRequest, person: User, template: str) -> HttpResponse:
    return render(request, template, {"firms": [membership.tenant for membership in _memberships(person)]})


def _memberships(person: User) -> list[Membership]:
    with transaction.atomic():
        set_local("rivet.user_id", str(person.pk))
        mine = Membership.objects.select_related("tenant").filter(user=person)
        return list(mine.order_by("tenant__name"))
