"""Where tokens rest: AES-GCM, each box bound to the tenant and the grant it was made for.

``RIVET_VAULT_KEYS`` is ``1:base64key,2:base64key``. The highest version seals and all of them open: add a key, run
``rotate_vault_keys``, then take the old one away.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: The size NIST SP 800-38D recommends for GCM.
_NONCE_BYTES = 12


class VaultError(Exception):
    """A box that does not open: another tenant's or grant's, damaged, or sealed with a key nobody has any more."""


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose box it is, by public ids: a copy of the row in another tenant or grant does not open."""

    tenant: UUID
    grant: UUID


@dataclass(frozen=True, kw_only=True)
class Box:
    sealed: bytes
    key_version: int


def seal(plain: bytes, *, owner: Owner) -> Box:
    """Close ``plain`` for its owner with the newest key."""
    keys = _keys(settings.RIVET_VAULT_KEYS)
    version = max(keys)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + keys[version].encrypt(nonce, plain, _bound_to(owner, version))
    return Box(sealed=sealed, key_version=version)


def unseal(box: Box, *, owner: Owner) -> bytes:
    """What was sealed. Raises VaultError; says which key is missing, never what was in the box."""
    key = _keys(settings.RIVET_VAULT_KEYS).get(box.key_version)
    if key is None:
        raise VaultError(f"RIVET_VAULT_KEYS has no key {box.key_version}")
    nonce, closed = box.sealed[:_NONCE_BYTES], box.sealed[_NONCE_BYTES:]
    try:
        return key.decrypt(nonce, closed, _bound_to(owner, box.key_version))
    except (InvalidTag, ValueError) as error:
        raise VaultError("the box was not sealed for this tenant and grant, or is damaged") from error


def newest_version() -> int:
    """The version that seals now."""
    return max(_keys(settings.RIVET_VAULT_KEYS))


def _bound_to(owner: Owner, version: int) -> bytes:
    return owner.tenant.bytes + owner.grant.bytes + version.to_bytes(4)


@cache
def _keys(text: str) -> Mapping[int, AESGCM]:
    keys: dict[int, AESGCM] = {}
    for part in text.split(","):
        version, _, encoded = part.strip().partition(":")
        try:
            keys[int(version)] = AESGCM(base64.b64decode(encoded, validate=True))
        except (ValueError, binascii.Error):
            # Neither the text nor the cause: both would carry the key into the log.
            raise ImproperlyConfigured(
                "RIVET_VAULT_KEYS must read 1:key,2:key with keys of 16, 24 or 32 bytes in base64"
            ) from None
    return keys
