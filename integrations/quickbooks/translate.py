"""From frozen documents to QuickBooks' JSON. Pure; the figures are those of the worked examples.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice (and bill, journalentry)
"""

from decimal import Decimal
from typing import Any

from integrations import exact_json, postings
from integrations.ports import Books, Intent, Link, MappingRole, Operation, Payload, Role
from integrations.quickbooks.entities import item_name, query_of
from integrations.quickbooks.preflight import LONGEST_NUMBER
from rivet.ledger.snapshots import (
    BillLine,
    BillSnapshot,
    InvoiceSnapshot,
    ItemSnapshot,
    PartySnapshot,
    SourceKind,
)
from rivet.money import ZERO, cents

Json = dict[str, Any]


def payload(intent: Intent, books: Books) -> Payload:
    """The exact bytes of one intent that passed preflight."""
    if intent.operation is Operation.VOID:
        return _made(intent, _identity(intent), total=None, number="")
    match intent.document:
        case PartySnapshot() as party:
            return _made(intent, _party(party), total=None, number="")
        case ItemSnapshot() as item:
            return _made(intent, _item(item), total=None, number="")
        case BillSnapshot() as bill:
            return _made(intent, _priced(_bill(bill, intent, books), books), total=bill.net, number=bill.number)
        case InvoiceSnapshot() as invoice if intent.role is Role.RETAINAGE_JOURNAL:
            number = journal_number(invoice.number)
            return _made(intent, _priced(_journal(invoice, intent, books), books), total=None, number=number)
        case InvoiceSnapshot() as invoice:
            body = _priced(_invoice(invoice, intent, books), books)
            return _made(intent, body, total=invoice.net, number=invoice.number)


def journal_number(number: str) -> str:
    """``PA1-R``, within the 21 characters QuickBooks allows."""
    return f"{number[: LONGEST_NUMBER - 2]}-R"


def _made(intent: Intent, body: Json, *, total: Decimal | None, number: str) -> Payload:
    if intent.operation is Operation.UPDATE:
        body = {**_identity(intent), "sparse": True, **body}
    return Payload(
        role=intent.role,
        operation=intent.operation,
        body=exact_json.dumps(body),
        total=total,
        number=number,
        endpoint=query_of(intent.role, intent.operation),
    )


def _priced(body: Json, books: Books) -> Json:
    """A company that keeps several currencies wants to be told which one, its own too."""
    if books.settings.get("multicurrency") != "yes":
        return body
    return {**body, "CurrencyRef": {"value": books.currency}}


def _identity(intent: Intent) -> Json:
    if intent.link is None:
        raise ValueError(f"{intent.operation} needs to know what stands in the books")
    return {"Id": intent.link.external_id, "SyncToken": intent.link.version}


def _party(party: PartySnapshot) -> Json:
    body: Json = {"DisplayName": party.name}
    if party.email:
        body["PrimaryEmailAddr"] = {"Address": party.email}
    if party.phone:
        body["PrimaryPhone"] = {"FreeFormNumber": party.phone[:30]}
    address = {
        "Line1": party.street,
        "City": party.city,
        "CountrySubDivisionCode": party.state,
        "PostalCode": party.postal_code,
        "Country": party.country,
    }
    if given := {name: value for name, value in address.items() if value}:
        body["BillAddr"] = given
    return body


def _item(item: ItemSnapshot) -> Json:
    return {"Name": item_name(item.name), "Type": "Service", "IncomeAccountRef": {"value": item.account_external_id}}


def _bill(bill: BillSnapshot, intent: Intent, books: Books) -> Json:
    customer = _customer_link(bill, books)
    lines = [_bill_line(line, books, customer) for line in postings.costs(bill)]
    if bill.retainage:
        words = "Retainage released" if bill.retainage < ZERO else "Retainage withheld"
        account = books.accounts[MappingRole.RETAINAGE_PAYABLE].external_id
        lines.append(_expense_line(words, -bill.retainage, account, customer, tag=""))
    return {
        "VendorRef": {"value": books.parties[SourceKind.VENDOR.value, bill.vendor.id].external_id},
        "DocNumber": bill.number,
        "TxnDate": bill.bill_date.isoformat(),
        "DueDate": bill.due_date.isoformat(),
        "PrivateNote": _note(bill.memo, intent.marker),
        "Line": lines,
    }


