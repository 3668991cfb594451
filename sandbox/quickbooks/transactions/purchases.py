"""Bills and vendor credits."""

from decimal import Decimal

from sandbox.books import Line
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.money import amount, check_quantity, rate, to_cents
from sandbox.quickbooks.transactions import charges, sources, taxes
from sandbox.quickbooks.transactions.base import TransactionKind, number_lines, place_class
from sandbox.quickbooks.transactions.sales import due_date, refuse_early
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

NEVER_BILLED = ("Bank", "Credit Card", "Equity", "Other Current Liability", "Long Term Liability")
DETAILS = ("AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail")


class PurchaseKind(TransactionKind):
    """`sign` is +1 where we owe, -1 where we are owed."""

    numbering = "purchase"
    sign = 1
    counts_lines = True

    def client_key(self, body: Body) -> str | None:
        """Bill numbers repeat between vendors."""
        key, ref = super().client_key(body), body.get("VendorRef")
        return f"{ref.get('value')}/{key}" if key and isinstance(ref, dict) else key

    def fill(self, work: Work, draft: Draft) -> None:
        body = draft.body
        self.name_party(work, draft)
        if not body.get("Line"):
            missing("Line")
        sign = self.direction(body)
        control = self.control(work, body)
        header = place_class(work, body, "txn")
        legs = [self._leg(work, body, line) for line in body["Line"]]
        real = [(cents, detail) for cents, detail, _ in legs if detail is not None]
        nets, tax = taxes.settle(work, body, real, sales=False)
        total = sum(nets) + tax
        if total < 0:
            business("Transaction amount must be 0 or greater.")
        draft.lines = [Line(control, -sign * total, draft.party)]
        for (_, detail, account), net in zip([leg for leg in legs if leg[1] is not None], nets, strict=True):
            about = detail or {}
            party = f"Customer:{about['CustomerRef']['value']}" if about.get("CustomerRef") else None
            draft.lines.append(Line(account, sign * net, party, about.get("ClassRef", {}).get("value") or header))
        draft.lines.extend(taxes.tax_leg(work, sign * tax))
        number_lines(body["Line"], draft.old.body["Line"] if draft.old else [], counted=self.counts_lines)
        self._totals(draft, total)

    def direction(self, body: Body) -> int:
        """+1 where the document adds costs, -1 where it takes them back."""
        return self.sign

    def name_party(self, work: Work, draft: Draft) -> None:
        """Set the draft's party; raises 2020, 2500, 610."""
        if not draft.body.get("VendorRef"):
            missing("VendorRef")
        vendor = work.resolve("Vendor", draft.body["VendorRef"], element="VendorRef")
        draft.party = f"Vendor:{vendor.id}"

    def before_delete(self, work: Work, record: Record) -> None:
        if any(entry["TxnType"] not in sources.SOURCES for entry in record.body.get("LinkedTxn") or []):
            raise ServiceFault("800", f"Cannot delete object : {self.entity} {record.id} is linked to a payment")
        super().before_delete(work, record)

    def control(self, work: Work, body: Body) -> str:
        """The id of the account on the other side of the costs."""
        ref = body.get("APAccountRef")
        account = (
            work.resolve("Account", ref, element="APAccountRef") if ref else work.first_account("Accounts Payable")
        )
        if account is None:
            business("The company has no Accounts Payable account.")
        if account.body["AccountType"] != "Accounts Payable":
            raise ServiceFault("6430", f"Invalid account type used : {account.body['Name']}", "APAccountRef")
        body["APAccountRef"] = {"value": account.id, "name": account.body["Name"]}
        return account.id

    def _leg(self, work: Work, body: Body, line: Body) -> tuple[int, Body | None, str]:
        kind = line.get("DetailType")
        if not kind:
            missing("DetailType")
        if kind in ("DescriptionOnly", "DescriptionLineDetail"):
            return 0, None, ""
        if kind not in DETAILS:
            raise ServiceFault("2120", f"Invalid Type : {kind} does not belong on a {self.entity}", "DetailType")
        detail = line.get(kind) or {}
        line[kind] = detail
        account = self._cost_account(work, body, kind, detail)
        self._billable(work, body, detail, account)
        place_class(work, detail, "line")
        taxes.line_code(work, body, detail)
        cents = _line_amount(line, detail)
        line["Amount"] = amount(cents)
        return cents, detail, account.id

    def _cost_account(self, work: Work, body: Body, kind: str, detail: Body) -> Record:
        if kind == DETAILS[0]:
            if not detail.get("AccountRef"):
                missing("AccountRef")
            account = work.resolve("Account", detail["AccountRef"], element="AccountRef")
        else:
            if not detail.get("ItemRef"):
                missing("ItemRef")
            item = work.resolve("Item", detail["ItemRef"], element="ItemRef")
            refuse_early(item, body["TxnDate"])
            if not item.body.get("ExpenseAccountRef"):
                business(f"The product or service {item.body['Name']} has no expense account.")
            account = work.resolve("Account", dict(item.body["ExpenseAccountRef"]), element="ItemRef")
        if account.body["AccountType"] == "Accounts Payable":
            business("You can't use an Accounts Payable account on the detail portion of a Bill")
        if account.body["AccountType"] == "Accounts Receivable":
            business("You can't use an Accounts Receivable account on the detail portion of a Bill")
        return account

    def _billable(self, work: Work, body: Body, detail: Body, account: Record) -> None:
        if detail.get("CustomerRef"):
            work.resolve("Customer", detail["CustomerRef"], element="CustomerRef")
        status = detail.setdefault("BillableStatus", "NotBillable")
        if status == "HasBeenBilled" and not charges.is_billed(body):
            raise ServiceFault("2170", "Invalid Enumeration : HasBeenBilled", "BillableStatus")
        if status == "Billable" and not detail.get("CustomerRef"):
            raise ServiceFault("6310", "A customer is required on a billable line", "CustomerRef")
        if status == "Billable" and account.body["AccountType"] in NEVER_BILLED:
            business(f"{account.body['Name']} has no billable account type. Make the line non-billable.")

    def _totals(self, draft: Draft, total: int) -> None:
        old = draft.old
        applied = abs(old.total_cents) - abs(old.balance_cents) if old else 0
        if applied and old and old.party != draft.party:
            business("The vendor of a paid bill cannot be changed: vendor mismatch. Unlink the payment first.")
        if applied > total:
            business("The amount is less than what has already been paid.")
        draft.total, draft.balance, draft.side = total, self.sign * (total - applied), "payable"
        draft.body["TotalAmt"], draft.body["Balance"] = amount(total), amount(total - applied)
        draft.body["LinkedTxn"] = self.linked(draft)

    def linked(self, draft: Draft) -> list[Body]:
        """What the document is linked to, as far as it is not up to payments."""
        return (draft.old.body.get("LinkedTxn") if draft.old else None) or []


