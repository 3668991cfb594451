"""OAuth 2.0 with Intuit: one consent opens one company.

https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings

from integrations import exact_json
from integrations.consent import CompanyChoice, Consent, Departure, TokenSet
from integrations.ports import Access, GrantLostError, ProviderError, UnavailableError
from integrations.quickbooks import lists
from integrations.token_host import TIMEOUT, reaching, token_session

SCOPES = ("com.intuit.quickbooks.accounting", "openid", "profile", "email")
#: Without the second Intuit does not say when a grant ends whatever is done.
_HEADERS = {"Accept": "application/json", "x-include-refresh-token-hard-expires-in": "true"}


class QuickBooksConsenter:
    def depart(self, *, redirect_uri: str, state: str) -> Departure:
        page = _endpoints()["authorization_endpoint"]
        with _session() as session:
            url, _ = session.create_authorization_url(
                page, redirect_uri=redirect_uri, scope=" ".join(SCOPES), state=state
            )
        # Intuit's flow is for confidential clients with a secret and documents no PKCE.
        return Departure(url=url, verifier="")

    def arrive(self, *, params: Mapping[str, str], redirect_uri: str, verifier: str, now: datetime) -> Consent:
        realm = params.get("realmId", "")
        if not realm or not params.get("code"):
            raise GrantLostError("the answer names no company", code="CON-01")
        with _session() as session:
            answer = session.fetch_token(
                _endpoints()["token_endpoint"],
                grant_type="authorization_code",
                code=params["code"],
                redirect_uri=redirect_uri,
                headers=_HEADERS,
                allow_redirects=False,
            )
        tokens = _tokens(answer, now)
        access = Access(api_root=settings.QUICKBOOKS_API_URL, company_id=realm, access_token=tokens.access_token)
        name = lists.company(access).name
        # The tokens open this company only, so the company names the grant.
        return Consent(subject=realm, tokens=tokens, companies=(CompanyChoice(external_id=realm, name=name),))

    def refresh(self, tokens: TokenSet, *, now: datetime) -> TokenSet:
        with _session() as session:
            answer = session.refresh_token(
                _endpoints()["token_endpoint"],
                refresh_token=tokens.refresh_token,
                headers=_HEADERS,
                allow_redirects=False,
            )
        return _tokens(answer, now)

    def revoke(self, tokens: TokenSet) -> None:
        with reaching():
            # A document, where RFC 7009, and with it Authlib, has a form.
            response = requests.post(
                _endpoints()["revocation_endpoint"],
                auth=(settings.QUICKBOOKS_CLIENT_ID, settings.QUICKBOOKS_CLIENT_SECRET),
                headers=_HEADERS,
                json={"token": tokens.refresh_token},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        # 400 means the pair is dead already, which is what was wanted.
        if response.status_code not in {200, 400}:
            raise UnavailableError(f"Intuit answered {response.status_code}", status=response.status_code)

    def disconnect(self, access: Access, *, connection_id: str) -> None:
        """A consent is for one company, so revoking the grant is all there is."""


@cache
def _discovered(url: str) -> Mapping[str, str]:
    try:
        response = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        document = exact_json.loads(response.content)
        names = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")
        return {name: str(document[name]) for name in names}
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise UnavailableError(f"Intuit's discovery document could not be read: {type(error).__name__}") from error


def _endpoints() -> Mapping[str, str]:
    """The discovery document, read once: Intuit's SDK reads it in every constructor, without a time-out."""
    return _discovered(settings.QUICKBOOKS_DISCOVERY_URL)


def _session() -> AbstractContextManager[OAuth2Session]:
    return token_session(settings.QUICKBOOKS_CLIENT_ID, settings.QUICKBOOKS_CLIENT_SECRET, _refused)


def _refused(status: int, answer: Mapping[str, Any]) -> ProviderError:
    words = str(answer.get("error_description") or answer.get("error") or status)
    if answer.get("x_error_reason") == "user_not_in_realm":
        return GrantLostError(words, code="CON-02")
    if answer.get("error") == "invalid_grant":
        return GrantLostError(words, code="CON-01")
    return UnavailableError(f"Intuit answered {status}: {words}", status=status)


def _tokens(answer: Mapping[str, Any], now: datetime) -> TokenSet:
    def until(name: str) -> datetime:
        return now + timedelta(seconds=int(answer[name]))

    try:
        hard = until("x_refresh_token_hard_expires_in") if "x_refresh_token_hard_expires_in" in answer else None
        return TokenSet(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer["refresh_token"]),
            access_expires_at=until("expires_in"),
            refresh_expires_at=until("x_refresh_token_expires_in"),
            hard_expires_at=hard,
            scopes=SCOPES,
        )
    except (KeyError, ValueError) as error:
        raise UnavailableError("Intuit's answer holds no tokens") from error


CONSENTER = QuickBooksConsenter()
