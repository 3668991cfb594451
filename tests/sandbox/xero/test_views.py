"""The three faces of a record: the answer of the write that made it, reading it by itself, and a list.

The vendor leaves different things out of each; which, was seen in recordings of its own answers.
"""

from typing import Any

import pytest

from tests.sandbox.running import Running
from tests.sandbox.xero.browser import Client, client_of, invoice, line

EMPTY_LISTS = ("Payments", "CreditNotes", "InvoiceAddresses")


@pytest.fixture(scope="module")
def client(server: Running) -> Client:
    return client_of(server.url, "contractor", scopes="accounting.banktransactions")


def listed(client: Client, plural: str, key: str, id: str) -> Any:
    rows = client.good("GET", plural, params={"page": 1, "IDs": id, "where": f'{key}==Guid("{id}")'})[plural]
    assert len(rows) == 1
    return rows[0]


def test_an_invoice_by_itself_leaves_out_what_it_has_none_of(client: Client) -> None:
    made = client.one("PUT", "Invoices", invoice("V-1"))
    alone = client.one("GET", f"Invoices/{made['InvoiceID']}")
    row = listed(client, "Invoices", "InvoiceID", made["InvoiceID"])
    for name in (*EMPTY_LISTS, "AmountCredited"):
        assert (name in made, name in alone, name in row) == (False, False, True), name
    for name in ("Prepayments", "Overpayments"):
        assert made[name] == alone[name] == row[name] == []
    assert ("HasAttachments" in made, alone["HasAttachments"], alone["Attachments"]) == (False, False, [])
    assert (row["HasAttachments"], "Attachments" in row) == (False, False)
    assert (made["Contact"]["IsCustomer"], alone["Contact"]["IsCustomer"], "IsCustomer" in row["Contact"]) == (
        True,
        True,
        False,
    )
    assert (row["Reference"], "Reference" in made) == ("", False)
    themes = client.good("GET", "BrandingThemes")["BrandingThemes"]
    assert made["BrandingThemeID"] == row["BrandingThemeID"] == themes[0]["BrandingThemeID"]
    assert (themes[0]["Type"], themes[0]["LogoUrl"]) == ("INVOICE", "")


def test_a_bill_has_no_theme_and_was_sent_to_nobody(client: Client) -> None:
    made = client.one("PUT", "Invoices", invoice("V-2", kind="ACCPAY"))
    row = listed(client, "Invoices", "InvoiceID", made["InvoiceID"])
    assert not {"BrandingThemeID", "SentToContact"} & (set(made) | set(row))