class BillKind(PurchaseKind):
    entity = "Bill"
    sparse_needs = ("VendorRef",)
    read_only = PurchaseKind.read_only - {"LinkedTxn"}
    home_amounts = ("HomeBalance",)

    def fill(self, work: Work, draft: Draft) -> None:
        super().fill(work, draft)
        draft.body["DueDate"] = draft.body.get("DueDate") or due_date(work, draft.body)
        sources.check(work, draft.body, draft.party, draft.old)

    def linked(self, draft: Draft) -> list[Body]:
        return sources.keep(draft.body, draft.old, ("PurchaseOrder",))

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        super().saved(work, record, draft)
        sources.move(work, record, draft.old.body if draft.old else {}, record.body)

    def loosen(self, work: Work, record: Record) -> None:
        super().loosen(work, record)
        sources.move(work, record, record.body, {})


class VendorCreditKind(PurchaseKind):
    entity = "VendorCredit"
    numbered = True
    sign = -1


def _line_amount(line: Body, detail: Body) -> int:
    if detail.get("Qty") is not None:
        check_quantity(detail["Qty"])
    for name in ("Qty", "UnitPrice"):
        if detail.get(name) is not None:
            detail[name] = rate(detail[name])
    if line.get("Amount") is not None:
        return to_cents(line["Amount"])
    if detail.get("Qty") is not None and detail.get("UnitPrice") is not None:
        return to_cents(Decimal(detail["Qty"]) * Decimal(detail["UnitPrice"]))
    missing("Amount")
