"""Signed id tokens and the key to check them with."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_ID = "sandbox-1"


class Signer:
    """An RSA key made when the first token is signed; it lives as long as the process."""

    def __init__(self) -> None:
        self._key: rsa.RSAPrivateKey | None = None

    @property
    def key(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self._key

    def jwks(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "kid": KEY_ID,
                    "alg": "RS256",
                    "use": "sig",
                    "n": _base64url(numbers.n.to_bytes(256)),
                    "e": _base64url(numbers.e.to_bytes(3)),
                }
            ]
        }

    def id_token(self, *, issuer: str, client_id: str, user: str, realm: str, now: int) -> str:
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
        signed = f"{_part({'kid': KEY_ID, 'alg': 'RS256'})}.{_part(claims)}"
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64url(signature)}"


def _part(value: dict[str, Any]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
