import logging
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection as database
from django.db.models import F
from pytest_django import Settings
from structlog.testing import capture_logs

from integrations import registry
from integrations.connections import grants, vault
from integrations.connections.models import Connection, Grant, Status
from integrations.ports import Access, AccessLostError, TokenRefusedError, UnavailableError
from rivet import clock
from rivet.tenants.context import tenant_transaction
from rivet.tenants.fields import RivetNow
from tests.integration.connections.conftest import at_once, expire, refreshes
from tests.integration.connections.consenting import Person
from tests.sandbox.running import Running


def grant_of(connection: Connection) -> Grant:
    with tenant_transaction(connection.tenant_id):
        found: Grant = Grant.objects.select_related("tenant").get(pk=connection.grant_id)
    return found


def company_name(connection: Connection, access: Access) -> str:
    return registry.provider(connection.provider).company(access).name


def status(connection: Connection) -> tuple[str, str]:
    with tenant_transaction(connection.tenant_id):
        fresh = Connection.objects.get(pk=connection.pk)
    return fresh.status, fresh.problem_code


def test_a_living_token_is_used_as_it_is(books: Connection, vendors: Running) -> None:
    before = refreshes(vendors)

    access = grants.access(books)

    assert company_name(books, access) == books.company_name
    assert refreshes(vendors) == before


def test_a_token_about_to_end_is_renewed_first(books: Connection, vendors: Running) -> None:
    old, before = grants.access(books), refreshes(vendors)
    expire(books)

    new = grants.access(books)

    assert new.access_token != old.access_token
    assert refreshes(vendors) == before + 1
    assert company_name(books, new) == books.company_name
    assert grant_of(books).refreshing_since is None


def test_a_storm_of_workers_costs_one_token_request(books: Connection, vendors: Running) -> None:
    expire(books)
    before = refreshes(vendors)

    tokens = at_once(200, lambda: grants.access(books).access_token)

    assert refreshes(vendors) == before + 1
    assert len(set(tokens)) == 1
    assert company_name(books, grants.access(books)) == books.company_name


def test_a_refused_token_is_renewed_once_for_all_it_was_refused_to(books: Connection, vendors: Running) -> None:
    refused, before = grants.access(books), refreshes(vendors)
    vendors.control("POST", f"/companies/{books.external_id}/expire-tokens")
    with pytest.raises(TokenRefusedError):
        company_name(books, refused)

    tokens = at_once(20, lambda: grants.renew(books, refused=refused).access_token)

    assert refreshes(vendors) == before + 1
    assert set(tokens) == {grants.access(books).access_token} != {refused.access_token}


def test_reading_renews_a_refused_token_by_itself(books: Connection, vendors: Running) -> None:
    vendors.control("POST", f"/companies/{books.external_id}/expire-tokens")

    name = grants.using(books, lambda access: company_name(books, access))

    assert name == books.company_name


def test_nobody_waits_for_a_dead_worker_for_ever(books: Connection, vendors: Running) -> None:
    """It died after the provider had rotated the token and before the new one was stored."""
    registry.consenter("quickbooks").refresh(grants.tokens_of(books), now=clock.now())
    expire(books)
    with tenant_transaction(books.tenant_id):
        Grant.objects.filter(pk=books.grant_id).update(
            refreshing_since=RivetNow() - timedelta(seconds=61), refreshing_by=books.public_id
        )

    access = grants.access(books)

    assert company_name(books, access) == books.company_name
    assert grant_of(books).refreshing_since is None


def test_a_living_holder_is_waited_for_and_not_robbed(
    books: Connection, vendors: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "_PATIENCE_SECONDS", 0.3)
    expire(books)
    with tenant_transaction(books.tenant_id):
        Grant.objects.filter(pk=books.grant_id).update(refreshing_since=RivetNow(), refreshing_by=books.public_id)
    before = refreshes(vendors)

    with pytest.raises(UnavailableError, match="another worker"):
        grants.access(books)

    assert refreshes(vendors) == before
    assert status(books) == (Status.CONNECTED, "")


def test_who_waits_takes_what_the_holder_stored(books: Connection) -> None:
    expire(books)
    tokens = grants.tokens_of(books)
    with tenant_transaction(books.tenant_id):
        Grant.objects.filter(pk=books.grant_id).update(refreshing_since=RivetNow(), refreshing_by=books.public_id)
    fresh = replace(tokens, access_token="stored-by-the-holder", access_expires_at=clock.now() + timedelta(hours=1))

    def finish() -> None:
        try:
            grants._store(grant_of(books), fresh, books.public_id)
        finally:
            database.close()

    holder = threading.Timer(0.3, finish)
    holder.start()
    access = grants.access(books)
    holder.join()

    assert access.access_token == "stored-by-the-holder"


def test_a_robbed_holder_that_wakes_up_overwrites_nothing_newer(books: Connection) -> None:
    stale = grant_of(books)
    late = replace(grants.tokens_of(books), access_token="too-late")
    expire(books)
    newer = grants.access(books)

    grants._store(stale, late, books.public_id)

    assert grants.access(books) == newer


