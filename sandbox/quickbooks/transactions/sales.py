"""Invoices and credit memos."""

from datetime import date, timedelta
from decimal import Decimal

from sandbox import wire
from sandbox.books import Line
from sandbox.quickbooks.faults import ServiceFault, business, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.small import default_term
from sandbox.quickbooks.money import amount, check_quantity, rate, to_cents
from sandbox.quickbooks.transactions import charges, currencies, groups, links, sources, taxes
from sandbox.quickbooks.transactions.base import TransactionKind, number_lines, place_class, refuse_closed
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

SALES_LENGTHS = {
    "DocNumber": 21,
    "PrivateNote": 4000,
    "CustomerMemo.value": 1000,
    "BillEmail.Address": 100,
    "BillEmailCc.Address": 200,
    "BillEmailBcc.Address": 200,
}
COPIED_FROM_CUSTOMER = (("BillAddr", "BillAddr"), ("ShipAddr", "ShipAddr"), ("PrimaryEmailAddr", "BillEmail"))
INVOICE_SWITCHES = (
    "AllowIPNPayment", "AllowOnlinePayment", "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment",
)  # fmt: skip
DISCOUNT = "DiscountLineDetail"
COMMENTS = ("DescriptionOnly", "SubTotalLineDetail")


class SalesKind(TransactionKind):
    """`sign` is +1 where the customer owes, -1 where he is owed."""

    lengths = SALES_LENGTHS
    numbering = "sales"
    numbered = True
    sign = 1
    home_amounts: tuple[str, ...] = ("HomeTotalAmt",)
    # Whether an unknown or inactive customer is refused in the words of sales forms, 6250, or those of every name.
    names_bad_customer = False
    needs_customer = True

    def fill(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get("Line"):
            missing("Line")
        customer = self._customer(work, body.get("CustomerRef"))
        self._copy_from_customer(work, body, customer)
        header = place_class(work, body, "txn")
        kept = [line for line in body["Line"] if line.get("DetailType") != "SubTotalLineDetail"]
        legs = self._all_legs(work, body, kept)
        real = [(cents, detail) for cents, detail, _ in legs if detail is not None]
        taxes.check_many(real)
        nets, tax = taxes.settle(work, body, real, sales=True, updating=draft.old is not None)
        draft.party = f"Customer:{customer.id}" if customer else None
        total = self._post(work, draft, [leg for leg in legs if leg[1] is not None], nets, tax, header)
        number_lines(groups.flat(kept), groups.flat(draft.old.body["Line"]) if draft.old else [])
        body["Line"] = [*kept, _subtotal(sum(cents for cents, _ in real))]
        body.setdefault("ApplyTaxAfterDiscount", False)
        self._totals(draft, total)

    def loosen(self, work: Work, record: Record) -> None:
        for payment in links.loosen_target(work, record):
            currencies.resettle(work, payment)

    def _customer(self, work: Work, ref: Body | None) -> Record | None:
        if not ref:
            if self.needs_customer:
                missing("CustomerRef")
            return None
        try:
            return work.resolve("Customer", ref, element="CustomerRef")
        except ServiceFault as fault:
            if not self.names_bad_customer:
                raise
            detail = f"Invalid Sales Customer : Customer {ref['value'][:40]} does not exist, or is inactive"
            raise ServiceFault("6250", detail, "CustomerRef") from fault

    def _all_legs(self, work: Work, body: Body, lines: list[Body]) -> list[tuple[int, Body | None, str]]:
        """Those of every line in their order. Discounts are worked out last: a percentage is one of all sales."""
        found = [[] if each.get("DetailType") == DISCOUNT else self._legs(work, body, each) for each in lines]
        sold = sum(cents for legs in found for cents, detail, _ in legs if detail is not None)
        for position, line in enumerate(lines):
            if line.get("DetailType") == DISCOUNT:
                found[position] = [self._discount(work, body, line, sold)]
        return [leg for legs in found for leg in legs]

    def _legs(self, work: Work, body: Body, line: Body) -> list[tuple[int, Body | None, str]]:
        if line.get("DetailType") != groups.GROUP:
            return [self._leg(work, body, line)]
        found = [self._leg(work, body, inner) for inner in groups.expand(work, line)]
        groups.total(line, sum(cents for cents, _, _ in found))
        return found

    def _leg(self, work: Work, body: Body, line: Body) -> tuple[int, Body | None, str]:
        """(cents, line detail or None for a comment, income account)"""
        kind = line.get("DetailType")
        if not kind:
            missing("DetailType")
        if kind in COMMENTS or kind == "DescriptionLineDetail":
            line.pop("Amount", None)
            return 0, None, ""
        if kind != "SalesItemLineDetail":
            raise ServiceFault("5030", f"Feature Not Supported Error : {kind} is not supported here.")
        detail = line.setdefault("SalesItemLineDetail", {}) or {}
        line["SalesItemLineDetail"] = detail
        cents = _line_amount(line, detail)
        account = self._income_account(work, body, detail)
        place_class(work, detail, "line")
        taxes.line_code(work, body, detail)
        line["Amount"] = amount(cents)
        return cents, detail, account

    def _income_account(self, work: Work, body: Body, detail: Body) -> str:
        ref = detail.get("ItemRef")
        if not ref:
            items = work.sandbox.store.select("company=? AND entity='Item' AND active=1", (work.company.id,), limit=1)
            if not items:
                business("Select a product or service for each line.")
            ref = detail["ItemRef"] = {"value": items[0].id}
        item = work.resolve("Item", ref, element="ItemRef")
        refuse_early(item, body["TxnDate"])
        income = item.body.get("IncomeAccountRef")
        if not income:
            business(f"The product or service {item.body['Name']} has no income account.")
        account = work.resolve("Account", dict(income), element="ItemRef")
        detail["ItemAccountRef"] = {"value": account.id, "name": account.body["Name"]}
        return account.id

    def _discount(self, work: Work, body: Body, line: Body, sold: int) -> tuple[int, Body | None, str]:
        detail = line.get(DISCOUNT) or {}
        line[DISCOUNT] = detail
        if detail.get("PercentBased"):
            check_percent(detail.get("DiscountPercent"))
            cents = to_cents(Decimal(sold) / 100 * Decimal(detail.get("DiscountPercent") or 0) / 100)
        elif line.get("Amount") is not None:
            cents = to_cents(line["Amount"])
        else:
            raise ServiceFault("6090", "A discount amount or percent is required", "Amount")
        ref = detail.get("DiscountAccountRef")
        account = (
            work.resolve("Account", ref, element="DiscountAccountRef")
            if ref
            else work.first_account("Income", "DiscountsRefundsGiven")
        )
        if account is None:
            business("The company has no discount account.")
        detail["DiscountAccountRef"] = {"value": account.id, "name": account.body["Name"]}
        line["Amount"] = amount(cents)
        if work.is_us():
            return -cents, {"TaxCodeRef": {"value": "NON"}}, account.id
        taxes.line_code(work, body, detail)
        return -cents, detail, account.id

    def _post(
        self,
        work: Work,
        draft: Draft,
        legs: list[tuple[int, Body | None, str]],
        nets: list[int],
        tax: int,
        header: str | None,
    ) -> int:
        total = sum(nets) + tax
        if total < 0:
            business("Transaction amount must be 0 or greater.")
        control = self.control(work, draft.body)
        lines = [Line(control.id, self.sign * total, draft.party)]
        for (_, detail, account), net in zip(legs, nets, strict=True):
            tag = (detail or {}).get("ClassRef", {}).get("value") or header
            lines.append(Line(account, -self.sign * net, draft.party, tag))
        draft.lines = [*lines, *taxes.tax_leg(work, -self.sign * tax)]
        return total

    def control(self, work: Work, body: Body) -> Record:
        """The account on the other side of the income."""
        account = work.first_account("Accounts Receivable")
        if account is None:
            business("The company has no Accounts Receivable account.")
        return account

    def _totals(self, draft: Draft, total: int) -> None:
        old = draft.old
        applied = abs(old.total_cents) - abs(old.balance_cents) if old else 0
        if applied and old and old.party != draft.party:
            business("The customer of a paid transaction cannot be changed. Unlink the payment first.")
        if applied > total:
            business("The amount is less than what has already been paid.")
        draft.total, draft.balance, draft.side = total, self.sign * (total - applied), "receivable"
        body = draft.body
        body["TotalAmt"], body["Balance"] = amount(total), amount(total - applied)
        body["LinkedTxn"] = self.linked(draft)
        body.setdefault("PrintStatus", "NeedToPrint")
        body.setdefault("EmailStatus", "NotSet")

    def linked(self, draft: Draft) -> list[Body]:
        """What the document is linked to, as far as it is not up to payments."""
        return (draft.old.body.get("LinkedTxn") if draft.old else None) or []

    def _copy_from_customer(self, work: Work, body: Body, customer: Record | None) -> None:
        for source, name in COPIED_FROM_CUSTOMER:
            if customer and name not in body and customer.body.get(source):
                body[name] = customer.body[source]
        if body.get("EmailStatus") == "NeedToSend" and not (body.get("BillEmail") or {}).get("Address"):
            raise ServiceFault(
                "6420",
                "An email address is required : BillEmail is required when EmailStatus is NeedToSend",
                "BillEmail",
            )


class InvoiceKind(SalesKind):
    entity = "Invoice"
    voidable = True
    home_amounts = ("HomeTotalAmt", "HomeBalance")
    read_only = SalesKind.read_only - {"LinkedTxn"}

    def fill(self, work: Work, draft: Draft) -> None:
        super().fill(work, draft)
        body = draft.body
        _check_card(body)
        body["DueDate"] = body.get("DueDate") or due_date(work, body, usual=default_term(work))
        for name in INVOICE_SWITCHES:
            body.setdefault(name, False)
        charges.check(work, body, body["CustomerRef"]["value"], draft.old)
        sources.check(work, body, draft.party, draft.old)

    def present(self, work: Work, record: Record) -> str:
        text = super().present(work, record)
        if "invoiceLink" not in work.include:
            return text
        link = f"{work.sandbox.settings.public_url}/books/{work.company.id}/documents/Invoice/{record.id}/"
        return wire.dumps({**wire.loads(text), "InvoiceLink": link})

    def linked(self, draft: Draft) -> list[Body]:
        return sources.keep(draft.body, draft.old, (charges.CHARGE, "Estimate"))

    def saved(self, work: Work, record: Record, draft: Draft) -> None:
        super().saved(work, record, draft)
        before = draft.old.body if draft.old else {}
        charges.move(work, record, before, record.body)
        sources.move(work, record, before, record.body)

    def loosen(self, work: Work, record: Record) -> None:
        super().loosen(work, record)
        charges.move(work, record, record.body, {})
        sources.move(work, record, record.body, {})

    def void(self, work: Work, record: Record) -> Record:
        refuse_closed(work, record.txn_date or "", record)
        self.loosen(work, record)
        return self.store_change(work, record, voided(record, side="receivable"))


def voided(record: Record, *, side: str | None) -> Draft:
    """The same document with every amount at zero."""
    draft = Draft(_emptied(record.body), record, number=record.number, party=record.party, txn_date=record.txn_date)
    draft.side, draft.status = side, "void"
    return draft


class CreditMemoKind(SalesKind):
    entity = "CreditMemo"
    sign = -1
    home_amounts = ("HomeTotalAmt", "HomeBalance")

    def _totals(self, draft: Draft, total: int) -> None:
        super()._totals(draft, total)
        draft.body["RemainingCredit"] = draft.body["Balance"]


def due_date(work: Work, body: Body, usual: Record | None = None) -> str:
    """TxnDate plus the days of the terms, those of the document or else the usual ones."""
    ref = body.get("SalesTermRef")
    term = work.resolve("Term", ref, element="SalesTermRef") if ref else usual
    if term is None:
        return str(body["TxnDate"])
    return (date.fromisoformat(body["TxnDate"]) + timedelta(days=int(term.body.get("DueDays") or 0))).isoformat()


def refuse_early(item: Record, date: str) -> None:
    """Raise 6270 for stock moved before it was first counted."""
    start = item.body.get("InvStartDate") if item.body.get("Type") == "Inventory" else None
    if start and date < start:
        raise ServiceFault(
            "6270", f"Transactions with {item.body['Name']} can't be dated earlier than {start}", "TxnDate"
        )


def check_percent(percent: Decimal | int | None) -> None:
    """Raise 6090 for a discount by percent without one, 2150 for one that is none."""
    if percent is None:
        raise ServiceFault("6090", "A discount amount or percent is required", "DiscountPercent")
    if not 0 <= Decimal(percent) <= 100:
        raise ServiceFault("2150", f"Invalid Percent : Supplied value:{percent}", "DiscountPercent")


def _check_card(body: Body) -> None:
    """A card that pays the deposit of an invoice pays just that; raises 6460."""
    charge = ((body.get("CreditCardPayment") or {}).get("CreditChargeInfo") or {}).get("Amount")
    if charge is not None and to_cents(charge) != to_cents(body.get("Deposit")):
        detail = f"The deposit amount ({body.get('Deposit')}) and the credit card amount ({charge}) don't match"
        raise ServiceFault("6460", detail, "Deposit")


def _line_amount(line: Body, detail: Body) -> int:
    quantity, price, given = detail.get("Qty"), detail.get("UnitPrice"), line.get("Amount")
    if quantity is not None:
        check_quantity(quantity)
    for name in ("Qty", "UnitPrice"):
        if detail.get(name) is not None:
            detail[name] = rate(detail[name])
    # Clients send 0 for "not given": python-quickbooks does so for both.
    if quantity and price:
        product = to_cents(Decimal(quantity) * Decimal(price))
        if given is not None and to_cents(given) != product:
            raise ServiceFault(
                "6070",
                "Amount calculation incorrect in the request : Amount is not equal to UnitPrice * Qty. "
                f"Supplied value:{given}",
                "Amount",
            )
        return product
    if given is None:
        missing("Amount")
    return to_cents(given)


def _subtotal(cents: int) -> Body:
    return {"Amount": amount(cents), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}


def _emptied(body: Body) -> Body:
    lines = [groups.emptied(line) for line in body["Line"]]
    note = body.get("PrivateNote")
    return {
        **body,
        "Line": lines,
        "TotalAmt": 0,
        "Balance": 0,
        "LinkedTxn": [],
        "TxnTaxDetail": {"TotalTax": 0},
        "PrivateNote": f"Voided - {note}" if note else "Voided",
    }
