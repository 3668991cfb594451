"""The settings of an organisation that Xero reads, and what each may be; `organisation` says what they mean."""

from sandbox.json_shapes import COUNT, DAY, FLAG, NAME, Schema, one_of, rows

_CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "three capital letters such as AUD"}

SETTINGS: dict[str, Schema] = {
    "version": one_of("AU", "NZ", "UK", "US", "GLOBAL"),
    "base_currency": _CURRENCY,
    "currencies": rows(_CURRENCY),
    "period_lock_date": DAY,
    "end_of_year_lock_date": DAY,
    "legal_name": NAME,
    "class": NAME,
    "edition": one_of("BUSINESS", "PARTNER"),
    "adviser": FLAG,
    "denied_actions": rows(NAME),
    "sales_approval_limit": COUNT,
    "bill_approval_limit": COUNT,
    "partial_batches": FLAG,
    "missing_scope_status": {"type": "integer", "enum": [401, 403]},
    "forbidden_resources": rows(NAME),
    "day_limit": COUNT,
    "limit_style": one_of("fixed", "rolling"),
    "custom_connection": NAME,
    "key_in_use_status": {"type": "integer", "enum": [400, 409]},
}
