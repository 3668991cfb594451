"""The chart of accounts."""

from dataclasses import replace

from sandbox.books import Side
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.dates import read_moment, wire_moment
from sandbox.xero.desk import Desk, name_key
from sandbox.xero.errors import InvalidError
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.tax_rates import rates_of

ENTITY = "Account"

CLASS_OF_TYPE = {
    "BANK": "ASSET",
    "CURRENT": "ASSET",
    "FIXED": "ASSET",
    "INVENTORY": "ASSET",
    "NONCURRENT": "ASSET",
    "PREPAYMENT": "ASSET",
    "EQUITY": "EQUITY",
    "DEPRECIATN": "EXPENSE",
    "DIRECTCOSTS": "EXPENSE",
    "EXPENSE": "EXPENSE",
    "OVERHEADS": "EXPENSE",
    "CURRLIAB": "LIABILITY",
    "LIABILITY": "LIABILITY",
    "PAYG": "LIABILITY",
    "TERMLIAB": "LIABILITY",
    "OTHERINCOME": "REVENUE",
    "REVENUE": "REVENUE",
    "SALES": "REVENUE",
}
_REPORTING = {
    "ASSET": ("ASS", "Assets"),
    "EQUITY": ("EQU", "Equity"),
    "EXPENSE": ("EXP", "Expense"),
    "LIABILITY": ("LIA", "Liabilities"),
    "REVENUE": ("REV", "Revenue"),
}
_SIDES: dict[str, Side] = {"DEBTORS": "receivable", "CREDITORS": "payable"}
_CLOSED_SYSTEM = frozenset(
    {
        "DEBTORS",
        "CREDITORS",
        "BANKCURRENCYGAIN",
        "REALISEDCURRENCYGAIN",
        "UNREALISEDCURRENCYGAIN",
        "RETAINEDEARNINGS",
        "TRACKINGTRANSFERS",
        "UNPAIDEXPCLM",
    }
)
_STATUSES = ("ACTIVE", "ARCHIVED", "DELETED")
_BANK_TYPES = ("BANK", "CREDITCARD", "PAYPAL")


def account_of_line(desk: Desk, line: Fields) -> Record | None:
    """The account a line names by id or by code, whatever its state; None if there is none."""
    if "AccountID" in line:
        return desk.get(ENTITY, line.identifier("AccountID"))
    code = line.stripped("AccountCode")
    return account_by_code(desk, code) if code else None


def account_by_code(desk: Desk, code: str) -> Record | None:
    known = desk.accounts
    if code not in known:
        found = min(desk.numbered(ENTITY, code), key=lambda record: not record.active, default=None)
        if found is None:
            return None
        known[code] = found
    return known[code]


def system_account(desk: Desk, role: str) -> Record:
    """The organisation's account of a system role such as DEBTORS or GST."""
    key = _role_key(role)
    accounts = desk.accounts
    known = accounts.get(key)
    if known is None:
        found = desk.store.select("company=? AND entity=? AND party=?", (desk.company, ENTITY, key), limit=1)
        known = accounts[key] = found[0]
    return known


def _role_key(role: str) -> str:
    # Accounts have no party, so the indexed column serves to find system accounts.
    return f"SystemAccount:{role}"


def takes_document_lines(account: Record) -> bool:
    """Documents and journals may not be coded to bank, stock or closed system accounts."""
    body = account.body
    return body["Type"] not in ("BANK", "INVENTORY") and body.get("SystemAccount") not in _CLOSED_SYSTEM


def takes_payments(account: Record) -> bool:
    return account.body["Type"] == "BANK" or bool(account.body.get("EnablePaymentsToAccount"))


def save_account(desk: Desk, element: Fields, verb: str) -> Record:
    """Create (PUT) or update by id (POST) one account. Raises InvalidError."""
    known = None if verb == "PUT" else desk.get(ENTITY, element.identifier("AccountID"))
    problems = element.problems
    body = _changed(desk, known.body if known else {}, element, problems)
    _check(desk, body, known, problems)
    problems.stop()
    return store_account(desk, body, known)


def delete_account(desk: Desk, account: Record) -> Record:
    """Delete an account nothing was ever posted to."""
    if account.body.get("SystemAccount") or account.id in desk.books.balances(desk.company):
        raise InvalidError(messages.ACCOUNT_IN_USE, echo=wire_account(account))
    return store_account(desk, {**account.body, "Status": "DELETED"}, account)


