"""Rules of every transaction: dates, closed periods, numbers, currency, postings."""

import re
from typing import Any

from sandbox import wire
from sandbox.quickbooks.faults import PERIOD_CLOSED, ServiceFault, business
from sandbox.quickbooks.kinds import Draft, Kind
from sandbox.quickbooks.lists.base import forbid
from sandbox.quickbooks.money import amount
from sandbox.quickbooks.shapes import ENUMS, check_lengths
from sandbox.quickbooks.transactions import currencies
from sandbox.quickbooks.work import Work, number_addresses
from sandbox.store import Record
from sandbox.wire import Body

READ_ONLY = frozenset(
    {"TotalAmt", "Balance", "HomeBalance", "HomeTotalAmt", "LinkedTxn", "UnappliedAmt", "RemainingCredit"}
)
LINE_LENGTHS = {"Description": 4000}
MOST_LINES = 10_000
LINE_DETAILS = frozenset(name for name in ENUMS["LineDetailTypeEnum"] if name.endswith("Detail"))
CUSTOM_FIELD = {"DefinitionId", "Name", "Type", "StringValue"}
_CARD = re.compile(r"[\d -]{12,25}")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class TransactionKind(Kind):
    """`fill` of a subclass completes body, totals, party and postings; `numbering` names the preference."""

    lengths = {"DocNumber": 21, "PrivateNote": 4000}
    read_only = READ_ONLY
    deletable = True
    numbering = ""
    # Whether the vendor gives a number to what comes without one, where custom numbers are off.
    numbered = False
    kept_on_full_update = frozenset({"LinkedTxn", "CurrencyRef", "DeliveryInfo", "ExchangeRate"})
    # Whether the document can be in a foreign currency, and which of its amounts show in the home currency too.
    foreign = True
    home_amounts: tuple[str, ...] = ()

    def fill(self, work: Work, draft: Draft) -> None:
        raise NotImplementedError

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        draft.txn_date = body["TxnDate"] = body.get("TxnDate") or work.today
        refuse_closed(work, draft.txn_date, draft.old)
        currencies.settle(work, draft, foreign=self.foreign)
        number_addresses(work, body, draft.old)
        place_department(work, body)
        check_lines(body.get("Line") or [])
        if body.get("CustomField"):
            check_custom_fields(body["CustomField"])
        if body.get("CreditCardPayment"):
            refuse_card_number(body["CreditCardPayment"])
        if work.is_us():
            body.pop("GlobalTaxCalculation", None)
        if not draft.is_template:
            self._number(work, draft)
        self.fill(work, draft)
        currencies.check_party(work, draft)
        if body.get("ExchangeRate"):
            self.convert(work, draft)
        if draft.old is not None and draft.old.status == "void" and draft.total == 0:
            draft.status = "void"

    def convert(self, work: Work, draft: Draft) -> None:
        """Turn the postings of a document in a foreign currency into the home currency."""
        draft.lines = currencies.convert(draft.lines, currencies.rate_of(draft.body))

    def present(self, work: Work, record: Record) -> str:
        if not record.body.get("ExchangeRate") or not self.home_amounts:
            return record.text
        figures = {
            "HomeTotalAmt": currencies.worth(abs(record.total_cents), currencies.rate_of(record.body)),
            "HomeBalance": currencies.home_balance(record),
        }
        return wire.dumps({**record.body, **{name: amount(figures[name]) for name in self.home_amounts}})

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        books = work.sandbox.books
        if draft.old is not None:
            books.unpost(work.company.id, self.entity, record.id)
        books.post(work.company.id, self.entity, record.id, record.txn_date or "", draft.lines)

    def before_delete(self, work: Work, record: Record) -> None:
        refuse_closed(work, record.txn_date or "", record)
        self.loosen(work, record)
        work.sandbox.books.unpost(work.company.id, self.entity, record.id)

    def loosen(self, work: Work, record: Record) -> None:
        """Undo links to and from the record before it goes."""

    def _number(self, work: Work, draft: Draft) -> None:
        body = draft.body
        number = body.get("DocNumber")
        if number == "" or number is None:
            body.pop("DocNumber", None)
            if self.numbered and not work.settings.get("custom_txn_numbers", True):
                body["DocNumber"] = number = str(
                    work.sandbox.store.next_id(work.company.id, f"number:{self.entity}") + 1000
                )
        if not number:
            return
        forbid("DocNumber", number, "\t\n")
        draft.number = number
        unchanged = draft.old is not None and draft.old.number == number
        if not unchanged and "allowduplicatedocnum" not in work.include:
            self._refuse_duplicate(work, draft, number)

    def _refuse_duplicate(self, work: Work, draft: Draft, number: str) -> None:
        if not self._warns(work):
            return
        for other in work.sandbox.store.select(
            "company=? AND number=? AND entity=?", (work.company.id, number, self.entity)
        ):
            if self._clashes(work, draft, other):
                raise ServiceFault(
                    "6140",
                    "Duplicate Document Number Error : You must specify a different number. This number has already "
                    f"been used.  DocNumber={number} is assigned to TxnType={spaced(self.entity)} "
                    f"with TxnId={other.id}",
                )

    def _warns(self, work: Work) -> bool:
        if self.numbering == "sales" and not work.settings.get("custom_txn_numbers", True):
            return False
        return bool(work.settings.get("warn_duplicate_numbers", True))

    def _clashes(self, work: Work, draft: Draft, other: Record) -> bool:
        """Whether the vendor counts the other as the same number; the API looks across all parties."""
        if work.settings.get("duplicate_scope") != "party":
            return True
        ref = draft.body.get("VendorRef") or draft.body.get("CustomerRef") or {}
        return other.party is None or other.party.split(":")[1] == ref.get("value")


