"""Customers, vendors and employees: three lists, one name space."""

import re

from sandbox import wire
from sandbox.books import Side
from sandbox.quickbooks.faults import ServiceFault, business
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.base import DELETED, TAKEN, ListKind, currency_ref, forbid, known_currency
from sandbox.quickbooks.lists.taxes import PSEUDO_CODES, first_code
from sandbox.quickbooks.money import amount
from sandbox.quickbooks.work import Work, number_addresses
from sandbox.store import Record
from sandbox.wire import Body

PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
CONTACT_LENGTHS = {
    "DisplayName": 500,
    "GivenName": 100,
    "MiddleName": 100,
    "FamilyName": 100,
    "Title": 16,
    "Suffix": 16,
    "CompanyName": 100,
    "PrintOnCheckName": 100,
    "AcctNum": 100,
    "Notes": 4000,
    "PrimaryEmailAddr.Address": 100,
    "WebAddr.URI": 1000,
    "PrimaryPhone.FreeFormNumber": 30,
    "AlternatePhone.FreeFormNumber": 30,
    "Mobile.FreeFormNumber": 30,
    "Fax.FreeFormNumber": 30,
}
EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+$")
_WEB = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?$", re.IGNORECASE)


class NameKind(ListKind):
    """A party. Its balance is the sum of its open documents on `side`."""

    label = "DisplayName"
    space = "name"
    taken = TAKEN
    lengths = CONTACT_LENGTHS
    side: Side = "receivable"
    renames_when_inactive: tuple[str, ...] = ("DisplayName", "FullyQualifiedName")
    read_only = frozenset({"Balance", "BalanceWithJobs", "FullyQualifiedName", "Level", "IsProject", "Source"})
    kept_on_full_update = frozenset({"CurrencyRef", "Taxable", "BillWithParent", "Job", "ParentRef"})

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        body["DisplayName"] = self._display_name(body)
        forbid("DisplayName", body["DisplayName"], ":\t\n")
        _check_contact(body)
        number_addresses(work, body, draft.old)
        self._complete(work, draft)
        if not body.get("PrintOnCheckName"):
            body["PrintOnCheckName"] = body.get("CompanyName") or body["DisplayName"]
        self._refuse_inactive_with_balance(work, draft)
        self._keep(work, draft)
        self.retire(draft)
        self.claim_name(work, draft, body["DisplayName"])

    def present(self, work: Work, record: Record) -> str:
        own = self.open_balance(work, record)
        return wire.dumps({**record.body, "Balance": amount(own)})

    def open_balance(self, work: Work, record: Record) -> int:
        """In cents; one sum for all names when a query shows many."""
        party, key = f"{self.entity}:{record.id}", f"open:{self.side}"
        if not work.many:
            return work.sandbox.books.open_total(work.company.id, self.side, party)
        if key not in work.memory:
            work.memory[key] = work.sandbox.books.open_by_party(work.company.id, self.side)
        return int(work.memory[key].get(party, 0))

    def _complete(self, work: Work, draft: Draft) -> None:
        """What only this list has."""

    def _keep(self, work: Work, draft: Draft) -> None:
        """Refuse changes that what is already booked does not allow."""

    def _display_name(self, body: Body) -> str:
        given = body.get("DisplayName") or " ".join(str(body[part]) for part in PARTS if body.get(part))
        if not given.strip():
            raise ServiceFault(
                "6080",
                "No name provided : At least one of Title, GivenName, MiddleName, FamilyName, Suffix or DisplayName "
                "is required",
            )
        return str(given).removesuffix(DELETED)

    def _refuse_inactive_with_balance(self, work: Work, draft: Draft) -> None:
        old = draft.old
        if old is not None and old.active and draft.body.get("Active") is False and self.open_balance(work, old):
            raise ServiceFault(
                "6220", f"The entity has a balance : {self.entity} {old.body['DisplayName']} has a balance"
            )


