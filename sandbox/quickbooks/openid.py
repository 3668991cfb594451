"""Intuit's id token."""

from sandbox.jwt import Signer


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
