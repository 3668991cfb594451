"""The columns of each kind of file, the names other programs give them, and the template to start from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Layout:
    """``required`` columns must be in the file; ``optional`` ones may be. ``example`` is a row of the template."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    examples: tuple[Mapping[str, str], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the first line means: our column or None for each of theirs."""

    columns: list[str | None]
    missing: list[str]
    doubled: list[str]
    remarks: list[str] = field(default_factory=list)


_ADDRESS = ("email", "phone", "street", "city", "state", "postal code", "country")
_PARTY = Layout(
    required=("name",),
    optional=_ADDRESS,
    examples=(
        {
            "name": "Hanson Concrete",
            "email": "office@hanson.example",
            "phone": "555-0142",
            "street": "14 Quarry Rd",
            "city": "Albany",
            "state": "NY",
            "postal code": "12207",
            "country": "US",
        },
    ),
)

VENDORS = _PARTY
CUSTOMERS = _PARTY
PROJECTS = Layout(
    required=("number", "name", "customer"),
    optional=("status",),
    examples=({"number": "J-101", "name": "Pier 9", "customer": "Harbor General", "status": "active"},),
)
BILLS = Layout(
    required=("number", "vendor", "bill date", "amount"),
    optional=("project", "due date", "memo", "description", "retainage"),
    examples=(
        {
            "number": "1043",
            "vendor": "Hanson Concrete",
            "project": "J-101",
            "bill date": "2026-10-03",
            "due date": "2026-11-02",
            "memo": "October",
            "description": "Equipment pads",
            "amount": "25000.00",
            "retainage": "10%",
        },
        {"number": "1043", "vendor": "Hanson Concrete", "description": "Trench, second line of 1043", "amount": "1200"},
    ),
)
INVOICES = Layout(
    required=("number", "customer", "invoice date", "amount"),
    optional=("project", "due date", "memo", "description", "retainage"),
    examples=(
        {
            "number": "PA1",
            "customer": "Harbor General",
            "project": "J-101",
            "invoice date": "2026-10-31",
            "due date": "2026-11-30",
            "memo": "Application 1",
            "description": "Mobilization",
            "amount": "12000.00",
            "retainage": "1200.00",
        },
    ),
)

_ALIASES = {
    "no": "number",
    "bill no": "number",
    "bill number": "number",
    "invoice no": "number",
    "invoice number": "number",
    "ref no": "number",
    "project number": "number",
    "job number": "number",
    "supplier": "vendor",
    "vendor name": "vendor",
    "subcontractor": "vendor",
    "customer name": "customer",
    "client": "customer",
    "company": "name",
    "company name": "name",
    "display name": "name",
    "project name": "name",
    "job": "project",
    "date": "date",
    "due": "due date",
    "notes": "memo",
    "note": "memo",
    "line description": "description",
    "total": "amount",
    "line amount": "amount",
    "retention": "retainage",
    "retainage withheld": "retainage",
    "e mail": "email",
    "email address": "email",
    "phone number": "phone",
    "address": "street",
    "zip": "postal code",
    "zip code": "postal code",
    "postcode": "postal code",
}


def match_header(names: list[str], layout: Layout) -> Header:
    """Which of our columns each of theirs is; columns nobody knows are named in a remark and not used."""
    columns = [_column(name, layout) for name in names]
    known = [column for column in columns if column]
    unused = [name.strip()[:60] for name, column in zip(names, columns, strict=True) if not column and name.strip()]
    remarks = [f"Not used: {', '.join(f'“{name}”' for name in unused[:12])}."] if unused else []
    return Header(
        columns=columns,
        missing=[column for column in layout.required if column not in known],
        doubled=[column for column in layout.columns if known.count(column) > 1],
        remarks=remarks,
    )


def _column(name: str, layout: Layout) -> str | None:
    plain = re.sub(r"[^a-z]+", " ", name.casefold()).strip()
    # A bare "date" is the document's own date, whatever the document is.
    own_date = next((column for column in layout.required if column.endswith(" date")), "")
    for candidate in (plain, _ALIASES.get(plain, ""), own_date if plain == "date" else ""):
        if candidate in layout.columns:
            return candidate
    return None
