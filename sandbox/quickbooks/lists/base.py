"""Rules of every list: unique names, parents, inactivation."""

import re
from dataclasses import replace

from sandbox import wire
from sandbox.quickbooks.faults import ServiceFault, business
from sandbox.quickbooks.kinds import Draft, Kind
from sandbox.quickbooks.work import Work, shown_name
from sandbox.store import Record
from sandbox.wire import Body

CURRENCIES = {
    "AUD": "Australian Dollar",
    "CAD": "Canadian Dollar",
    "CHF": "Swiss Franc",
    "EUR": "Euro",
    "GBP": "British Pound Sterling",
    "JPY": "Japanese Yen",
    "MXN": "Mexican Peso",
    "NZD": "New Zealand Dollar",
    "SGD": "Singapore Dollar",
    "USD": "United States Dollar",
}
# A reference as it is stored.
_REFERENCE = re.compile(
    r'(?P<before>\{"value":"(?P<id>[^"\\]+)",(?:"type":"\w+",)?"name":)(?P<name>"(?:[^"\\]|\\.)*")\}'
)
_CURRENCY = re.compile(r"[A-Z]{3}")
DELETED = " (deleted)"
DEEPEST = 5
TAKEN = "The name supplied already exists. : Another customer, vendor or employee is already using this name. Please use a different name."  # noqa: E501  the vendor's own sentence


class ListKind(Kind):
    """`label` is the property that holds the name; `space` the name space in which it is unique."""

    label = "Name"
    space = ""
    taken = "The name supplied already exists. : null"
    renames_when_inactive: tuple[str, ...] = ("Name", "FullyQualifiedName")

    def place(self, work: Work, draft: Draft) -> None:
        """Fill FullyQualifiedName and Level from ParentRef; raises 700, 6180."""
        body, name = draft.body, str(draft.body[self.label])
        ref = body.get("ParentRef")
        parent = work.resolve(self.entity, ref, element="ParentRef") if ref else None
        draft.party = f"{self.entity}:{parent.id}" if parent else None
        if parent is None:
            body.pop("ParentRef", None)
            body["FullyQualifiedName"] = name
            return
        self._refuse_loop(work, draft, parent)
        full = f"{shown_name(parent)}:{name}"
        if full.count(":") + 1 > DEEPEST:
            raise ServiceFault("6180", f"Sub level limit exceeded : Only {DEEPEST} levels are supported")
        body["FullyQualifiedName"] = full

    def claim_name(self, work: Work, draft: Draft, name: str) -> None:
        """Reserve the name in its space, without regard to case; raises 6240. Inactive entries may share one."""
        draft.name_key = self._key(name)
        if not draft.active:
            return
        for other in work.sandbox.store.by_name(work.company.id, draft.name_key):
            if draft.old is None or (other.entity, other.id) != (self.entity, draft.old.id):
                raise ServiceFault("6240", f"{self.taken} Id={other.id}")

    def retire(self, draft: Draft) -> None:
        """Keep Active, and mark the names of an inactive entry."""
        body = draft.body
        draft.active = body.setdefault("Active", True)
        for name in self.renames_when_inactive:
            text = body.get(name)
            if isinstance(text, str):
                plain = text.removesuffix(DELETED)
                body[name] = plain if draft.active else plain + DELETED

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        if draft.old is not None and shown_name(draft.old) != shown_name(record):
            self._renamed(work, draft.old, record)

    def _refuse_loop(self, work: Work, draft: Draft, parent: Record) -> None:
        above: Record | None = parent
        while above is not None and draft.old is not None:
            if above.id == draft.old.id:
                raise ServiceFault("900", "Parent cannot be child : An entry cannot be below itself", "ParentRef")
            ref = above.body.get("ParentRef")
            above = work.find(self.entity, ref["value"]) if ref else None

    def children(self, work: Work, parent: Record) -> list[Record]:
        """The entries directly below one."""
        return work.sandbox.store.select(
            "company=? AND entity=? AND party=?", (work.company.id, self.entity, f"{self.entity}:{parent.id}")
        )

    def _renamed(self, work: Work, old: Record, new: Record) -> None:
        """References print the name of today, and what lies below carries it."""
        store, pending = work.sandbox.store, [(old, new)]
        # Id and name of yesterday to the name of today.
        names: dict[tuple[str, str], str] = {}
        while pending:
            before, after = pending.pop()
            names[after.id, shown_name(before)] = shown_name(after)
            for child in self.children(work, after):
                pending.append((child, store.update(self._below(child, shown_name(after)))))

        def name(found: re.Match[str]) -> str:
            today = names.get((found["id"], wire.loads(found["name"])))
            return found[0] if today is None else f"{found['before']}{wire.dumps(today)}}}"

        # Every name that lies below begins with the one above; without any, the id says more than a short name.
        mark = f'"name":{wire.dumps(shown_name(old))[:-1]}' if len(names) > 1 else f'"value":{wire.dumps(new.id)}'
        store.reword(work.company.id, mark, lambda text: _REFERENCE.sub(name, text))

    def _below(self, child: Record, above: str) -> Record:
        """The child of an entry that is called `above` now."""
        body = {**child.body, "FullyQualifiedName": f"{above}:{child.body[self.label]}"}
        if "Level" in body:
            body["Level"] = body["FullyQualifiedName"].count(":")
        is_claimed = child.name_key == self._key(shown_name(child))
        return replace(
            child, body=body, name_key=self._key(body["FullyQualifiedName"]) if is_claimed else child.name_key
        )

    def _key(self, name: str) -> str:
        return f"{self.space}:{name.casefold()}"


def forbid(name: str, text: str, characters: str) -> None:
    """Raise 2040 for characters the list does not take."""
    if any(character in text for character in characters):
        raise ServiceFault("2040", f"{name} contains invalid characters: {text[:100]}", name)


def currency_ref(code: str) -> Body:
    """A reference to a currency as the vendor prints it."""
    return {"value": code, "name": CURRENCIES.get(code, code)}


def known_currency(work: Work, ref: Body | None) -> str:
    """The code a CurrencyRef means, the home currency if there is none. Raises 2220, 2500, 6000."""
    home = work.home_currency()
    code = str((ref or {}).get("value") or home)
    if not _CURRENCY.fullmatch(code):
        raise ServiceFault("2220", f"Invalid Currency Type : {code[:40]}", "CurrencyRef")
    if code == home:
        return code
    if not work.settings.get("multicurrency"):
        business(f"Multicurrency is off: {code} cannot be used.")
    listed = work.sandbox.store.by_name(work.company.id, f"currency:{code}")
    if not any(record.active for record in listed):
        raise ServiceFault("2500", f"Invalid Reference Id : Currencies element id {code} not found", "CurrencyRef")
    return code
