"""`/exchangerate`: what a foreign currency is worth, read and set."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox import wire
from sandbox.quickbooks import shapes
from sandbox.quickbooks.answers import inner_time
from sandbox.quickbooks.faults import ServiceFault, missing
from sandbox.quickbooks.lists.base import known_currency
from sandbox.quickbooks.money import rate as plain_rate
from sandbox.quickbooks.transactions.currencies import listed_rate
from sandbox.quickbooks.work import Work


def read(work: Work, asked: dict[str, str]) -> str:
    """The inner text of the answer; one rate holds for every day. Raises 2020, 2060, 2220, 2500, 5030."""
    code = asked.get("sourcecurrencycode")
    if not code:
        missing("sourcecurrencycode")
    return _shown(work, _foreign(work, code), asked.get("asofdate") or work.today)


def listed(work: Work, days: Sequence[str]) -> list[str]:
    """The rates of all currencies in use on these days, today if there are none, each as JSON text."""
    if not work.settings.get("multicurrency"):
        return []
    where = "company=? AND entity='CompanyCurrency' AND active=1"
    codes = [record.body["Code"] for record in work.sandbox.store.select(where, (work.company.id,), order="seq")]
    return [_object(work, code, day) for day in days or [work.today] for code in codes]


def write(work: Work, given: Any) -> str:
    """Set a rate; raises 2010, 2020, 2220, 2240, 2500, 5030."""
    clean = shapes.check("ExchangeRate", given)
    for name in ("SourceCurrencyCode", "Rate"):
        if clean.get(name) is None:
            missing(name)
    code, rate = _foreign(work, clean["SourceCurrencyCode"]), clean["Rate"]
    if not 0 < rate < 10**6:
        raise ServiceFault("2240", f"Number out of range. Min:0 Max:999,999. Supplied value:{rate}", "Rate")
    rates = {**(work.settings.get("exchange_rates") or {}), code: str(rate)}
    work.sandbox.companies.configure(work.company, {"exchange_rates": rates})
    return _shown(work, code, clean.get("AsOfDate") or work.today)


def _foreign(work: Work, code: str) -> str:
    if not work.settings.get("multicurrency"):
        raise ServiceFault("5030", "Feature Not Supported Error : Multicurrency is off.")
    return known_currency(work, {"value": code})


def _shown(work: Work, code: str, day: str) -> str:
    return f'"ExchangeRate":{_object(work, code, day)}'


def _object(work: Work, code: str, day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError:
        detail = f"asofdate should be in the format yyyy-MM-dd. Supplied value:{day[:40]}"
        raise ServiceFault("2060", detail, "asofdate") from None
    body = {
        "SyncToken": "0",
        "domain": "QBO",
        "AsOfDate": day,
        "SourceCurrencyCode": code,
        "Rate": Decimal(1) if code == work.home_currency() else plain_rate(listed_rate(work, code)),
        "TargetCurrencyCode": work.home_currency(),
        "MetaData": {"LastUpdatedTime": inner_time(work.now)},
    }
    return wire.dumps(body)
