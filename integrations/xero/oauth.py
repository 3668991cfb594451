"""OAuth 2.0 with Xero: one person's consent may open several organisations.

https://developer.xero.com/documentation/guides/oauth2/auth-flow/
"""

import base64
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings

from integrations import exact_json
from integrations.consent import CompanyChoice, Consent, Departure, TokenSet
from integrations.ports import Access, GrantLostError, ProviderError, UnavailableError
from integrations.token_host import TIMEOUT, reaching, token_session

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
#: RFC 7636 takes 43 to 128 letters.
_VERIFIER_LENGTH = 64


class XeroConsenter:
    def depart(self, *, redirect_uri: str, state: str) -> Departure:
        verifier = generate_token(_VERIFIER_LENGTH)
        with _session() as session:
            url, _ = session.create_authorization_url(
                settings.XERO_AUTHORIZE_URL,
                redirect_uri=redirect_uri,
                scope=" ".join(SCOPES),
                state=state,
                code_verifier=verifier,
            )
        return Departure(url=url, verifier=verifier)

    def arrive(self, *, params: Mapping[str, str], redirect_uri: str, verifier: str, now: datetime) -> Consent:
        with _session() as session:
            answer = session.fetch_token(
                settings.XERO_TOKEN_URL,
                grant_type="authorization_code",
                code=params.get("code", ""),
                redirect_uri=redirect_uri,
                code_verifier=verifier,
                allow_redirects=False,
            )
        tokens = _tokens(answer, now)
        claims = _claims(tokens.access_token)
        return Consent(
            subject=str(claims["xero_userid"]),
            tokens=tokens,
            companies=_companies(tokens.access_token, str(claims["authentication_event_id"])),
        )

    def refresh(self, tokens: TokenSet, *, now: datetime) -> TokenSet:
        with _session() as session:
            answer = session.refresh_token(
                settings.XERO_TOKEN_URL, refresh_token=tokens.refresh_token, allow_redirects=False
            )
        return _tokens(answer, now)

    def revoke(self, tokens: TokenSet) -> None:
        with _session() as session:
            response = session.revoke_token(  # type: ignore[no-untyped-call]  # the stubs give it no types
                settings.XERO_REVOKE_URL, token=tokens.refresh_token, allow_redirects=False
            )
        if response.status_code not in {200, 400}:
            raise UnavailableError(f"Xero answered {response.status_code}", status=response.status_code)

    def disconnect(self, access: Access, *, connection_id: str) -> None:
        headers = {"Authorization": f"Bearer {access.access_token}"}
        response = _request("DELETE", f"{settings.XERO_API_URL}/connections/{connection_id}", headers=headers)
        # 404: somebody ended it in Xero already, which is what was wanted.
        if response.status_code not in {200, 204, 404}:
            raise UnavailableError(f"Xero answered {response.status_code}", status=response.status_code)


def _session() -> AbstractContextManager[OAuth2Session]:
    return token_session(settings.XERO_CLIENT_ID, settings.XERO_CLIENT_SECRET, _refused, code_challenge_method="S256")


def _refused(status: int, answer: Mapping[str, Any]) -> ProviderError:
    error = str(answer.get("error", ""))
    if error == "invalid_grant":
        return GrantLostError(error, code="CON-01")
    return UnavailableError(f"Xero answered {status}: {error}", status=status)


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
    with reaching():
        return requests.request(method, url, timeout=TIMEOUT, allow_redirects=False, **content)


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