class CustomerKind(NameKind):
    entity = "Customer"
    side: Side = "receivable"

    def _complete(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if body.get("Job") and not body.get("ParentRef"):
            raise ServiceFault("6150", "ParentRef is required : ParentRef is required when Job is true", "ParentRef")
        self.place(work, draft)
        body["Job"] = "ParentRef" in body
        _settle_tax(work, body, new=draft.old is None)
        body.setdefault("BillWithParent", False)
        body.pop("Level", None)
        if body["Job"]:
            body["Level"] = body["FullyQualifiedName"].count(":")
        body.setdefault("PreferredDeliveryMethod", "Print")
        body["IsProject"] = False
        body.setdefault("ClientEntityId", "0")
        keep_currency(work, draft)
        if body.get("SalesTermRef"):
            work.resolve("Term", body["SalesTermRef"], element="SalesTermRef")

    def _keep(self, work: Work, draft: Draft) -> None:
        old, body = draft.old, draft.body
        if old is None:
            return
        if bool(old.body.get("BillWithParent")) != bool(body["BillWithParent"]) and self.open_balance(work, old):
            raise ServiceFault("6130", "There are open invoices or payments that bill with or without the parent.")
        if old.active and body.get("Active") is False and _unbilled(work, old.id):
            raise ServiceFault("6280", f"{old.body['DisplayName']} has unbilled charges")

    def present(self, work: Work, record: Record) -> str:
        own = self.open_balance(work, record)
        total = own + sum(self.open_balance(work, job) for job in self._jobs(work, record))
        return wire.dumps({**record.body, "Balance": amount(own), "BalanceWithJobs": amount(total)})

    def _jobs(self, work: Work, record: Record) -> list[Record]:
        if work.many and "parents" not in work.memory:
            found = work.sandbox.store.db.execute(
                "SELECT DISTINCT party FROM documents WHERE company=? AND entity='Customer' AND party IS NOT NULL",
                (work.company.id,),
            )
            work.memory["parents"] = {row[0] for row in found}
        if work.many and f"Customer:{record.id}" not in work.memory["parents"]:
            return []
        direct = self.children(work, record)
        return [*direct, *(deeper for job in direct for deeper in self._jobs(work, job))]


class VendorKind(NameKind):
    entity = "Vendor"
    side: Side = "payable"
    renames_when_inactive = ("DisplayName",)

    def _complete(self, work: Work, draft: Draft) -> None:
        body = draft.body
        body.setdefault("Vendor1099", False)
        keep_currency(work, draft)
        # Observed by clients: terms sent on create are not kept.
        if draft.old is None:
            body.pop("TermRef", None)
        elif body.get("TermRef"):
            work.resolve("Term", body["TermRef"], element="TermRef")
        number = body.get("TaxIdentifier")
        if number:
            body["TaxIdentifier"] = "XXXXX" + str(number)[-4:]


class EmployeeKind(NameKind):
    entity = "Employee"
    renames_when_inactive = ("DisplayName",)

    def _complete(self, work: Work, draft: Draft) -> None:
        if not (draft.body.get("GivenName") or draft.body.get("FamilyName")):
            business("An employee needs a first or a last name.")
        draft.body.setdefault("BillableTime", False)

    def present(self, work: Work, record: Record) -> str:
        return record.text


def _settle_tax(work: Work, body: Body, *, new: bool) -> None:
    """A customer pays tax where the company charges it, by its first code unless another is named."""
    charged = work.is_us() and bool(work.settings.get("using_sales_tax"))
    body.setdefault("Taxable", charged)
    ref = body.get("DefaultTaxCodeRef")
    if ref:
        if ref["value"] not in PSEUDO_CODES:
            body["DefaultTaxCodeRef"] = {"value": work.resolve("TaxCode", ref, element="DefaultTaxCodeRef").id}
    elif new and charged and body["Taxable"]:
        code = first_code(work)
        if code:
            body["DefaultTaxCodeRef"] = {"value": code.id}


def keep_currency(work: Work, draft: Draft) -> None:
    """A party's currency is said once; raises 2220, 2500, 6000."""
    code = known_currency(work, draft.body.get("CurrencyRef"))
    if draft.old is not None and draft.old.body["CurrencyRef"]["value"] != code:
        business(f"The currency of the {draft.old.entity.lower()} cannot be changed.")
    draft.body["CurrencyRef"] = currency_ref(code)


def _check_contact(body: Body) -> None:
    email = (body.get("PrimaryEmailAddr") or {}).get("Address")
    if email and not EMAIL.match(email.strip()):
        raise ServiceFault("2210", "Email Address does not conform to the RFC 822 standard.", "PrimaryEmailAddr")
    web = (body.get("WebAddr") or {}).get("URI")
    if web and not _WEB.match(web):
        raise ServiceFault("2200", f"Invalid Web Address : {web[:100]}", "WebAddr")


def _unbilled(work: Work, customer: str) -> bool:
    """Whether any bill, purchase or time sheet holds charges nobody has invoiced to this customer."""
    costs = work.sandbox.store.select(
        "company=? AND entity IN ('Bill','Purchase','VendorCredit','TimeActivity') AND instr(body, ?)",
        (work.company.id, '"BillableStatus":"Billable"'),
    )
    holders = (holder for record in costs for holder in _billable(record.body))
    return any((holder.get("CustomerRef") or {}).get("value") == customer for holder in holders)


def _billable(body: Body) -> list[Body]:
    details = [line.get(line.get("DetailType", "")) or {} for line in body.get("Line") or []]
    return [holder for holder in [body, *details] if holder.get("BillableStatus") == "Billable"]
