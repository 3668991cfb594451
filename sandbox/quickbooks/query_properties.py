"""The properties a query can name, as the schema has them."""

from functools import cache, lru_cache

from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.shapes import TYPES

NOT_QUERYABLE = frozenset(
    {"PrivateNote", "Line", "LinkedTxn", "CustomField", "TxnTaxDetail", "CustomerMemo", "DepartmentRef", "EntityRef"}
)
NOT_QUERYABLE_OF = {("Deposit", "TotalAmt"), ("Customer", "Taxable")}
COLUMNS = {
    "Id": "CAST(id AS INTEGER)",
    "TxnDate": "txn_date",
    "Active": "active",
    "MetaData.CreateTime": "created_at",
    "MetaData.LastUpdatedTime": "updated_at",
}
LONGEST_PATH = 200
EMAIL_FIELDS = ("PrimaryEmailAddr", "BillEmail")
# What lies within values that the schemas of the objects do not describe.
INNER = {
    "Ref": {"value": "string", "name": "string", "type": "string"},
    "MetaData": {"CreateTime": "dateTime", "LastUpdatedTime": "dateTime"},
}


def spelled(entity: str, path: str) -> str:
    """A property as the schema writes it, however the client does; what nobody knows stays as it is. Raises 4001 for
    what is too long to be one: it would be remembered."""
    if len(path) > LONGEST_PATH:
        raise unknown(path, entity)
    return _found(entity, path)[0]


def kind_of(entity: str, path: str) -> str:
    """What a property holds: a scalar, an object's type, "list", or nothing where there is no such property."""
    return _found(entity, path)[1]


def projected(entity: str, name: str) -> str:
    """The property a projection names; addresses come with `*` alone, references whole. Raises 4001."""
    path = spelled(entity, name)
    if not kind_of(entity, path) or kind_of(entity, path.split(".")[0]) == "PhysicalAddress":
        raise unknown(name, entity)
    holder = path.rpartition(".")[0]
    return holder if kind_of(entity, holder) == "Ref" else path


def column(entity: str, name: str) -> str:
    """The SQL that stands for a property in conditions and orders; raises 4001."""
    root, kind = name.split(".")[0], kind_of(entity, name)
    if not kind:
        raise unknown(name, entity)
    if kind == "list" or root in NOT_QUERYABLE or (entity, root) in NOT_QUERYABLE_OF:
        raise ServiceFault("4001", f"QueryValidationError: property '{name}' is not queryable")
    if name == "DocNumber" or (name == "PaymentRefNum" and entity == "Payment"):
        return "number"
    if name in COLUMNS:
        return COLUMNS[name]
    path = f"{name}.value" if kind == "Ref" else f"{name}.Address" if name in EMAIL_FIELDS else name
    text = f"json_extract(body, '$.{path}')"
    return text if kind in ("decimal", "int", "boolean") else f"{text} COLLATE NOCASE"


def unknown(name: str, entity: str) -> ServiceFault:
    return ServiceFault("4001", f"QueryValidationError: Property {name[:60]} not found for Entity {entity}")


@lru_cache(maxsize=4096)
def _found(entity: str, path: str) -> tuple[str, str]:
    parts, kind = [], entity
    for part in path.split("."):
        name = _spellings(kind).get(part.casefold(), part)
        held = (INNER.get(kind) or TYPES.get(kind, {})).get(name, "")
        kind = "MetaData" if name == "MetaData" and held else held if isinstance(held, str) else "list"
        parts.append(name)
    return ".".join(parts), kind


@cache
def _spellings(kind: str) -> dict[str, str]:
    return {name.casefold(): name for name in INNER.get(kind) or TYPES.get(kind, {})}
