"""Contacts: customers and suppliers are one list."""

import re
from dataclasses import replace

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.amounts import cents
from sandbox.xero.dates import read_moment, wire_moment
from sandbox.xero.desk import EMPTY_ID, Desk, name_key
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems, is_web_address

ENTITY = "Contact"
STATUSES = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LIMITS = {
    "Name": 255,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "CompanyNumber": 50,
    "TaxNumber": 50,
    "BankAccountDetails": 255,
    "Website": 255,
    "AccountsReceivableTaxType": 50,
    "AccountsPayableTaxType": 50,
    "DefaultCurrency": 3,
    "SalesDefaultAccountCode": 10,
    "PurchasesDefaultAccountCode": 10,
}
_ADDRESS_LIMITS = {
    "AddressLine1": 500,
    "AddressLine2": 500,
    "AddressLine3": 500,
    "AddressLine4": 500,
    "City": 255,
    "Region": 255,
    "PostalCode": 50,
    "Country": 50,
    "AttentionTo": 255,
}
_PHONE_LIMITS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
_ADDRESS_TYPES = ("STREET", "POBOX", "DELIVERY")
_PHONE_TYPES = ("DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE")
_SHOWN_PHONES = ("DEFAULT", "DDI", "FAX", "MOBILE")
_READ_PHONES = ("DDI", "DEFAULT", "FAX", "MOBILE")
_TERMS = ("OFFOLLOWINGMONTH", "DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH")
_LINE_AMOUNT_TYPES = ("INCLUSIVE", "EXCLUSIVE", "NONE")
_BATCH_LIMITS = {"BankAccountNumber": 50, "BankAccountName": 255, "Details": 255, "Code": 12, "Reference": 12}
_PERSON_LIMIT = 5
_IDENTIFYING = frozenset({"contactid", "contactstatus"})


def save_contact(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT) or create or update (POST) one contact. Raises InvalidError."""
    known = None if verb == "PUT" else find_contact(desk, element)
    problems = element.problems
    if known is not None and not known.active:
        raise InvalidError(messages.CONTACT_ARCHIVED, echo=_echo(_changed(known.body, element), known, element))
    body = _changed(known.body if known else {}, element)
    _check(desk, body, known, problems)
    problems.stop(lambda: _echo(body, known, element))
    return _store(desk, body, known)


def find_contact(desk: Desk, element: Fields) -> Record | None:
    """The contact an element means: by id, else by contact number, else by name, active ones first."""
    if "ContactID" in element:
        return desk.get(ENTITY, element.identifier("ContactID"))
    number = element.stripped("ContactNumber")
    if number and (found := desk.numbered(ENTITY, number)):
        return found[0]
    name = element.stripped("Name")
    same = desk.named(ENTITY, name) if name else []
    return min(same, key=lambda record: not record.active, default=None)


def contact_for_document(desk: Desk, element: Fields | None, problems: Problems) -> Record | None:
    """The contact of a document: found, or made from its name.

    Anything beyond the id changes the contact, as the vendor does it: a document can rename a customer.
    """
    if element is None:
        problems.add(messages.CONTACT_REQUIRED)
        return None
    found = find_contact(desk, element)
    if found is None and not element.stripped("Name"):
        problems.add(messages.CONTACT_UNIDENTIFIED)
        return None
    if found is not None and not found.active:
        problems.add(messages.CONTACT_ARCHIVED_ON_DOCUMENT)
        return None
    if found is not None and not _says_more(found, element):
        return found
    body = _changed(found.body if found else {}, element)
    _check(desk, body, found, problems)
    return None if problems.sentences else _store(desk, body, found)


def mark_role(desk: Desk, contact: Record, role: str) -> None:
    """Note that the contact is a customer or a supplier now; it does not count as a change."""
    if contact.body.get(role):
        return
    desk.update(replace(contact, body={**contact.body, role: True}), silently=True)


def _says_more(contact: Record, element: Fields) -> bool:
    return any(
        value not in (None, "", [], contact.body.get(key))
        for key, value in element.element.items()
        if key.lower() not in _IDENTIFYING and key in {*_LIMITS, "Addresses", "Phones", "ContactPersons"}
    )


def _changed(old: Body, element: Fields) -> Body:
    body = dict(old)
    for name, limit in _LIMITS.items():
        text = element.stripped(name, limit=limit)
        if text is not None:
            body[name] = text
    status = element.choice("ContactStatus", STATUSES)
    body["ContactStatus"] = status or body.get("ContactStatus", "ACTIVE")
    if "Addresses" in element:
        body["Addresses"] = _typed(element, "Addresses", "AddressType", _ADDRESS_TYPES, _ADDRESS_LIMITS)
    if "Phones" in element:
        body["Phones"] = _typed(element, "Phones", "PhoneType", _PHONE_TYPES, _PHONE_LIMITS)
    if "ContactPersons" in element:
        body["ContactPersons"] = _persons(element)
    return body | _preferences(element)


def _preferences(element: Fields) -> Body:
    """What a contact's documents are made with unless they say otherwise, as far as the request names it."""
    found: Body = {}
    for name in ("SalesDefaultLineAmountType", "PurchasesDefaultLineAmountType"):
        if choice := element.choice(name, _LINE_AMOUNT_TYPES):
            found[name] = choice
    for name in ("SalesTrackingCategories", "PurchasesTrackingCategories"):
        if name in element:
            found[name] = [_texts(inner, _TRACKING_LIMITS) for inner in element.each(name)]
    if (batch := element.inner("BatchPayments")) is not None:
        found["BatchPayments"] = _texts(batch, _BATCH_LIMITS)
    if (terms := element.inner("PaymentTerms")) is not None:
        sides = {side: inner for side in ("Bills", "Sales") if (inner := terms.inner(side)) is not None}
        found["PaymentTerms"] = {side: _term(inner) for side, inner in sides.items()}
    if (discount := element.number("Discount")) is not None:
        found["Discount"] = cents(discount)
    return found


