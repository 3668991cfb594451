"""One request, one transaction, one identity.

The settings that row-level security reads live in a transaction, so the request's transaction has to be open before
anyone asks who is signed in. Views that talk to a provider opt out with ``outside_transaction`` and open short
transactions of their own: no database lock may wait for somebody else's server.
"""

from collections.abc import Callable

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from rivet.tenants.context import set_local

#: Sign-in, sign-up, password reset and invitations look people up before anyone is signed in.
ACCOUNT_PREFIXES = ("/accounts/", "/sign-up/", "/invitations/")


def outside_transaction[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Mark a view that opens its own transactions because it calls a provider."""
    view.outside_transaction = True  # type: ignore[attr-defined]  # functions carry attributes
    return view


class RequestTransactionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._answer(request)
        except OperationalError:
            # The database is restarting or its pool is exhausted: say so, and ask the browser to come back.
            response = render(request, "errors/503.html", status=503)
            response["Retry-After"] = "5"
            return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if _opts_out(request.path_info):
            return self.get_response(request)
        with transaction.atomic():
            if request.path_info.startswith(ACCOUNT_PREFIXES):
                set_local("rivet.signing_in", "on")
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def _opts_out(path: str) -> bool:
    try:
        view = resolve(path).func
    except Resolver404:
        return True
    return bool(getattr(view, "outside_transaction", False))
