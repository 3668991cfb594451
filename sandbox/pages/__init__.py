"""Server-rendered pages: consent screens and the books."""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

HERE = Path(__file__).resolve().parent.parent
VENDORS = {"quickbooks": "QuickBooks", "xero": "Xero"}
# Xero's words for types of accounts; QuickBooks' can be read as they are.
TYPES = {
    "BANK": "Bank", "CURRENT": "Current asset", "FIXED": "Fixed asset", "INVENTORY": "Inventory",
    "NONCURRENT": "Non-current asset", "PREPAYMENT": "Prepayment", "CURRLIAB": "Current liability",
    "LIABILITY": "Liability", "PAYG": "PAYG liability", "TERMLIAB": "Non-current liability", "EQUITY": "Equity",
    "OTHERINCOME": "Other income", "REVENUE": "Revenue", "SALES": "Sales", "DEPRECIATN": "Depreciation",
    "DIRECTCOSTS": "Direct costs", "EXPENSE": "Expense", "OVERHEADS": "Overhead",
}  # fmt: skip


class Pages:
    """Renders `sandbox/templates/`. Everything is escaped; the stylesheet is `/static/sandbox.css`."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters.update(
            cents=cents, side=side, moment=moment, times=times, vendor=VENDORS.__getitem__, typed=typed
        )

    def render(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page as a response. Templates extend `page.html` and give it a `title`."""
        text = self.environment.get_template(template).render(**values)
        return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})

    def missing(self, what: str, why: str, *ways: tuple[str, str]) -> HTMLResponse:
        """404 in words, with the ways on as (label, address)."""
        return self.render("missing.html", status=404, what=what, why=why, ways=ways)


def cents(value: int) -> str:
    """-123456 as 1,234.56 behind a true minus sign."""
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    whole, part = divmod(abs(value), 100)
    return f"{sign}{whole:,}.{part:02}"


def side(value: int) -> str:
    """-123456 as 1,234.56 credit"""
    return f"{cents(abs(value))} {'credit' if value < 0 else 'debit'}" if value else cents(0)


def moment(value: str) -> str:
    """A moment of ISO 8601 to the second, in UTC."""
    return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M:%S}"


def times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def typed(value: str) -> str:
    return TYPES.get(value, value)
