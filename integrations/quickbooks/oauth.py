"""OAuth 2.0 with Intuit: one consent opens one company.

https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings

from integrations import exact_json
from integrations.ports import (
    Access,
    CompanyChoice,
    Consent,
    Departure,
    GrantLostError,
    NotSentError,
    ProviderError,
    TokenSet,
    UnavailableError,
)
from integrations.quickbooks import lists

SCOPES = ("com.intuit.quickbooks.accounting", "openid", "profile", "email")
#: Connect and read: the token host answers within a second or is in trouble.
_TIMEOUT = (5, 10)


class QuickBooksConsenter:
    def depart(self, *, redirect_uri: str, state: str) -> Departure:
        query = {
            "client_id": settings.QUICKBOOKS_CLIENT_ID,
            "scope": " ".join(SCOPES),
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "state": state,
        }
        # Intuit's flow is for confidential clients with a secret and documents no PKCE.
        return Departure(url=f"{_endpoints()['authorization_endpoint']}?{urlencode(query)}", verifier="")

    def arrive(self, *, params: Mapping[str, str], redirect_uri: str, verifier: str, now: datetime) -> Consent:
        realm = params.get("realmId", "")
        if not realm or not params.get("code"):
            raise GrantLostError("the answer names no company", code="CON-01")
        form = {"grant_type": "authorization_code", "code": params["code"], "redirect_uri": redirect_uri}
        tokens = _tokens(_ask(form), now)
        access = Access(api_root=settings.QUICKBOOKS_API_URL, company_id=realm, access_token=tokens.access_token)
        name = lists.company(access).name
        # The tokens open this company only, so the company names the grant.
        return Consent(subject=realm, tokens=tokens, companies=(CompanyChoice(external_id=realm, name=name),))

    def refresh(self, tokens: TokenSet, *, now: datetime) -> TokenSet:
        return _tokens(_ask({"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}), now)

    def revoke(self, tokens: TokenSet) -> None:
        response = _post(_endpoints()["revocation_endpoint"], json={"token": tokens.refresh_token})
        # 400 means the pair is dead already, which is what was wanted.
        if response.status_code not in {200, 400}:
            raise UnavailableError(f"Intuit answered {response.status_code}", status=response.status_code)

    def disconnect(self, access: Access, *, connection_id: str) -> None:
        """A consent is for one company, so revoking the grant is all there is."""


@cache
def _discovered(url: str) -> Mapping[str, str]:
    try:
        response = requests.get(url, timeout=_TIMEOUT, allow_redirects=False)
        document = exact_json.loads(response.content)
        names = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")
        return {name: str(document[name]) for name in names}
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise UnavailableError(f"Intuit's discovery document could not be read: {type(error).__name__}") from error


def _endpoints() -> Mapping[str, str]:
    """The discovery document, read once: Intuit's SDK reads it in every constructor, without a time-out."""
    return _discovered(settings.QUICKBOOKS_DISCOVERY_URL)


def _post(url: str, **content: Any) -> requests.Response:
    try:
        return requests.post(
            url,
            auth=(settings.QUICKBOOKS_CLIENT_ID, settings.QUICKBOOKS_CLIENT_SECRET),
            headers={"Accept": "application/json", "x-include-refresh-token-hard-expires-in": "true"},
            timeout=_TIMEOUT,
            allow_redirects=False,
            **content,
        )
    except requests.ConnectTimeout as error:
        raise NotSentError(type(error).__name__) from error
    except requests.RequestException as error:
        raise UnavailableError(type(error).__name__) from error


def _ask(form: Mapping[str, str]) -> dict[str, Any]:
    response = _post(_endpoints()["token_endpoint"], data=form)
    try:
        answer = exact_json.loads(response.content)
    except ValueError as error:
        raise UnavailableError(f"Intuit answered {response.status_code} without JSON") from error
    if response.status_code == 200 and isinstance(answer, dict):
        return answer
    raise _refused(response.status_code, answer if isinstance(answer, dict) else {})


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
