"""Templates of transactions with the schedule by which they come again. None is ever entered by itself here."""

from typing import Any

from sandbox import wire
from sandbox.quickbooks import shapes
from sandbox.quickbooks.faults import ServiceFault, missing
from sandbox.quickbooks.kinds import Draft, Kind
from sandbox.quickbooks.transactions.base import TransactionKind
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

WAYS = ("Automated", "Reminded", "UnScheduled")
# What a template has none of: it belongs to each transaction that is entered by it.
OF_ONE = ("DocNumber", "TxnDate", "DueDate", "LinkedTxn", "Balance")
OWN = ("RecurringInfo", "Type")


class RecurringKind(Kind):
    """The body is kept flat, as that of the transaction it is a template of, which `Type` names."""

    entity = "RecurringTransaction"
    deletable = True

    def __init__(self, kinds: dict[str, TransactionKind]) -> None:
        """`kinds` are those that can come again, by their names."""
        self.kinds = kinds

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        info = body.get("RecurringInfo")
        if not info or not info.get("Name"):
            missing("RecurringInfo.Name")
        if info.setdefault("RecurType", "Automated") not in WAYS:
            raise ServiceFault("2170", f"Invalid Enumeration : {info['RecurType'][:40]}", "RecurType")
        info.setdefault("Active", True)
        name = body["Type"]
        inner = Draft({key: value for key, value in body.items() if key not in OWN}, draft.old, is_template=True)
        self.kinds[name].compose(work, inner)
        draft.body = {key: value for key, value in inner.body.items() if key not in OF_ONE}
        draft.body.update(RecurringInfo=info, Type=name)
        draft.party, draft.status, draft.name_key = inner.party, name, f"recurring:{info['Name'].casefold()}"
        for other in work.sandbox.store.by_name(work.company.id, draft.name_key):
            if draft.old is None or other.id != draft.old.id:
                raise ServiceFault("6240", f"The name supplied already exists. : Id={other.id}")

    def present(self, work: Work, record: Record) -> str:
        body = {**record.body, "RecurDataRef": {"value": record.id}}
        name = body.pop("Type")
        return wire.dumps({name: body})

    def gone(self, record: Record) -> str:
        return f'{{"{record.body["Type"]}":{super().gone(record)}}}'

    def client_key(self, body: Body) -> str | None:
        inner = next((each for each in body.values() if isinstance(each, dict)), {})
        info = inner.get("RecurringInfo")
        return str(info.get("Name")) if isinstance(info, dict) and info.get("Name") else None

    def _clean(self, given: Any) -> Body:
        """Raises 2000 for what cannot come again, 2010 for what is no template."""
        if not isinstance(given, dict) or len(given) != 1:
            raise ServiceFault("2010", "Property Name:failed to parse json object; one transaction is expected")
        [(name, inner)] = given.items()
        if name not in self.kinds:
            raise ServiceFault("2000", f"Invalid or unsupported object name: {str(name)[:60]}")
        clean = self.kinds[name].clean(inner)
        clean.pop("RecurDataRef", None)
        if inner.get("RecurringInfo") is not None:
            info = shapes.check("RecurringInfo", inner["RecurringInfo"])
            clean["RecurringInfo"] = {name: value for name, value in info.items() if value is not None}
        return {**clean, "Type": name}
