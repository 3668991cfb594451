"""Amounts and moments as text."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.template import Context

from rivet.money import cents

register = template.Library()

#: The typographic minus: as wide as the digits beside it.
MINUS = "\N{MINUS SIGN}"

_SIGNS = {"USD": "$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "GBP": "£", "EUR": "€"}


@register.filter
def money(amount: Decimal, currency: str | None = "USD") -> str:
    """``$12,480.00``; a currency without a sign of its own is written out: ``CHF 12.00``."""
    code = currency or "USD"
    sign = _SIGNS.get(code, f"{code} ")
    rounded = cents(amount)
    return f"{MINUS if rounded < 0 else ''}{sign}{abs(rounded):,.2f}"


@register.filter
def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@register.simple_tag(takes_context=True)
def in_zone(context: Context, moment: datetime) -> str:
    """``Nov 21, 2026, 2:05 PM EST``, in the firm's zone or in UTC where no firm is being served."""
    tenant = getattr(context.get("request"), "tenant", None)
    local = moment.astimezone(ZoneInfo(tenant.time_zone) if tenant else UTC)
    return f"{local:%b} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M %p %Z}"


@register.filter
def lookup(table: Mapping[str, object], key: str) -> object:
    """``table[key]``, and the key itself where the table does not say."""
    return table.get(key, key)