def check_lines(lines: list[Body]) -> None:
    """Raise 6000 for too many lines, 2050 for too long a text, and 2600 for a line of two kinds."""
    if len(lines) > MOST_LINES:
        business(f"A transaction takes at most {MOST_LINES:,} lines.")
    for line in lines:
        check_lengths(line, LINE_LENGTHS)
        held = line.keys() & LINE_DETAILS
        if len(held) > 1:
            refuse_two_kinds(line, held)


def refuse_two_kinds(line: Body, names: set[str]) -> None:
    """Raise 2600 if more than one of the details says something."""
    held = sorted(name for name in names if line[name])
    if len(held) > 1:
        raise ServiceFault("2600", f"Conflicting elements in request : {held[0]} and {held[1]}", held[1])


def check_custom_fields(given: Any) -> None:
    """Three fields of text, numbered 1 to 3; raises 3000."""
    for field in given if isinstance(given, list) else [given]:
        known = isinstance(field, dict) and field.keys() <= CUSTOM_FIELD
        if not known or str(field.get("DefinitionId")) not in ("1", "2", "3"):
            raise ServiceFault("3000", "Invalid Custom Field : DefinitionId is 1, 2 or 3", "CustomField")
        if not isinstance(field.get("StringValue", ""), str | None) or len(field.get("StringValue") or "") > 31:
            raise ServiceFault(
                "3000", "Invalid Custom Field : StringValue is a text of up to 31 characters", "CustomField"
            )


def refuse_card_number(given: Body) -> None:
    """Only tokens of the payments service may stand where a card's number would; raises 6530."""
    number = str((given.get("CreditChargeInfo") or {}).get("Number") or "")
    if _CARD.fullmatch(number):
        raise ServiceFault("6530", "Raw credit card numbers are not supported. Use a token instead", "Number")


def refuse_closed(work: Work, date: str, old: Record | None) -> None:
    """Raise 6210 if the new or the stored date lies in the closed period."""
    closed = work.settings.get("book_close_date")
    stored = old.txn_date if old is not None else None
    if closed and (date <= closed or (stored is not None and stored <= closed)):
        raise ServiceFault("6210", PERIOD_CLOSED)


def number_lines(lines: list[Body], old: list[Body], *, first: int = 1, counted: bool = True) -> None:
    """Give lines without an Id the next one that the document never had, and count LineNum where it is shown."""
    used = [int(line["Id"]) for line in (*lines, *old) if str(line.get("Id", "")).isdigit()]
    following = max(used, default=first - 1) + 1
    seen: set[str] = set()
    for position, line in enumerate(lines, 1):
        if not str(line.get("Id", "")).isdigit() or line["Id"] in seen:
            line["Id"], following = str(following), following + 1
        seen.add(line["Id"])
        if counted:
            line.setdefault("LineNum", position)


def place_department(work: Work, holder: Body) -> None:
    """Keep DepartmentRef where the company tracks locations, drop it elsewhere; raises 2500, 610."""
    if not holder.get("DepartmentRef") or not work.tracks_departments:
        holder.pop("DepartmentRef", None)
        return
    work.resolve("Department", holder["DepartmentRef"], element="DepartmentRef")


def place_class(work: Work, holder: Body, level: str) -> str | None:
    """Keep ClassRef where the preference wants it ("line" or "txn"), drop it elsewhere; returns the class id."""
    if not holder.get("ClassRef") or work.class_mode != level:
        holder.pop("ClassRef", None)
        return None
    work.resolve("Class", holder["ClassRef"], element="ClassRef")
    return str(holder["ClassRef"]["value"])


def spaced(entity: str) -> str:
    """JournalEntry as the vendor's sentences write it: Journal Entry."""
    return _CAPITAL.sub(" ", entity)