_TRACKING_LIMITS = {"TrackingCategoryName": 100, "TrackingOptionName": 100}


def _texts(inner: Fields, limits: dict[str, int]) -> Body:
    texts = {name: inner.text(name, limit=limit) for name, limit in limits.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _term(inner: Fields) -> Body:
    day, kind = inner.number("Day"), inner.choice("Type", _TERMS)
    return {"Day": int(day or 0), **({"Type": kind} if kind else {})}


def _typed(element: Fields, name: str, kind: str, kinds: tuple[str, ...], limits: dict[str, int]) -> list[Body]:
    found = []
    for inner in element.each(name):
        texts = {part: inner.text(part, limit=limit) for part, limit in limits.items()}
        row: Body = {kind: inner.choice(kind, kinds) or kinds[0]}
        found.append(row | {part: text for part, text in texts.items() if text is not None})
    return found


def _persons(element: Fields) -> list[Body]:
    return [
        {
            "FirstName": person.text("FirstName", limit=255) or "",
            "LastName": person.text("LastName", limit=255) or "",
            "EmailAddress": person.text("EmailAddress", limit=255) or "",
            "IncludeInEmails": person.boolean("IncludeInEmails") or False,
        }
        for person in element.each("ContactPersons")
    ]


def _check(desk: Desk, body: Body, known: Record | None, problems: Problems) -> None:
    name = body.get("Name")
    if not name:
        problems.add(messages.CONTACT_NAME_REQUIRED)
    elif "<" in name or ">" in name:
        problems.add(messages.CONTACT_NAME_BRACKETS)
    elif any(record.active for record in _others(desk.named(ENTITY, name), known)):
        problems.add(messages.contact_name_taken(name))
    number = body.get("ContactNumber")
    if number and _others(desk.numbered(ENTITY, number), known):
        problems.add(messages.CONTACT_NUMBER_TAKEN)
    if body.get("AccountNumber") and _others(_with_account_number(desk, body["AccountNumber"]), known):
        problems.add(messages.ACCOUNT_NUMBER_TAKEN)
    _check_addresses(body, problems)


def _check_addresses(body: Body, problems: Problems) -> None:
    email, website = body.get("EmailAddress"), body.get("Website")
    if email and not _EMAIL.fullmatch(email):
        problems.add(messages.EMAIL_INVALID)
    if website and not (is_web_address(website) and "." in website):
        problems.add(messages.WEBSITE_INVALID)
    persons = body.get("ContactPersons", [])
    if persons and not email:
        problems.add(messages.PERSONS_NEED_EMAIL)
    if len(persons) > _PERSON_LIMIT:
        problems.add(messages.PERSONS_LIMIT)


def _others(records: list[Record], known: Record | None) -> list[Record]:
    return [record for record in records if known is None or record.id != known.id]


def _with_account_number(desk: Desk, number: str) -> list[Record]:
    return desk.store.select("company=? AND entity=? AND party=?", (desk.company, ENTITY, account_number_key(number)))


def account_number_key(number: str) -> str:
    """The column value under which a contact with this account number is found."""
    # Contacts have no party of their own, so the indexed column serves their second unique number.
    return f"AccountNumber:{name_key(number)}"


def _store(desk: Desk, body: Body, known: Record | None) -> Record:
    account_number = body.get("AccountNumber")
    columns = {
        "number": body.get("ContactNumber") or None,
        "name_key": name_key(body["Name"]),
        "party": account_number_key(account_number) if account_number else None,
        "active": body["ContactStatus"] == "ACTIVE",
        "status": body["ContactStatus"],
    }
    if known is None:
        return desk.insert(ENTITY, body, **columns)
    return desk.update(replace(known, body=body, **columns))


def wire_contact_of_document(desk: Desk, record: Record) -> Body:
    """A contact in full, made once per request."""
    known = desk.shown_contacts.get(record.id)
    if known is None or known[0] is not record:
        known = desk.shown_contacts[record.id] = (record, wire_contact(record))
    return known[1]


def wire_contact_of_money(desk: Desk, record: Record) -> Body:
    """A contact as credit notes and bank transactions show it: without what it is to the organisation."""
    full = wire_contact_of_document(desk, record)
    return {name: value for name, value in full.items() if name not in _OF_INVOICES}


_OF_INVOICES = frozenset({"IsSupplier", "IsCustomer", "SalesTrackingCategories", "PurchasesTrackingCategories"})


def wire_contact(record: Record, *, fresh: bool = True) -> Body:
    """A contact in full: as the answer of a write and documents show it (`fresh`), or as it is read and listed."""
    body = record.body
    shown: Body = {
        "ContactID": record.id,
        "ContactStatus": body["ContactStatus"],
        **{name: value for name, value in body.items() if name not in _PLACED and value != ""},
        "BankAccountDetails": body.get("BankAccountDetails", ""),
        "Addresses": _slots(body.get("Addresses", []), "AddressType", ("STREET", "POBOX"), _EMPTY_ADDRESS),
        "Phones": _slots(body.get("Phones", []), "PhoneType", _SHOWN_PHONES if fresh else _READ_PHONES, _EMPTY_PHONE),
        "UpdatedDateUTC": wire_moment(read_moment(record.updated_at)),
        "ContactGroups": [{**group, **_BARE_GROUP} for group in body.get("Groups", [])],
        "IsSupplier": body.get("IsSupplier", False),
        "IsCustomer": body.get("IsCustomer", False),
        "ContactPersons": body.get("ContactPersons", []),
        "HasValidationErrors": False,
    }
    for name in ("SalesTrackingCategories", "PurchasesTrackingCategories"):
        if fresh or body.get(name):
            shown[name] = body.get(name, [])
    return shown if fresh else shown | {"HasAttachments": body.get("HasAttachments", False)}


def wire_stub(record: Record) -> Body:
    """A contact as documents in lists name it."""
    return {"ContactID": record.id, "Name": record.body["Name"], **BARE_CONTACT}


BARE_CONTACT: Body = {
    "Addresses": [],
    "Phones": [],
    "ContactGroups": [],
    "ContactPersons": [],
    "HasValidationErrors": False,
}


# What has a place of its own in an answer; all else is shown as it was written.
_PLACED = frozenset(
    {
        "Groups", "IsSupplier", "IsCustomer", "ContactPersons", "Addresses", "Phones", "ContactStatus",
        "SalesTrackingCategories", "PurchasesTrackingCategories", "HasAttachments",
    }
)  # fmt: skip
_BARE_GROUP: Body = {"Contacts": [], "HasValidationErrors": False}
_EMPTY_ADDRESS = {"City": "", "Region": "", "PostalCode": "", "Country": ""}
_EMPTY_PHONE = {"PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""}


def _slots(rows: list[Body], kind: str, kinds: tuple[str, ...], empty: Body) -> list[Body]:
    given = {row[kind]: row for row in rows}
    return [{kind: name, **empty, **given.get(name, {})} for name in (*kinds, *(set(given) - set(kinds)))]


def _echo(body: Body, known: Record | None, element: Fields) -> Body:
    """A refused contact as the answer repeats it: what was asked for, and nothing of what is stored."""
    lists: Body = {"Addresses": [], "Phones": [], "ContactGroups": [], "ContactPersons": []}
    sent: Body = {name: value for name, value in body.items() if name in element}
    if "Phones" in sent:
        sent["Phones"] = [{**row, "ValidationErrors": []} for row in sent["Phones"]]
    return {"ContactID": known.id if known else EMPTY_ID, **lists, **sent, "HasValidationErrors": True}
