"""The lines of invoices, bills and credit notes: amounts, accounts, tax."""

from decimal import Decimal

from sandbox.ids import new_guid
from sandbox.store import Record
from sandbox.wire import Body
from sandbox.xero import messages
from sandbox.xero.accounts import CLASS_OF_TYPE, account_by_code, account_of_line, takes_document_lines
from sandbox.xero.amounts import LARGEST, ZERO, cents, places
from sandbox.xero.desk import Desk
from sandbox.xero.fields import Fields, Problems
from sandbox.xero.items import item_by_code
from sandbox.xero.tax_rates import rates_of
from sandbox.xero.taxes import NO_TAX, line_tax
from sandbox.xero.tracking import read_tracking

DESCRIPTION_LIMIT = 4000
_NO_ITEM: Body = {}
_FIGURES = ("Quantity", "UnitAmount", "LineAmount", "AccountCode", "AccountID", "ItemCode", "TaxAmount")


class LineReader:
    """Reads the lines of one document. Approved documents need an account and a rate on every line."""

    def __init__(
        self,
        desk: Desk,
        *,
        sells: bool,
        discounts: bool,
        approved: bool,
        amount_types: str,
        any_account: bool = False,
        unit_places: int | None = None,
    ) -> None:
        self.desk = desk
        self.any_account = any_account
        self.unit_places = unit_places or desk.unit_places
        self.sells = sells
        self.discounts = discounts
        self.approved = approved
        self.amount_types = amount_types
        self.rates = rates_of(desk)
        self.item_ids: dict[str, str] = {}
        """The items of the lines that were read, by the ids of the lines."""

    def read(self, line: Fields, known_ids: set[str]) -> Body:
        """One line as it is stored and shown. What is wrong with it goes to the line's problems."""
        problems = line.problems
        item_code = line.stripped("ItemCode")
        item = self._item(line, item_code) if item_code else _NO_ITEM
        body: Body = {"LineItemID": self._id(line, known_ids)}
        description = line.text("Description", limit=DESCRIPTION_LIMIT) or item.get("Description")
        if description:
            body["Description"] = description
        if self._is_comment(line):
            return body | {"Tracking": []}
        body |= self._amounts(line, item, problems)
        if item_code:
            body["ItemCode"] = item_code
            if item:
                self.item_ids[body["LineItemID"]] = item["ItemID"]
        if self.approved and not description:
            problems.add(messages.DESCRIPTION_REQUIRED)
        account = self._account(line, item, problems)
        if account is not None:
            body["AccountID"] = account.id
            if account.body.get("Code"):
                body["AccountCode"] = account.body["Code"]
        body |= self._tax(line, item, account, body["LineAmount"], problems)
        body["Tracking"] = read_tracking(self.desk, line, problems)
        return body

    def _id(self, line: Fields, known_ids: set[str]) -> str:
        given = line.identifier("LineItemID")
        return given if given in known_ids and given else new_guid()

    def _is_comment(self, line: Fields) -> bool:
        return "Description" in line and not any(name in line for name in _FIGURES)

    def _item(self, line: Fields, code: str) -> Body:
        item = item_by_code(self.desk, code)
        if item is None:
            line.problems.add(messages.item_unknown(code))
            return {}
        details = item.body.get("SalesDetails" if self.sells else "PurchaseDetails", {})
        description = item.body.get("Description" if self.sells else "PurchaseDescription")
        shelf = None if self.sells else item.body.get("InventoryAssetAccountCode")
        return {**details, "Description": description, "Shelf": shelf, "ItemID": item.id}

    def _amounts(self, line: Fields, item: Body, problems: Problems) -> Body:
        quantity, unit, given = line.number("Quantity"), line.number("UnitAmount"), line.number("LineAmount")
        if quantity is not None and quantity < 0:
            problems.add(messages.quantity_negative(quantity))
        if unit is None:
            unit = item.get("UnitPrice")
        if unit is None and given is not None:
            quantity = quantity if quantity else Decimal(1)
            unit = given / quantity
        unit = places(unit if unit is not None else ZERO, self.unit_places)
        quantity = places(Decimal(1) if quantity is None else quantity, 4)
        expected, discount = self._discounted(line, cents(quantity * unit), problems)
        if given is not None and cents(given) != expected:
            problems.add(messages.line_total_differs(given, expected))
        if abs(expected) > LARGEST:
            problems.add(messages.LINE_TOO_LARGE)
        return {"Quantity": quantity, "UnitAmount": unit, "LineAmount": expected, **discount}

    def _discounted(self, line: Fields, amount: Decimal, problems: Problems) -> tuple[Decimal, Body]:
        rate, sum_off = line.number("DiscountRate"), line.number("DiscountAmount")
        if not rate and not sum_off:
            return amount, {}
        if not self.discounts:
            problems.add(messages.DISCOUNT_NOT_ALLOWED)
            return amount, {}
        if rate:
            return cents(amount * (100 - rate) / 100), {"DiscountRate": places(rate, 2)}
        return amount - cents(sum_off or ZERO), {"DiscountAmount": cents(sum_off or ZERO)}

    def _account(self, line: Fields, item: Body, problems: Problems) -> Record | None:
        if item.get("Shelf"):
            # What is bought of a tracked item lies on its inventory account, whatever the line says.
            return account_by_code(self.desk, item["Shelf"])
        code = line.stripped("AccountCode")
        if not code and "AccountID" not in line and item.get("AccountCode"):
            line = Fields({"AccountCode": item["AccountCode"]}, problems)
            code = item["AccountCode"]
        account = account_of_line(self.desk, line)
        if account is None:
            if code:
                problems.add(messages.account_not_for_document(code))
            elif self.approved or "AccountID" in line:
                problems.add(messages.ACCOUNT_INVALID)
            return None
        code = account.body.get("Code", "")
        if not account.active:
            problems.add(messages.account_archived(code))
        elif not self.any_account and not takes_document_lines(account):
            problems.add(messages.account_not_for_document(code))
        return account

    def _tax(self, line: Fields, item: Body, account: Record | None, amount: Decimal, problems: Problems) -> Body:
        if self.amount_types == NO_TAX:
            return {"TaxType": "NONE", "TaxAmount": ZERO}
        explicit = line.stripped("TaxType") or item.get("TaxType")
        tax_type = explicit or (account.body.get("TaxType", "NONE") if account else None)
        if tax_type is None or (tax_type == "NONE" and "NONE" not in self.rates):
            return {"TaxType": "NONE", "TaxAmount": ZERO}
        rate = self.rates.get(tax_type.upper())
        if rate is None:
            problems.add(messages.tax_type_unknown(tax_type))
            return {"TaxType": tax_type, "TaxAmount": ZERO}
        if rate.status != "ACTIVE":
            problems.add(messages.TAX_RATE_INACTIVE)
        elif explicit and account and not rate.suits(CLASS_OF_TYPE[account.body["Type"]]):
            problems.add(messages.tax_against_account(rate.tax_type, account.body.get("Code", "")))
        tax = self._override(line, amount, line_tax(amount, rate.percent, self.amount_types), problems)
        return {"TaxType": rate.tax_type, "TaxAmount": tax}

    def _override(self, line: Fields, amount: Decimal, tax: Decimal, problems: Problems) -> Decimal:
        given = line.number("TaxAmount")
        if given is None:
            return tax
        if abs(given) > abs(amount):
            problems.add(messages.TAX_ABOVE_LINE)
        return cents(given)