def _changed(desk: Desk, old: Body, element: Fields, problems: Problems) -> Body:
    body = dict(old)
    for name, limit in (("Code", 10), ("Name", 150), ("Description", 4000), ("BankAccountNumber", 50)):
        text = element.stripped(name, limit=limit)
        if text is not None:
            body[name] = text
    for name in ("EnablePaymentsToAccount", "ShowInExpenseClaims", "AddToWatchlist"):
        body[name] = element.boolean(name) if name in element else body.get(name, False)
    body["Type"] = element.choice("Type", tuple(CLASS_OF_TYPE)) or body.get("Type")
    body["Status"] = element.choice("Status", _STATUSES) or body.get("Status", "ACTIVE")
    tax_type = element.stripped("TaxType")
    if tax_type:
        body["TaxType"] = tax_type
    if not body["Type"]:
        problems.add(messages.ACCOUNT_TYPE_REQUIRED)
    return body | (_bank(desk, body, element) if body["Type"] == "BANK" else {})


def _bank(desk: Desk, body: Body, element: Fields) -> Body:
    """What only bank accounts have: their kind and their currency."""
    currency = (element.stripped("CurrencyCode") or body.get("CurrencyCode", desk.organisation.base_currency)).upper()
    if currency not in desk.organisation.currencies:
        element.problems.add(messages.currency_missing(currency))
    kind = element.choice("BankAccountType", _BANK_TYPES) or body.get("BankAccountType", "BANK")
    return {"BankAccountType": kind, "CurrencyCode": currency}


def _check(desk: Desk, body: Body, known: Record | None, problems: Problems) -> None:
    name, code = body.get("Name"), body.get("Code")
    if not name or _taken(desk.named(ENTITY, name), known):
        problems.add(messages.ACCOUNT_NAME_TAKEN)
    if body["Type"] != "BANK" and not code:
        problems.add(messages.ACCOUNT_CODE_REQUIRED)
    if code and _taken(desk.numbered(ENTITY, code), known):
        problems.add(messages.ACCOUNT_CODE_TAKEN)
    if body.get("TaxType") and body["TaxType"] not in (*rates_of(desk), "NONE"):
        problems.add(messages.TAX_RATE_INVALID)
    if known and known.body.get("SystemAccount") and body["Status"] != "ACTIVE":
        problems.add(messages.ACCOUNT_IN_USE)


def _taken(records: list[Record], known: Record | None) -> bool:
    return any(record.status != "DELETED" and (known is None or record.id != known.id) for record in records)


def store_account(desk: Desk, body: Body, known: Record | None = None, *, id: str | None = None) -> Record:
    """Save an account and make it known to the books."""
    columns = {
        "number": body.get("Code") or None,
        "name_key": name_key(body["Name"]),
        "party": _role_key(body["SystemAccount"]) if body.get("SystemAccount") else None,
        "active": body["Status"] == "ACTIVE",
        "status": body["Status"],
    }
    if known is None:
        record = desk.insert(ENTITY, body, id=id, **columns)
    else:
        record = desk.update(replace(known, body=body, **columns))
    desk.books.declare(
        desk.company,
        id=record.id,
        code=body.get("Code", ""),
        name=body["Name"],
        type=body["Type"],
        side=_SIDES.get(body.get("SystemAccount", "")),
    )
    return record


def wire_account(record: Record) -> Body:
    body = record.body
    account_class = CLASS_OF_TYPE[body["Type"]]
    reporting, reporting_name = _REPORTING[account_class]
    shown: Body = {"AccountID": record.id}
    for name in ("Code", "Name", "Status", "Type", "Description"):
        if body.get(name):
            shown[name] = body[name]
    shown |= {
        "TaxType": body.get("TaxType", "NONE"),
        "Class": account_class,
        "EnablePaymentsToAccount": body.get("EnablePaymentsToAccount", False),
        "ShowInExpenseClaims": body.get("ShowInExpenseClaims", False),
    }
    for name in ("SystemAccount", "BankAccountNumber", "BankAccountType", "CurrencyCode"):
        if body.get(name):
            shown[name] = body[name]
    return shown | {
        "ReportingCode": reporting,
        "ReportingCodeName": reporting_name,
        "HasAttachments": body.get("HasAttachments", False),
        "UpdatedDateUTC": wire_moment(read_moment(record.updated_at)),
        "AddToWatchlist": body.get("AddToWatchlist", False),
    }
