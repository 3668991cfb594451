from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.xero.browser import Client, client_of, invoice, line


@pytest.fixture
def client(sandbox_url: str) -> Client:
    return client_of(sandbox_url)


@pytest.fixture
def new_zealand(sandbox_url: str) -> Client:
    return client_of(sandbox_url, version="NZ", base_currency="NZD")


def test_an_invoice_comes_back_complete(client: Client) -> None:
    answer = client.call("PUT", "Invoices", invoice(None, Reference="PO 7", Url="https://rivet.example/i/1"))
    assert answer.status_code == 200
    assert answer.headers["Xero-Correlation-Id"] == answer.json()["Id"]
    assert b'"DateTimeUTC":"\\/Date(' in answer.content
    found = answer.json()["Invoices"][0]
    assert found["InvoiceNumber"] == "INV-0001" and found["AmountDue"] == 100.0
    assert found["Date"] == "/Date(1790812800000+0000)/" and found["DueDateString"] == "2026-10-31T00:00:00"
    assert [phone["PhoneType"] for phone in found["Contact"]["Phones"]] == ["DEFAULT", "DDI", "FAX", "MOBILE"]
    assert found["LineItems"][0]["LineItemID"] and found["LineItems"][0]["AccountID"]
    assert client.balances() == {"610": Decimal(100), "200": Decimal(-100)}


def test_drafts_stay_out_of_the_books(client: Client) -> None:
    found = client.one("PUT", "Invoices", invoice("A-1", status="DRAFT"))
    assert client.balances() == {}
    client.good("POST", f"Invoices/{found['InvoiceID']}", {"Status": "AUTHORISED"})
    assert client.balances() == {"610": Decimal(100), "200": Decimal(-100)}
    client.good("POST", f"Invoices/{found['InvoiceID']}", {"Status": "VOIDED"})
    assert client.balances() == {}


def test_a_progress_invoice_with_a_retention_line(new_zealand: Client) -> None:
    lines = [line("10000.00", TaxType="OUTPUT2"), line("-1000.00", "615", TaxType="OUTPUT2")]
    found = new_zealand.one("PUT", "Invoices", invoice("PA-1", LineItems=lines))
    assert (found["SubTotal"], found["TotalTax"], found["Total"]) == (9000.0, 1350.0, 10350.0)
    assert new_zealand.balances() == {
        "610": Decimal(10350),
        "200": Decimal(-10000),
        "615": Decimal(1000),
        "820": Decimal(-1350),
    }


def test_bills_may_share_their_number(client: Client) -> None:
    for _ in range(2):
        client.good("PUT", "Invoices", invoice("SUP-1", kind="ACCPAY"))
    assert client.balances() == {"800": Decimal(-200), "320": Decimal(200)}


def test_a_post_with_a_known_sales_number_edits_that_invoice(client: Client) -> None:
    client.good("PUT", "Invoices", invoice("A-1", status="DRAFT"))
    assert client.sentences("PUT", "Invoices", invoice("A-1")) == ["Invoice # must be unique."]
    changed = client.one("POST", "Invoices", invoice("A-1", LineItems=[line("250.00")]))
    assert changed["Total"] == 250.0
    assert len(client.good("GET", "Invoices")["Invoices"]) == 1


def test_lines_without_their_id_are_new_and_lines_not_sent_are_gone(client: Client) -> None:
    body = invoice("A-1", status="DRAFT", LineItems=[line("1.00"), line("2.00")])
    first = client.one("PUT", "Invoices", body)
    kept, lost = (entry["LineItemID"] for entry in first["LineItems"])
    lines = [{**line("5.00"), "LineItemID": kept}, line("7.00")]
    second = client.one("POST", f"Invoices/{first['InvoiceID']}", {"LineItems": lines})
    ids = [entry["LineItemID"] for entry in second["LineItems"]]
    assert ids[0] == kept and lost not in ids and second["Total"] == 12.0


