import base64
import os
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from integrations.connections.vault import Box, Owner, VaultError, newest_version, seal, unseal


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def an_owner() -> Owner:
    return Owner(tenant=uuid4(), grant=uuid4())


def test_what_was_sealed_opens_for_its_owner_only() -> None:
    owner = an_owner()
    box = seal(b"refresh me", owner=owner)

    assert unseal(box, owner=owner) == b"refresh me"
    assert b"refresh me" not in box.sealed
    for other in (Owner(tenant=uuid4(), grant=owner.grant), Owner(tenant=owner.tenant, grant=uuid4())):
        with pytest.raises(VaultError):
            unseal(box, owner=other)


def test_same_tokens_never_look_the_same() -> None:
    owner = an_owner()

    assert seal(b"x", owner=owner).sealed != seal(b"x", owner=owner).sealed


def test_the_highest_key_seals_and_all_of_them_open(settings: Settings) -> None:
    first, second, owner = a_key(), a_key(), an_owner()
    settings.RIVET_VAULT_KEYS = f"1:{first}"
    old = seal(b"old", owner=owner)

    settings.RIVET_VAULT_KEYS = f"1:{first},2:{second}"

    assert newest_version() == 2
    assert seal(b"new", owner=owner).key_version == 2
    assert unseal(old, owner=owner) == b"old"


def test_a_key_taken_away_is_named(settings: Settings) -> None:
    settings.RIVET_VAULT_KEYS = f"1:{a_key()}"
    owner = an_owner()
    box = seal(b"x", owner=owner)

    settings.RIVET_VAULT_KEYS = f"2:{a_key()}"

    with pytest.raises(VaultError, match="no key 1"):
        unseal(box, owner=owner)


def test_a_box_under_another_version_does_not_open(settings: Settings) -> None:
    key = a_key()
    settings.RIVET_VAULT_KEYS = f"1:{key},2:{key}"
    owner = an_owner()
    box = seal(b"x", owner=owner)

    with pytest.raises(VaultError):
        unseal(Box(sealed=box.sealed, key_version=1), owner=owner)


@pytest.mark.parametrize("damage", [b"", b"short", b"0" * 40])
def test_damage_is_noticed(damage: bytes) -> None:
    with pytest.raises(VaultError):
        unseal(Box(sealed=damage, key_version=newest_version()), owner=an_owner())


@pytest.mark.parametrize("keys", ["", "nonsense", "1:short", "one:AAAA", "1:c2VjcmV0LXNlY3JldC1zZWNyZXQ="])
def test_unusable_keys_are_refused_without_being_repeated(settings: Settings, keys: str) -> None:
    settings.RIVET_VAULT_KEYS = keys

    with pytest.raises(ImproperlyConfigured) as caught:
        newest_version()

    assert "c2VjcmV0" not in str(caught.value)
