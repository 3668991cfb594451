"""Who is signed in, by e-mail address; tells row-level security which person asks."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from rivet.tenants.context import set_local
from rivet.tenants.models import User


class EmailBackend(AuthenticationBackend):
    """allauth's e-mail sign-in; loading the signed-in person also names them to the database."""

    def get_user(self, user_id: Any) -> User | None:
        with transaction.atomic(savepoint=False):
            set_local("rivet.user_id", str(user_id))
            return User.objects.filter(pk=user_id, is_active=True).first()


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened on Rivet's own sign-up page, which creates the firm as well."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def client_ip(request: HttpRequest) -> str | None:
    """Where a request comes from: axes counts wrong passwords by the same address as allauth counts requests."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # no address at all: nothing came over a network
        return None
