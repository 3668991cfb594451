"""OAuth 2.0 with Xero: one person's consent may open several organisations.

https://developer.xero.com/documentation/guides/oauth2/auth-flow/
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
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
    TokenSet,
    UnavailableError,
)

SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.invoices",
    "accounting.payments",
    "accounting.manualjournals",
    "accounting.contacts",
    "accounting.settings.read",
    "accounting.attachments",
)
#: A refresh token dies when nobody used it for this long; Xero does not say so in the answer.
_REFRESH_LIFETIME = timedelta(days=60)
_TIMEOUT = (5, 10)


class XeroConsenter:
    def depart(self, *, redirect_uri: str, state: str) -> Departure:
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": settings.XERO_CLIENT_ID,
            "redirect_uri": redirect_uri,
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return Departure(url=f"{settings.XERO_AUTHORIZE_URL}?{urlencode(query)}", verifier=verifier)

    def arrive(self, *, params: Mapping[str, str], redirect_uri: str, verifier: str, now: datetime) -> Consent:
        form = {
            "grant_type": "authorization_code",
            "code": params.get("code", ""),
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        tokens = _tokens(_ask(form), now)
        claims = _claims(tokens.access_token)
        return Consent(
            subject=str(claims["xero_userid"]),
            tokens=tokens,
            companies=_companies(tokens.access_token, str(claims["authentication_event_id"])),
        )

    def refresh(self, tokens: TokenSet, *, now: datetime) -> TokenSet:
        return _tokens(_ask({"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}), now)

    def revoke(self, tokens: TokenSet) -> None:
        response = _request("POST", settings.XERO_REVOKE_URL, auth=_client(), data={"token": tokens.refresh_token})
        if response.status_code not in {200, 400}:
            raise UnavailableError(f"Xero answered {response.status_code}", status=response.status_code)

    def disconnect(self, access: Access, *, connection_id: str) -> None:
        headers = {"Authorization": f"Bearer {access.access_token}"}
        response = _request("DELETE", f"{settings.XERO_API_URL}/connections/{connection_id}", headers=headers)
        # 404: somebody ended it in Xero already, which is what was wanted.
        if response.status_code not in {200, 204, 404}:
            raise UnavailableError(f"Xero answered {response.status_code}", status=response.status_code)


def _client() -> tuple[str, str]:
    return settings.XERO_CLIENT_ID, settings.XERO_CLIENT_SECRET


def _companies(access_token: str, event: str) -> tuple[CompanyChoice, ...]:
    """The organisations granted in this very flow: the list holds every one this person ever granted."""
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    url = f"{settings.XERO_API_URL}/connections?{urlencode({'authEventId': event})}"
    response = _request("GET", url, headers=headers)
    rows = _json(response)
    if response.status_code != 200 or not isinstance(rows, list):
        raise UnavailableError(f"Xero answered {response.status_code}", status=response.status_code)
    return tuple(
        CompanyChoice(external_id=row["tenantId"], name=row["tenantName"], connection_id=row["id"])
        for row in rows
        if row.get("tenantType") == "ORGANISATION"
    )


def _request(method: str, url: str, **content: Any) -> requests.Response:
    try:
        return requests.request(method, url, timeout=_TIMEOUT, allow_redirects=False, **content)
    except requests.ConnectTimeout as error:
        raise NotSentError(type(error).__name__) from error
    except requests.RequestException as error:
        raise UnavailableError(type(error).__name__) from error


def _ask(form: Mapping[str, str]) -> dict[str, Any]:
    response = _request("POST", settings.XERO_TOKEN_URL, auth=_client(), data=form)
    answer = _json(response)
    if response.status_code == 200 and isinstance(answer, dict):
        return answer
    error = str(answer.get("error", "")) if isinstance(answer, dict) else ""
    if error == "invalid_grant":
        raise GrantLostError(error, code="CON-01")
    raise UnavailableError(f"Xero answered {response.status_code}: {error}", status=response.status_code)


def _json(response: requests.Response) -> Any:
    try:
        return exact_json.loads(response.content)
    except ValueError:
        return None


def _tokens(answer: Mapping[str, Any], now: datetime) -> TokenSet:
    try:
        return TokenSet(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer["refresh_token"]),
            access_expires_at=now + timedelta(seconds=int(answer["expires_in"])),
            refresh_expires_at=now + _REFRESH_LIFETIME,
            hard_expires_at=None,
            scopes=tuple(str(answer.get("scope", "")).split()),
        )
    except (KeyError, ValueError) as error:
        raise UnavailableError("Xero's answer holds no tokens") from error


def _claims(access_token: str) -> dict[str, Any]:
    """The claims of a token that came straight from Xero over TLS, so its signature adds nothing."""
    try:
        part = access_token.split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return {name: claims[name] for name in ("xero_userid", "authentication_event_id")}
    except (IndexError, ValueError, KeyError) as error:
        raise UnavailableError("Xero's access token names nobody") from error


CONSENTER = XeroConsenter()
