"""The settings of a company that QuickBooks reads, and what each may be."""

from sandbox.json_shapes import ANY, COUNT, DAY, FLAG, NUMBER, Schema, one_of, table

_SECONDS: Schema = {**NUMBER, "minimum": 0}
_RATE: Schema = {"type": ["string", "number"], "pattern": r"^\d+(\.\d+)?$", "description": "a rate such as 1.1"}

SETTINGS: dict[str, Schema] = {
    "country": {"type": "string", "pattern": "^[A-Z]{2}$", "description": "two capital letters such as US"},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "three capital letters such as USD"},
    "book_close_date": DAY,
    "custom_txn_numbers": FLAG,
    "warn_duplicate_numbers": FLAG,
    "duplicate_scope": one_of("company", "party"),
    "journal_control_lines": one_of("one", "many"),
    "class_mode": one_of("line", "txn", "none"),
    "class_limit": COUNT,
    "plan": one_of("simple_start", "essentials", "plus", "advanced"),
    "track_departments": FLAG,
    "using_sales_tax": FLAG,
    "subscription": one_of("active", "lapsed"),
    "status": one_of("active", "maintenance", "locked", "wrong_cluster"),
    "access": one_of("given", "removed"),
    "multicurrency": FLAG,
    "exchange_rates": table(_RATE),
    "company_info": table(ANY),
    "versions": table(COUNT),
    "cdc_too_far_back": one_of("shortened", "refused"),
    "requestid_retention_seconds": _SECONDS,
    "refresh_rotation_seconds": _SECONDS,
    "refresh_grace_seconds": _SECONDS,
}
