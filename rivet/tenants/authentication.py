"""Who is signed in, by e-mail address; tells row-level security which person asks."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
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
