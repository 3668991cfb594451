"""The tax rates of one organisation: those its country is born with, and those it added itself."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.amounts import ZERO
from sandbox.xero.desk import Desk, name_key
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields
from sandbox.xero.taxes import REPORT_TYPES, TaxRate, rates_for

ENTITY = "TaxRate"
STATUSES = ("ACTIVE", "DELETED", "ARCHIVED", "PENDING")
_SALES = frozenset({"OUTPUT", "EXEMPTOUTPUT", "CAPITALSALESOUTPUT", "ECOUTPUT", "ECOUTPUTSERVICES", "MOSSSALES"})


def rates_of(desk: Desk) -> dict[str, TaxRate]:
    """Every rate of the organisation by tax type, also those no longer active."""
    key = ("xero rates", desk.company, desk.organisation.version)
    known: dict[str, TaxRate] | None = desk.store.memo.get(key)
    if known is None:
        own = {record.body["TaxType"]: _rate(record) for record in desk.every(ENTITY)}
        known = desk.store.memo[key] = rates_for(desk.organisation.version) | own
    return known


def _rate(record: Record) -> TaxRate:
    body = record.body
    # A compound component is charged on the amount and on the plain components together.
    plain = sum((part["Rate"] for part in body["TaxComponents"] if not part["IsCompound"]), ZERO)
    compound = sum((part["Rate"] for part in body["TaxComponents"] if part["IsCompound"]), ZERO)
    percent = plain + compound + plain * compound / 100
    return TaxRate(
        tax_type=body["TaxType"],
        name=body["Name"],
        percent=Decimal(percent),
        on="AQELR" if not body["ReportTaxType"] else ("AQLR" if body["ReportTaxType"] in _SALES else "AQEL"),
        status=body["Status"],
        report_type=body["ReportTaxType"],
        component=body["Name"],
        components=tuple((part["Name"], part["Rate"], part["IsCompound"]) for part in body["TaxComponents"]),
    )


def save_tax_rate(desk: Desk, element: Fields, verb: str) -> Body:
    """Create (PUT), or change one of its own rates by tax type or name (POST); the stored body. Raises InvalidError."""
    known = _find(desk, element) if verb == "POST" else None
    body = _changed(desk, known.body if known else {}, element)
    problems = element.problems
    taken = [rate for rate in rates_of(desk).values() if rate.status == "ACTIVE" and rate.tax_type != body["TaxType"]]
    if not body["Name"] or any(name_key(rate.name) == name_key(body["Name"]) for rate in taken):
        problems.add(messages.TAX_NAME)
    if not body["TaxComponents"]:
        problems.add(messages.TAX_COMPONENTS)
    problems.stop(lambda: dict(element.element))
    desk.store.memo.pop(("xero rates", desk.company, desk.organisation.version), None)
    columns = {"name_key": name_key(body["Name"]), "status": body["Status"], "active": body["Status"] == "ACTIVE"}
    if known is None:
        desk.insert(ENTITY, body, **columns)
    else:
        desk.update(replace(known, body=body, **columns))
    return body


def _find(desk: Desk, element: Fields) -> Record | None:
    type, name = element.stripped("TaxType"), element.stripped("Name") or ""
    if type:
        found = [record for record in desk.every(ENTITY) if record.body["TaxType"] == type.upper()]
        if not found:
            raise InvalidError(messages.TAX_SYSTEM, echo=dict(element.element))
        return found[0]
    return next((record for record in desk.named(ENTITY, name) if record.active), None)


def _next_type(desk: Desk) -> str:
    """The first of `TAX001`, `TAX002` … that the organisation does not have."""
    taken = rates_of(desk)
    return next(name for name in map("TAX{:03}".format, count(1)) if name not in taken)


def _changed(desk: Desk, old: Body, element: Fields) -> Body:
    components = [
        {
            "Name": part.stripped("Name") or "Tax",
            "Rate": part.number("Rate") or ZERO,
            "IsCompound": part.boolean("IsCompound") or False,
        }
        for part in element.each("TaxComponents")
    ]
    return {
        "TaxType": old.get("TaxType") or _next_type(desk),
        "Name": element.stripped("Name", limit=50) or old.get("Name", ""),
        "ReportTaxType": element.choice("ReportTaxType", REPORT_TYPES) or old.get("ReportTaxType", ""),
        "Status": element.choice("Status", STATUSES) or old.get("Status", "ACTIVE"),
        "TaxComponents": components or old.get("TaxComponents", []),
    }
