"""Intuit's id token, and what is told of the person behind a token."""

from collections.abc import Collection
from typing import Any

from sandbox.jwt import Signer

HOME = {
    "streetAddress": "12 Foundry Road",
    "locality": "Portland",
    "region": "OR",
    "postalCode": "97201",
    "country": "US",
}


def id_token(signer: Signer, *, issuer: str, client_id: str, user: str, realm: str, now: int) -> str:
    """RS256; `aud` is a list, as Intuit's own check expects."""
    claims = {
        "sub": user.split("@")[0],
        "aud": [client_id],
        "realmid": realm,
        "auth_time": now,
        "iss": issuer,
        "exp": now + 3600,
        "iat": now,
    }
    return signer.sign(claims)


def person(user: str, scopes: Collection[str]) -> dict[str, Any]:
    """The answer of the userinfo endpoint: as much of it as the user agreed to."""
    name = user.split("@")[0]
    told: dict[str, dict[str, Any]] = {
        "email": {"email": user, "emailVerified": True},
        "profile": {"givenName": name.title(), "familyName": "Example"},
        "phone": {"phoneNumber": "+1 5035550100", "phoneNumberVerified": False},
        "address": {"address": HOME},
    }
    shown = (facts for scope, facts in told.items() if scope in scopes)
    return {"sub": name} | {key: value for facts in shown for key, value in facts.items()}