def test_the_answer_to_voiding_names_the_sum_that_was_open(client: Client) -> None:
    made = client.one("PUT", "Invoices", invoice("V-3"))
    void = {"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}
    assert client.one("POST", "Invoices", void)["AmountDue"] == made["AmountDue"] > 0
    assert client.one("GET", f"Invoices/{made['InvoiceID']}")["AmountDue"] == 0
    assert listed(client, "Invoices", "InvoiceID", made["InvoiceID"])["AmountDue"] == 0


def test_lines_name_their_items_and_in_lists_no_options_by_id(client: Client) -> None:
    code = client.good("GET", "Items")["Items"][0]["Code"]
    lines = [line(Tracking=[{"Name": "Department", "Option": "Service"}], ItemCode=code)]
    made = client.one("PUT", "Invoices", invoice("V-4", LineItems=lines))
    alone = client.one("GET", f"Invoices/{made['InvoiceID']}")["LineItems"][0]
    row = listed(client, "Invoices", "InvoiceID", made["InvoiceID"])["LineItems"][0]
    assert alone["Item"]["Code"] == row["Item"]["Code"] == code and "Item" not in made["LineItems"][0]
    tracking = [shown["Tracking"][0] for shown in (made["LineItems"][0], alone, row)]
    assert tracking[0]["TrackingOptionID"] == tracking[1]["TrackingOptionID"]
    assert ("TrackingOptionID" in tracking[2], tracking[2]["Options"], tracking[2]["Option"]) == (False, [], "Service")
    assert (alone["ValidationErrors"], "ValidationErrors" in row) == ([], False)


def test_a_discount_is_summed_up(client: Client) -> None:
    lines = [line(100, DiscountRate=10), line(50, DiscountAmount=2.5), line(7)]
    made = client.one("PUT", "Invoices", invoice("V-5", LineItems=lines))
    assert (made["IsDiscounted"], made["TotalDiscount"], made["SubTotal"]) == (True, 12.5, 144.5)


def test_a_payment_shows_its_invoice_as_it_stands_now(client: Client) -> None:
    owed = client.one("PUT", "Invoices", invoice("V-6"))
    pay = {"Invoice": {"InvoiceID": owed["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 40, "Date": "2026-10-02"}
    made = client.one("PUT", "Payments", pay)
    assert (made["Invoice"]["AmountPaid"], made["Invoice"]["Status"]) == (40, "AUTHORISED")
    assert made["Invoice"]["AmountDue"] == owed["AmountDue"] - 40 and made["Invoice"]["LineItems"]
    assert client.one("GET", f"Payments/{made['PaymentID']}")["Invoice"]["AmountPaid"] == 40
    row = listed(client, "Payments", "PaymentID", made["PaymentID"])
    assert (row["Invoice"]["InvoiceNumber"], row["Invoice"]["LineItems"]) == ("V-6", [])
    assert "AmountDue" not in row["Invoice"]
    assert client.one("GET", f"Invoices/{owed['InvoiceID']}")["Payments"][0]["Amount"] == 40


def test_contacts_list_their_telephones_in_two_orders(client: Client) -> None:
    made = client.one("PUT", "Contacts", {"Name": "Phones", "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "1"}]})
    alone = client.one("GET", f"Contacts/{made['ContactID']}")
    kinds = [[phone["PhoneType"] for phone in shown["Phones"]] for shown in (made, alone)]
    assert kinds == [["DEFAULT", "DDI", "FAX", "MOBILE"], ["DDI", "DEFAULT", "FAX", "MOBILE"]]
    assert ("HasAttachments" in made, alone["HasAttachments"], alone["Attachments"]) == (False, False, [])
    assert (made["SalesTrackingCategories"], "SalesTrackingCategories" in alone) == ([], False)


def test_a_contact_keeps_its_terms_and_defaults(client: Client) -> None:
    terms = {"Bills": {"Day": 15, "Type": "OFCURRENTMONTH"}, "Sales": {"Day": 10, "Type": "DAYSAFTERBILLMONTH"}}
    sent = {
        "Name": "Terms",
        "PaymentTerms": terms,
        "SalesDefaultLineAmountType": "INCLUSIVE",
        "PurchasesDefaultLineAmountType": "NONE",
        "BatchPayments": {"BankAccountNumber": "123-456", "BankAccountName": "Trust", "Details": "Hello"},
        "Discount": 12.5,
        "SalesTrackingCategories": [{"TrackingCategoryName": "Department", "TrackingOptionName": "Service"}],
    }
    made = client.one("PUT", "Contacts", sent)
    alone = client.one("GET", f"Contacts/{made['ContactID']}")
    assert {name: alone[name] for name in sent} == {name: made[name] for name in sent} == sent


def test_an_order_that_is_deleted_can_give_its_number_free(client: Client) -> None:
    body = {"Contact": {"Name": "Harbor Point"}, "LineItems": [line(account="320")], "PurchaseOrderNumber": "V-PO"}
    made = client.one("PUT", "PurchaseOrders", body)
    gone = {"PurchaseOrderID": made["PurchaseOrderID"], "Status": "DELETED", "PurchaseOrderNumber": "V-PO-OLD"}
    assert client.one("POST", "PurchaseOrders", gone)["PurchaseOrderNumber"] == "V-PO-OLD"
    again = client.one("POST", "PurchaseOrders", body)
    assert again["PurchaseOrderID"] != made["PurchaseOrderID"] and again["Status"] == "DRAFT"
    assert ("HasAttachments" in again, again["SentToContact"]) == (False, False)
    row = listed(client, "PurchaseOrders", "PurchaseOrderID", again["PurchaseOrderID"])
    assert (row["HasAttachments"], "SentToContact" in row, row["Contact"]["ContactStatus"]) == (False, False, "ACTIVE")


def test_items_take_the_tax_of_their_accounts(client: Client) -> None:
    sent = {"Code": "V-ITEM", "Name": "Item", "SalesDetails": {"UnitPrice": 5, "AccountCode": "200"}}
    made = client.one("PUT", "Items", sent)
    account = client.one("GET", "Accounts", params={"where": 'Code=="200"'})
    assert made["SalesDetails"]["TaxType"] == account["TaxType"]
    assert (made["ValidationErrors"], made["UpdatedDateUTC"][-2:]) == ([], ")/")
    row = next(item for item in client.good("GET", "Items")["Items"] if item["Code"] == "V-ITEM")
    assert "ValidationErrors" not in row and "+0000" in row["UpdatedDateUTC"] and "+0000" not in made["UpdatedDateUTC"]


def test_notes_are_read_newest_first_and_name_their_writer_only_there(client: Client) -> None:
    id = client.one("PUT", "Invoices", invoice("V-7"))["InvoiceID"]
    for text in ("one", "two"):
        note = client.one("PUT", f"Invoices/{id}/History", {"HistoryRecords": [{"Details": text}]})
        assert set(note) == {"DateUTCString", "DateUTC", "Details", "ValidationErrors"} and "+" not in note["DateUTC"]
    rows = client.good("GET", f"Invoices/{id}/History")["HistoryRecords"]
    assert [row["Details"] for row in rows][:2] == ["two", "one"]
    assert all(row["User"] and row["Changes"] and "+0000" in row["DateUTC"] for row in rows)


def test_money_spent_can_turn_out_to_have_been_received(client: Client) -> None:
    body = {
        "Type": "SPEND",
        "Contact": {"Name": "Harbor Point"},
        "BankAccount": {"Code": "090"},
        "Date": "2026-10-01",
        "LineItems": [line(17, account="320")],
    }
    before = client.balances()
    made = client.one("PUT", "BankTransactions", body)
    assert ("Reference" in made, "HasAttachments" in made) == (False, False)
    turned = client.one("POST", "BankTransactions", {**made, "Type": "RECEIVE"}, published=False)
    assert (turned["BankTransactionID"], turned["Type"]) == (made["BankTransactionID"], "RECEIVE")
    assert client.balances().get("090", 0) == before.get("090", 0) + 17


def test_an_allocation_names_its_invoice_with_nothing_in_it(client: Client) -> None:
    owed = client.one("PUT", "Invoices", invoice("V-8"))
    note = client.one("PUT", "CreditNotes", {**invoice(None), "Type": "ACCRECCREDIT"})
    row = {"Amount": 5, "Date": "2026-10-02", "Invoice": {"InvoiceID": owed["InvoiceID"]}}
    client.good("PUT", f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [row]})
    shown = client.one("GET", f"CreditNotes/{note['CreditNoteID']}")["Allocations"][0]["Invoice"]
    assert (shown["InvoiceNumber"], shown["LineItems"], shown["HasErrors"]) == ("V-8", [], False)
    credit = client.one("GET", f"Invoices/{owed['InvoiceID']}")["CreditNotes"][0]
    assert (credit["AppliedAmount"], credit["Total"], credit["DateString"]) == (5, 100, "2026-10-02T00:00:00")


def test_answers_name_the_organisation_and_are_not_to_be_kept(client: Client) -> None:
    for path in ("Organisation", "Invoices/11111111-1111-4111-8111-111111111111"):
        headers = client.call("GET", path).headers
        assert (headers["Xero-Tenant-Id"], headers["Pragma"]) == (client.tenant, "no-cache")
        assert headers["Cache-Control"] == "max-age=0, no-cache, no-store"


def test_a_bank_account_has_a_kind_and_a_currency(client: Client) -> None:
    sent = {"Code": "092", "Name": "Card", "Type": "BANK", "BankAccountNumber": "1", "AddToWatchlist": True}
    made = client.one("PUT", "Accounts", sent)
    assert (made["BankAccountType"], made["CurrencyCode"], made["AddToWatchlist"]) == ("BANK", "USD", True)
    card = {"AccountID": made["AccountID"], "BankAccountType": "CREDITCARD"}
    assert client.one("POST", f"Accounts/{made['AccountID']}", card)["BankAccountType"] == "CREDITCARD"
    foreign = client.sentences("PUT", "Accounts", {**sent, "Code": "093", "Name": "Euro", "CurrencyCode": "EUR"})
    assert foreign == ["Organisation is not subscribed to currency EUR"]


def test_an_account_that_was_never_made_has_the_empty_id(client: Client) -> None:
    refused = client.call("PUT", "Accounts", {"Name": "Typeless", "Code": "999"}).json()["Elements"][0]
    assert (refused["AccountID"], refused["Code"]) == ("00000000-0000-0000-0000-000000000000", "999")


EMPTY_CONTACT: dict[str, Any] = {name: [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")}


def test_a_refused_contact_repeats_what_was_sent(client: Client) -> None:
    kept = client.one("PUT", "Contacts", {"Name": "Echo Works", "EmailAddress": "a@example.com"})
    client.one("POST", f"Contacts/{kept['ContactID']}", {"ContactStatus": "ARCHIVED"})
    phone = {"PhoneType": "DEFAULT", "PhoneNumber": "555"}
    refused = client.call("POST", f"Contacts/{kept['ContactID']}", {"Name": "Echo Work", "Phones": [phone]})
    assert refused.json()["Elements"] == [
        {
            **EMPTY_CONTACT,
            "ContactID": kept["ContactID"],
            "Name": "Echo Work",
            "Phones": [{**phone, "ValidationErrors": []}],
            "HasValidationErrors": True,
            "ValidationErrors": [
                {
                    "Message": "The specified contact details matched an archived contact. "
                    "Archived contacts cannot currently be edited via the API."
                }
            ],
        }
    ]


def test_a_refused_change_of_an_invoice_repeats_the_texts_that_were_sent(client: Client) -> None:
    made = client.one("PUT", "Invoices", invoice(None, Reference="Kept"))
    contact = {"ContactID": made["Contact"]["ContactID"]}
    change = {"Status": "DELETED", "Contact": contact, "LineItems": made["LineItems"]}
    refused = client.call("POST", f"Invoices/{made['InvoiceID']}", change).json()["Elements"][0]
    assert (refused["Status"], refused["Total"]) == ("DELETED", made["Total"])
    assert not {"InvoiceNumber", "Reference"} & set(refused)
    assert refused["Contact"] == {**EMPTY_CONTACT, **contact, "HasValidationErrors": False, "ValidationErrors": []}


def test_money_does_not_say_what_its_contact_is(client: Client) -> None:
    note = client.one("PUT", "CreditNotes", {**invoice(None), "Type": "ACCRECCREDIT"})
    assert note["Contact"]["ContactStatus"] == "ACTIVE"
    assert not {"IsCustomer", "IsSupplier", "SalesTrackingCategories"} & set(note["Contact"])


def test_a_batch_names_what_it_pays(client: Client) -> None:
    owed = client.one("PUT", "Invoices", invoice("V-9"))
    rows = [{"Invoice": {"InvoiceID": owed["InvoiceID"]}, "Amount": 3, "Reference": "part"}]
    sent = {"Account": {"Code": "090"}, "Date": "2026-10-03", "Payments": rows}
    paid = client.one("PUT", "BatchPayments", sent)["Payments"][0]
    assert (paid["BankAmount"], paid["Reference"], paid["Invoice"]["CurrencyCode"]) == (3, "part", "USD")
    assert paid["Invoice"]["LineItems"] == paid["Invoice"]["CreditNotes"] == []


def test_a_refunded_credit_note_shows_its_payment(client: Client) -> None:
    note = client.one("PUT", "CreditNotes", {**invoice(None), "Type": "ACCRECCREDIT"})
    back = {"CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"Code": "090"}, "Amount": 4}
    client.good("PUT", "Payments", {**back, "Date": "2026-10-03"})
    shown = client.one("GET", f"CreditNotes/{note['CreditNoteID']}")["Payments"][0]
    assert (shown["Amount"], shown["HasAccount"], shown["CurrencyRate"]) == (4, False, 1)


def test_no_report_was_ever_published(server: Running) -> None:
    assert client_of(server.url, scopes="accounting.reports.read").good("GET", "Reports")["Reports"] == []