def test_payments_settle_and_are_taken_back(client: Client) -> None:
    found = client.one("PUT", "Invoices", invoice("A-1"))
    target = {"Invoice": {"InvoiceID": found["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-10-05"}
    first = client.one("PUT", "Payments", {**target, "Amount": "40.00"})
    assert first["PaymentType"] == "ACCRECPAYMENT"
    client.good("PUT", "Payments", {**target, "Amount": 60})
    paid = client.one("GET", f"Invoices/{found['InvoiceID']}")
    assert (paid["Status"], paid["AmountDue"], len(paid["Payments"])) == ("PAID", 0.0, 2)
    assert client.balances() == {"090": Decimal(100), "200": Decimal(-100)}
    client.good("POST", f"Payments/{first['PaymentID']}", {"Status": "DELETED"})
    again = client.one("GET", "Invoices/A-1")
    assert (again["Status"], again["AmountDue"]) == ("AUTHORISED", 40.0)
    assert client.balances() == {"090": Decimal(60), "200": Decimal(-100), "610": Decimal(40)}


def test_credit_notes_are_set_off_and_taken_back(client: Client) -> None:
    found = client.one("PUT", "Invoices", invoice("A-1"))
    body = invoice(None, kind="ACCRECCREDIT", LineItems=[line("30.00", "615")])
    note = client.one("PUT", "CreditNotes", body)
    assert note["CreditNoteNumber"] == "CN-0001" and note["RemainingCredit"] == 30.0
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    allocation = {"Amount": 30, "Invoice": {"InvoiceID": found["InvoiceID"]}, "Date": "2026-10-02"}
    made = client.one("PUT", path, {"Allocations": [allocation]})
    after = client.one("GET", f"Invoices/{found['InvoiceID']}")
    assert (after["AmountDue"], after["AmountCredited"]) == (70.0, 30.0)
    assert client.one("GET", f"CreditNotes/{note['CreditNoteID']}")["Status"] == "PAID"
    assert client.good("DELETE", f"{path}/{made['AllocationID']}")["IsDeleted"] is True
    assert client.one("GET", "Invoices/A-1")["AmountDue"] == 100.0


def journal(amount: str = "100.00", debit: str = "615", credit: str = "200", **more: Any) -> dict[str, Any]:
    lines = [
        {"LineAmount": amount, "AccountCode": debit},
        {"LineAmount": f"-{amount}", "AccountCode": credit},
    ]
    return {"Narration": "Retention rivet:j/1", "Date": "2026-10-01", "Status": "POSTED", "JournalLines": lines, **more}


def test_journals_are_posted_found_and_voided(client: Client) -> None:
    found = client.one("PUT", "ManualJournals", journal())
    assert client.balances() == {"615": Decimal(100), "200": Decimal(-100)}
    where = {"where": 'Narration=="Retention rivet:j/1"', "page": "1"}
    rows = client.good("GET", "ManualJournals", params=where)["ManualJournals"]
    assert [row["ManualJournalID"] for row in rows] == [found["ManualJournalID"]]
    assert rows[0]["JournalLines"][0]["TaxType"] == "NONE"
    client.good("POST", f"ManualJournals/{found['ManualJournalID']}", {"Status": "VOIDED"})
    assert client.balances() == {}


@pytest.mark.parametrize("code", ["610", "800", "960", "090"])
def test_journals_refuse_system_and_bank_accounts(client: Client, code: str) -> None:
    expected = f"Account code '{code}' is not a valid code for this document."
    assert client.sentences("PUT", "ManualJournals", journal(debit=code)) == [expected]


def test_a_journal_drops_a_line_it_does_not_know_and_only_warns(client: Client) -> None:
    body = journal()
    body["JournalLines"].append({"LineAmount": "0.00", "AccountCode": "476"})
    found = client.one("PUT", "ManualJournals", body)
    assert len(found["JournalLines"]) == 2
    warning = "Account code '476' has been removed as it does not match a recognised account."
    assert found["Warnings"] == [{"Message": warning}]


def test_one_bad_element_stops_the_call_or_only_itself(client: Client) -> None:
    batch = {"Invoices": [invoice("A-1"), invoice("A-2", LineItems=[]), invoice("A-3")]}
    answer = client.call("PUT", "Invoices", batch)
    assert answer.status_code == 400 and len(answer.json()["Elements"]) == 1
    assert client.documents() == []
    found = client.good("PUT", "Invoices?summarizeErrors=False", batch)["Invoices"]
    assert [row["StatusAttributeString"] for row in found] == ["OK", "ERROR", "OK"]
    assert found[1]["HasErrors"] is True and found[1]["InvoiceID"] == "00000000-0000-0000-0000-000000000000"
    assert len(client.documents()) == 2


@pytest.mark.parametrize("summarize", ["true", "false"])
def test_what_a_refused_element_wrote_is_taken_back(client: Client, summarize: str) -> None:
    """The contact of a document is made before its lines are read, and a batch pays one document after another."""
    ghost = invoice("A-2", Contact={"Name": "Ghost"}, LineItems=[line(account="nil")])
    batch = {"Invoices": [invoice("A-1"), ghost, invoice("A-3", Contact={"Name": "Real"})]}
    answer = client.call("PUT", f"Invoices?summarizeErrors={summarize}", batch)
    assert answer.status_code == (400 if summarize == "true" else 200)
    names = {row["Name"] for row in client.good("GET", "Contacts")["Contacts"]}
    assert "Ghost" not in names and ("Real" in names) is (summarize == "false")
    kept = [] if summarize == "true" else ["A-1", "A-3"]
    assert [row["key"] for row in client.documents()] == kept
    assert client.balances() == ({"610": Decimal(200), "200": Decimal(-200)} if kept else {})


def test_lists_have_lines_only_by_page(client: Client) -> None:
    client.good("PUT", "Invoices", {"Invoices": [invoice(f"A-{n}") for n in range(5)]})
    bare = client.good("GET", "invoices")
    assert "pagination" not in bare and all(row["LineItems"] == [] for row in bare["Invoices"])
    page = client.good("GET", "Invoices", params={"page": 2, "pageSize": 2})
    assert page["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 3, "itemCount": 5}
    assert [len(row["LineItems"]) for row in page["Invoices"]] == [1, 1]
    filtered = {"where": 'Type=="ACCREC" AND InvoiceNumber=="a-3"', "order": "InvoiceNumber DESC"}
    assert [row["InvoiceNumber"] for row in client.good("GET", "Invoices", params=filtered)["Invoices"]] == ["A-3"]
    numbers = {"InvoiceNumbers": "A-1,A-2", "Statuses": "AUTHORISED"}
    assert len(client.good("GET", "Invoices", params=numbers)["Invoices"]) == 2
    later = {"If-Modified-Since": "2999-01-01T00:00:00"}
    assert client.good("GET", "Invoices", headers=later)["Invoices"] == []


def test_a_key_gives_the_first_answer_again(client: Client) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = client.call("PUT", "Invoices", invoice("A-1"), headers=headers)
    second = client.call("PUT", "Invoices", invoice("A-1"), headers=headers)
    assert first.content == second.content and len(client.documents()) == 1
    other = client.call("PUT", "Invoices", invoice("A-2"), headers=headers)
    assert other.status_code == 400
    assert other.json()["Message"] == "Idempotency Key: k-1 is used with a different request."
    refused = client.call("PUT", "Invoices", invoice("A-1"), headers={"Idempotency-Key": "k-2"})
    again = client.call("PUT", "Invoices", invoice("A-1"), headers={"Idempotency-Key": "k-2"})
    assert refused.status_code == again.status_code == 400 and refused.content == again.content
    too_long = client.call("PUT", "Invoices", invoice("A-9"), headers={"Idempotency-Key": "k" * 129})
    assert too_long.status_code == 400


def test_history_and_attachments(client: Client) -> None:
    found = client.one("PUT", "Invoices", invoice("A-1"))
    base = f"Invoices/{found['InvoiceID']}"
    made = client.one("PUT", f"{base}/History", {"HistoryRecords": [{"Details": "Posted by Rivet"}]})
    assert made["Details"] == "Posted by Rivet" and made["ValidationErrors"] == []
    note, born = client.good("GET", f"{base}/History")["HistoryRecords"]
    assert (note["Changes"], note["User"], born["Changes"]) == ("Note", "System Generated", "Approved")
    assert born["Details"] == "Received through the Xero API from Rivet"
    path = f"{base}/Attachments/pay app.pdf"
    sent = client.call("PUT", path, data=b"%PDF", headers={"Content-Type": "application/pdf"})
    assert sent.json()["Attachments"][0]["ContentLength"] == 4
    assert client.call("GET", path).content == b"%PDF"
    for number in range(9):
        assert client.call("PUT", f"{base}/Attachments/{number}.txt", data=b"x").ok
    assert client.call("PUT", f"{base}/Attachments/eleventh.txt", data=b"x").status_code == 400
    assert client.one("GET", base)["HasAttachments"] is True
