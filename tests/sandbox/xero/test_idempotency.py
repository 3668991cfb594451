"""Keys: one application, one organisation, one request, six minutes."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, tokens


@pytest.fixture
def client(sandbox: Running) -> Client:
    return client_of(sandbox.url)


def put(
    client: Client, raw: bytes, *, key: str = "k", path: str = "Invoices", method: str = "PUT"
) -> requests.Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    return client.call(method, path, data=raw, headers=headers)


BILL = json.dumps({"Invoices": [invoice("B-1", kind="ACCPAY")]}).encode()


def test_the_same_request_gets_the_same_bytes(client: Client) -> None:
    first = put(client, BILL, path="Invoices?summarizeErrors=false&unitdp=4")
    again = put(client, BILL, path="invoices?unitdp=4&summarizeErrors=false")
    assert (first.status_code, first.content) == (200, again.content)
    assert len(client.documents()) == 1


@pytest.mark.parametrize(
    ("raw", "path", "method"),
    [
        (BILL + b" ", "Invoices", "PUT"),
        (BILL, "Invoices?summarizeErrors=false", "PUT"),
        (BILL, "CreditNotes", "PUT"),
        (BILL, "Invoices", "POST"),
    ],
)
def test_another_request_is_refused_even_by_a_byte(client: Client, raw: bytes, path: str, method: str) -> None:
    assert put(client, BILL).status_code == 200
    refused = put(client, raw, path=path, method=method)
    assert refused.status_code == 400
    assert refused.json()["Message"] == "Idempotency Key: k is used with a different request."
    assert len(client.documents()) == 1


def test_another_organisation_has_keys_of_its_own(client: Client) -> None:
    other = client_of(client.url)
    put(client, BILL)
    assert put(other, BILL + b" ").status_code == 200
    assert (len(client.documents()), len(other.documents())) == (1, 1)


def test_a_key_lives_six_minutes_whichever_way_the_clock_goes(client: Client, sandbox: Running) -> None:
    put(client, BILL)
    sandbox.control("PUT", "/clock", {"offset_seconds": 350})
    put(client, BILL)
    assert len(client.documents()) == 1
    sandbox.control("PUT", "/clock", {"offset_seconds": 361})
    put(client, BILL)
    assert len(client.documents()) == 2
    sandbox.control("PUT", "/clock", {"offset_seconds": 0})
    put(client, BILL)
    assert len(client.documents()) == 3


def test_the_same_request_many_times_at_once_is_carried_out_once(client: Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = {answer.content for answer in pool.map(lambda _: put(client, BILL), range(16))}
    assert len(found) == len(client.documents()) == 1


def test_what_was_never_carried_out_leaves_its_key_free(client: Client, sandbox: Running) -> None:
    """A lost request, an outage and a used-up token keep nothing: the whole request may come again."""
    for act in ({"kind": "drop"}, {"kind": "code", "code": "503"}, {"kind": "expired_token"}):
        rule = {"provider": "xero", "company": client.tenant, "times": 1, "act": act}
        sandbox.control("POST", "/faults", rule)
        if act["kind"] == "drop":
            with pytest.raises(requests.ConnectionError):
                put(client, BILL)
        else:
            assert put(client, BILL).status_code >= 400
    sandbox.control("POST", f"/companies/{client.tenant}/expire-tokens")
    assert put(client, BILL).status_code == 401
    client.token = tokens(client.url, [client.tenant])["access_token"]
    assert put(client, BILL).status_code == 200
    assert len(client.documents()) == 1