def test_a_robbed_holder_saves_the_pair_that_nobody_else_has(books: Connection) -> None:
    stale = grant_of(books)
    only = replace(grants.tokens_of(books), access_token="the-only-good-one")
    with tenant_transaction(books.tenant_id):
        Grant.objects.filter(pk=books.grant_id).update(refreshing_since=RivetNow(), refreshing_by=stale.public_id)

    grants._store(stale, only, books.public_id)

    assert grants.access(books).access_token == "the-only-good-one"
    # The robber still holds its claim and ends it itself.
    assert grant_of(books).refreshing_by == stale.public_id


def test_invalid_grant_stops_the_connection_and_says_why(books: Connection, vendors: Running) -> None:
    vendors.control("POST", f"/companies/{books.external_id}/revoke-grants")
    expire(books)

    with pytest.raises(AccessLostError) as lost:
        grants.access(books)

    assert lost.value.code == "CON-01"
    assert status(books) == (Status.NEEDS_REAUTHORIZATION, "CON-01")
    assert grant_of(books).refreshing_since is None


def test_a_lost_grant_is_not_asked_again(books: Connection, vendors: Running) -> None:
    vendors.control("POST", f"/companies/{books.external_id}/revoke-grants")
    expire(books)
    with pytest.raises(AccessLostError):
        grants.access(books)
    before = refreshes(vendors)

    with pytest.raises(AccessLostError):
        grants.access(books)

    assert refreshes(vendors) == before


def test_invalid_grant_after_a_sibling_rotated_is_no_loss(books: Connection, vendors: Running) -> None:
    expire(books)
    stale = grants._read(books)
    renewed = grants.access(books)
    vendors.control("POST", "/faults", {"operation": "refresh", "act": {"kind": "invalid_grant"}, "times": 1})

    current = grants._renew(stale, books.public_id)

    assert current.access == renewed
    assert status(books) == (Status.CONNECTED, "")


def test_a_lost_answer_is_asked_for_again_with_the_same_token(books: Connection, vendors: Running) -> None:
    vendors.control(
        "POST",
        "/faults",
        {"operation": "refresh", "act": {"kind": "status", "status": 503, "when": "after"}, "times": 1},
    )
    expire(books)
    before = refreshes(vendors)

    access = grants.access(books)

    assert refreshes(vendors) == before + 2
    assert company_name(books, access) == books.company_name


def test_a_provider_that_stays_silent_loses_nothing(books: Connection, vendors: Running) -> None:
    vendors.control("POST", "/faults", {"operation": "refresh", "act": {"kind": "status", "status": 503}})
    expire(books)

    with pytest.raises(UnavailableError):
        grants.access(books)

    assert status(books) == (Status.CONNECTED, "")
    assert grant_of(books).refreshing_since is None
    vendors.control("DELETE", "/faults")
    assert company_name(books, grants.access(books)) == books.company_name


def test_a_renewal_inside_a_transaction_is_refused(books: Connection) -> None:
    expire(books)

    with tenant_transaction(books.tenant_id), pytest.raises(RuntimeError, match="leave the transaction"):
        grants.access(books)


def test_another_host_in_the_settings_stops_sending(books: Connection, settings: Settings) -> None:
    settings.QUICKBOOKS_API_URL = "https://quickbooks.api.intuit.com"

    with pytest.raises(AccessLostError) as lost:
        grants.using(books, lambda access: company_name(books, access))

    assert lost.value.code == "CON-10"
    assert status(books) == (Status.ERROR, "CON-10")


def test_a_sealed_token_copied_to_another_grant_does_not_open(
    alice: Person, books: Connection, vendors: Running
) -> None:
    other = alice.connects("quickbooks", vendors.company("quickbooks"))
    mine = grant_of(books)
    with tenant_transaction(books.tenant_id):
        Grant.objects.filter(pk=other.grant_id).update(sealed_tokens=mine.sealed_tokens, key_version=mine.key_version)

    with capture_logs() as lines, pytest.raises(AccessLostError) as lost:
        grants.access(other)

    assert lost.value.code == "CON-08"
    # The card says that those who run Rivet find it in their error log.
    assert [line["log_level"] for line in lines] == ["error"]


def test_no_token_shows_in_repr_columns_or_log(
    books: Connection, vendors: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    expire(books)
    access, tokens = grants.access(books), grants.tokens_of(books)
    with tenant_transaction(books.tenant_id):
        columns = str(Grant.objects.annotate(plain=F("sealed_tokens")).values().get(pk=books.grant_id))

    seen = repr([access, tokens, grant_of(books), grants._read(books)]) + columns + caplog.text

    assert len(access.access_token) > 20
    for secret in (tokens.access_token, tokens.refresh_token):
        assert secret not in seen


def test_a_key_is_rotated_without_signing_anyone_out(
    books: Connection, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.conf import settings as now
    from django.core.management import call_command

    first = now.RIVET_VAULT_KEYS
    second = "2:c2Vjb25kLWtleS1vbmx5LWZvci10ZXN0cy0wMDAwMDE="
    settings.RIVET_VAULT_KEYS = f"{first},{second}"

    call_command("rotate_vault_keys")
    call_command("rotate_vault_keys")

    assert vault.newest_version() == 2
    assert capsys.readouterr().out.splitlines() == [
        "1 grants sealed anew; all of them use key 2 now.",
        "0 grants sealed anew; all of them use key 2 now.",
    ]
    settings.RIVET_VAULT_KEYS = second
    assert company_name(books, grants.access(books)) == books.company_name
