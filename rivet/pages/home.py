"""The first page: a firm's own when somebody is signed in, else what Rivet is."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from rivet.tenants.models import Membership, User


@never_cache
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/product.html")
    memberships = _memberships(request.user)[:2]
    if len(memberships) == 1:
        return redirect("exceptions:list", tenant=memberships[0].tenant.slug)
    return redirect("firms")


@login_required
@never_cache
def firms(request: HttpRequest) -> HttpResponse:
    return render(request, "home/firms.html", {"memberships": _memberships(cast(User, request.user))})


def _memberships(user: User) -> list[Membership]:
    return list(Membership.objects.filter(user=user).select_related("tenant").order_by("tenant__name", "pk"))
