"""From frozen documents to Xero's JSON. Pure; the figures are those of the worked examples.

https://developer.xero.com/documentation/api/accounting/invoices (and manualjournals, contacts)
"""

from decimal import Decimal
from typing import Any

from integrations import exact_json, postings
from integrations.ports import Account, Books, Intent, MappingRole, Operation, Payload, Role
from integrations.xero.resources import RESOURCES, TYPES, clean_name
from rivet.ledger.snapshots import (
    BillSnapshot,
    InvoiceSnapshot,
    ItemSnapshot,
    PartyRef,
    PartySnapshot,
    SourceKind,
)
from rivet.money import ZERO, cents

Json = dict[str, Any]


def payload(intent: Intent, books: Books, *, home: str) -> Payload:
    """The exact bytes of one intent that passed preflight; ``home`` is where "Go to Rivet" leads."""
    if intent.operation is Operation.VOID:
        return _made(intent, {"Status": "VOIDED", **_mandatory(intent)}, total=None, number="")
    match intent.document:
        case PartySnapshot() as party:
            return _made(intent, _contact(party), total=None, number="")
        case ItemSnapshot():
            raise ValueError("Xero reaches accounts directly and needs no items")
        case BillSnapshot() as bill:
            return _made(intent, _bill(bill, intent, books, home), total=bill.net, number=bill.number)
        case InvoiceSnapshot() as invoice if intent.role is Role.RETAINAGE_JOURNAL:
            body = _journal(invoice, intent, books)
            return _made(intent, body, total=None, number=body["Narration"])
        case InvoiceSnapshot() as invoice:
            return _made(intent, _invoice(invoice, intent, books, home), total=invoice.net, number=invoice.number)


def _mandatory(intent: Intent) -> Json:
    """What Xero asks for even to end a record: a journal without its narration is none."""
    if intent.role is Role.RETAINAGE_JOURNAL and isinstance(intent.document, InvoiceSnapshot):
        return {"Narration": narration(intent.document.number, intent.marker)}
    return {}


def narration(number: str, marker: str) -> str:
    """A journal has no number: its narration is what it is found by."""
    return f"Retainage of {number} [{marker}]"


def link_url(home: str, marker: str) -> str:
    """Shown in Xero as "Go to Rivet"; carries the marker a lookup compares."""
    return f"{home}/?ref={marker}"


def _made(intent: Intent, body: Json, *, total: Decimal | None, number: str) -> Payload:
    if intent.operation is not Operation.CREATE:
        if intent.link is None:
            raise ValueError(f"{intent.operation} needs to know what stands in the books")
        body = {RESOURCES[intent.role].id_field: intent.link.external_id, **body}
    return Payload(
        role=intent.role,
        operation=intent.operation,
        body=exact_json.dumps(body),
        total=total,
        number=number,
        # Creating is PUT and changing is POST, so the two never share a call.
        endpoint="PUT" if intent.operation is Operation.CREATE else "POST",
    )


def _contact(party: PartySnapshot) -> Json:
    body: Json = {"Name": clean_name(party.name)}
    if party.email:
        body["EmailAddress"] = party.email
    if party.phone:
        body["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": party.phone[:50]}]
    address = {
        "AddressLine1": party.street,
        "City": party.city,
        "Region": party.state,
        "PostalCode": party.postal_code,
        "Country": party.country,
    }
    if given := {name: value for name, value in address.items() if value}:
        body["Addresses"] = [{"AddressType": "STREET", **given}]
    return body


def _bill(bill: BillSnapshot, intent: Intent, books: Books, home: str) -> Json:
    lines = [
        _line(line.description, line.amount, books.accounts[MappingRole.DEFAULT_EXPENSE], line.tag, books)
        for line in postings.costs(bill)
    ]
    if bill.retainage:
        words = "Retention released" if bill.retainage < ZERO else "Retention withheld"
        lines.append(_line(words, -bill.retainage, books.accounts[MappingRole.RETAINAGE_PAYABLE], "", books))
    return {
        **_head(intent, bill.vendor, books, home),
        "InvoiceNumber": bill.number,
        "Date": bill.bill_date.isoformat(),
        "DueDate": bill.due_date.isoformat(),
        "LineItems": lines,
    }


def _invoice(invoice: InvoiceSnapshot, intent: Intent, books: Books, home: str) -> Json:
    return {
        **_head(intent, invoice.customer, books, home),
        "InvoiceNumber": invoice.number,
        "Reference": invoice.project[:255],
        "Date": invoice.invoice_date.isoformat(),
        "DueDate": invoice.due_date.isoformat(),
        "LineItems": _invoice_lines(invoice, books),
    }


def _head(intent: Intent, party: PartyRef, books: Books, home: str) -> Json:
    contact = books.parties[SourceKind(party.kind).value, party.id]
    return {
        "Type": TYPES[intent.role],
        # Only the id: any further field would change the contact itself.
        "Contact": {"ContactID": contact.external_id},
        "Status": "AUTHORISED",
        "LineAmountTypes": "NoTax",
        "Url": link_url(home, intent.marker),
    }


def _invoice_lines(invoice: InvoiceSnapshot, books: Books) -> list[Json]:
    lines = [
        _line(line.description, amount, books.accounts[MappingRole.REVENUE], line.tag, books)
        for line, amount in postings.billed(invoice)
    ]
    if kept := postings.held_back(invoice):
        words = "Retention released" if kept > ZERO else "Retention withheld"
        lines.append(_line(words, kept, books.accounts[MappingRole.RETAINAGE_RECEIVABLE], "", books))
    return lines


def _line(words: str, amount: Decimal, account: Account, tag: str, books: Books) -> Json:
    line: Json = {
        "Description": words or "Work",
        # Quantities may not be negative, amounts may.
        "Quantity": 1,
        "UnitAmount": cents(amount),
        **_account(account),
        "TaxType": "NONE",
    }
    if tracking := _tracking(tag, books):
        line["Tracking"] = tracking
    return line


def _journal(invoice: InvoiceSnapshot, intent: Intent, books: Books) -> Json:
    """Dr retentions / Cr revenue for what is withheld; the other way round when it is given back."""
    amount = cents(invoice.retainage)
    tracking = _tracking(postings.only_tag(invoice), books)
    sides = ((amount, MappingRole.RETAINAGE_RECEIVABLE), (-amount, MappingRole.REVENUE))
    return {
        "Narration": narration(invoice.number, intent.marker),
        "Date": invoice.invoice_date.isoformat(),
        "Status": "POSTED",
        "LineAmountTypes": "NoTax",
        "JournalLines": [
            {
                "LineAmount": signed,
                "Description": f"Retention of {invoice.number}, {invoice.customer.name}",
                # Manual journals take codes only.
                "AccountCode": books.accounts[role].code,
                **({"Tracking": tracking} if tracking else {}),
            }
            for signed, role in sides
        ],
    }


def _account(account: Account) -> Json:
    return {"AccountCode": account.code} if account.code else {"AccountID": account.external_id}


def _tracking(tag: str, books: Books) -> list[Json]:
    if tag not in books.tags:
        return []
    category, option = books.tags[tag]
    return [{"Name": category, "Option": option}]