def _customer_link(bill: BillSnapshot, books: Books) -> Link | None:
    return books.parties.get((SourceKind.CUSTOMER.value, bill.customer.id)) if bill.customer else None


def _bill_line(line: BillLine, books: Books, customer: Link | None) -> Json:
    account = books.accounts[MappingRole.DEFAULT_EXPENSE].external_id
    return _expense_line(line.description, line.amount, account, customer, tag=_tag(line.tag, books))


def _expense_line(words: str, amount: Decimal, account: str, customer: Link | None, *, tag: str) -> Json:
    detail: Json = {"AccountRef": {"value": account}}
    if customer:
        detail |= {"CustomerRef": {"value": customer.external_id}, "BillableStatus": "NotBillable"}
    if tag:
        detail["ClassRef"] = {"value": tag}
    return {
        "Amount": cents(amount),
        "Description": words,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": detail,
    }


def _invoice(invoice: InvoiceSnapshot, intent: Intent, books: Books) -> Json:
    return {
        "CustomerRef": {"value": books.parties[SourceKind.CUSTOMER.value, invoice.customer.id].external_id},
        "DocNumber": invoice.number,
        "TxnDate": invoice.invoice_date.isoformat(),
        "DueDate": invoice.due_date.isoformat(),
        "PrivateNote": _note(invoice.memo, intent.marker),
        "Line": _invoice_lines(invoice, books),
    }


def _invoice_lines(invoice: InvoiceSnapshot, books: Books) -> list[Json]:
    lines = [
        _sales_line(line.description, amount, books.accounts[MappingRole.REVENUE].item_id, _tag(line.tag, books))
        for line, amount in postings.billed(invoice)
    ]
    if kept := postings.held_back(invoice):
        words = "Retainage released" if kept > ZERO else "Retainage withheld"
        lines.append(_sales_line(words, kept, books.accounts[MappingRole.RETAINAGE_RECEIVABLE].item_id, ""))
    return lines


def _sales_line(words: str, amount: Decimal, item: str, tag: str) -> Json:
    # Quantity one and the price equal to the amount: QuickBooks checks the product, and one cannot be off.
    detail: Json = {"ItemRef": {"value": item}, "Qty": 1, "UnitPrice": cents(amount), "TaxCodeRef": {"value": "NON"}}
    if tag:
        detail["ClassRef"] = {"value": tag}
    return {
        "Amount": cents(amount),
        "Description": words,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    }


def _journal(invoice: InvoiceSnapshot, intent: Intent, books: Books) -> Json:
    """Dr retainage receivable / Cr revenue for what is withheld; the other way round when it is given back."""
    receivable = books.accounts[MappingRole.RETAINAGE_RECEIVABLE].external_id
    revenue = books.accounts[MappingRole.REVENUE].external_id
    customer = books.parties[SourceKind.CUSTOMER.value, invoice.customer.id]
    debit, credit = (receivable, revenue) if invoice.retainage > ZERO else (revenue, receivable)
    amount = cents(abs(invoice.retainage))
    tag = _tag(postings.only_tag(invoice), books)
    return {
        "DocNumber": journal_number(invoice.number),
        "TxnDate": invoice.invoice_date.isoformat(),
        "PrivateNote": _note(f"Retainage of {invoice.number}", intent.marker),
        "Line": [
            _journal_line("Debit", debit, amount, customer, invoice.number, tag),
            _journal_line("Credit", credit, amount, customer, invoice.number, tag),
        ],
    }


def _journal_line(side: str, account: str, amount: Decimal, customer: Link, number: str, tag: str) -> Json:
    detail: Json = {
        "PostingType": side,
        "AccountRef": {"value": account},
        # No receivable is touched, so no name is required; job reports need it all the same.
        "Entity": {"Type": "Customer", "EntityRef": {"value": customer.external_id}},
    }
    if tag:
        detail["ClassRef"] = {"value": tag}
    return {
        "Amount": amount,
        "Description": f"Retainage of {number}",
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    }


def _tag(tag: str, books: Books) -> str:
    """The class, where the company tracks classes line by line."""
    return tag if tag in books.tags and books.settings.get("class_mode") == "line" else ""


def _note(memo: str, marker: str) -> str:
    return f"{memo} [{marker}]".strip()
