"""What a person does in QuickBooks' own pages, and what an application then sees."""

from typing import Any

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, a_journal, a_payment, an_invoice
from tests.sandbox.receiving import listening, until
from tests.sandbox.running import Running


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def _merge(books: Books, what: str, gone: str, into: str) -> dict[str, Any]:
    facts = {"act": f"merge {what}", "id": gone, "into": into}
    return dict(books.sandbox.control("POST", f"/companies/{books.company}/by-hand", facts)[what])


def test_a_merged_customer_leaves_its_documents_to_the_other(books: Books) -> None:
    into = books.id("Customer", "Northgate School District")
    twin = {"value": books.post("customer", {"DisplayName": "Northgate Schools"})["Id"]}
    invoice = books.post("invoice", an_invoice(books, 90, CustomerRef=twin))["Id"]
    books.post("payment", a_payment(books, 40, ("Invoice", invoice, 40), CustomerRef=twin))
    journal = a_journal(books, ("Debit", "1100", 5), ("Credit", "4000", 5))
    journal["Line"][0]["JournalEntryLineDetail"]["Entity"] = {"Type": "Customer", "EntityRef": twin}
    entry = books.post("journalentry", journal)["Id"]
    assert _merge(books, "customer", twin["value"], into)["Balance"] == 55
    found = books.get(f"invoice/{invoice}")
    assert (found["CustomerRef"], found["SyncToken"]) == ({"value": into, "name": "Northgate School District"}, "2")
    line = books.get(f"journalentry/{entry}")["Line"][0]["JournalEntryLineDetail"]
    assert line["Entity"]["EntityRef"]["value"] == into
    assert books.refused(f"customer/{twin['value']}", None)[1]["code"] == "610"
    assert books.refused("invoice", an_invoice(books, CustomerRef=twin))[1]["code"] == "2500"
    books.post("payment", a_payment(books, 50, ("Invoice", invoice, 50), CustomerRef={"value": into}))
    assert books.get(f"customer/{into}")["Balance"] == 5


def test_applications_are_told_of_a_merger(books: Books) -> None:
    into = books.id("Vendor", "Blue Ridge Drywall")
    gone = books.post("vendor", {"DisplayName": "Blue Ridge"})["Id"]
    bill = books.post("bill", a_bill(books, VendorRef={"value": gone}))["Id"]
    told: list[bytes] = []

    def take(headers: object, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        told.append(raw)
        return 200, {}, b""

    with listening(take) as url:
        hook = books.sandbox.control("POST", "/webhooks", {"provider": "quickbooks", "url": url})["id"]
        _merge(books, "vendor", gone, into)
        until(lambda: bool(told))
        books.sandbox.control("DELETE", f"/webhooks/{hook}")
    assert f'"name":"Bill","id":"{bill}","operation":"Update"'.encode() in told[0]
    assert f'"name":"Vendor","id":"{into}","operation":"Merge"'.encode() in told[0]
    assert f'"deletedId":"{gone}"'.encode() in told[0]
    changed = books.request("GET", "cdc", params={"entities": "Vendor", "changedSince": "2026-11-01"}).json()
    rows = changed["CDCResponse"][0]["QueryResponse"][0]["Vendor"]
    assert [row["Id"] for row in rows if row.get("status") == "Deleted"] == [gone]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"act": "dance"}, "act is one of merge customer, merge vendor"),
        ({"act": "merge vendor", "id": "999999", "into": "1"}, "There is no vendor 999999."),
        ({"act": "merge customer", "id": "parent", "into": "other"}, "Move its jobs first."),
        ({"act": "merge customer", "id": "other", "into": "other"}, "cannot be merged into itself"),
    ],
)
def test_what_cannot_be_merged(books: Books, facts: dict[str, str], words: str) -> None:
    names = {"parent": "Harbor Point Builders", "other": "Northgate School District"}
    given = {key: books.id("Customer", names[value]) if value in names else value for key, value in facts.items()}
    url = f"{books.sandbox.url}/control/companies/{books.company}/by-hand"
    answer = books.sandbox.http.post(url, json=given, timeout=5)
    assert (answer.status_code, words in answer.json()["error"]) == (400, True)
