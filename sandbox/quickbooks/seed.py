"""Laying out a company: chart, tax codes, names, classes, items, a few documents."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.charts import QUICKBOOKS_CHART
from sandbox.companies import Company
from sandbox.quickbooks.lists.taxes import PSEUDO_CODES
from sandbox.quickbooks.registry import KINDS
from sandbox.quickbooks.work import Work, moment_key, stamp
from sandbox.scenarios import Scenario
from sandbox.store import Record
from sandbox.world import Sandbox

# What every new company of the vendor's starts with.
METHODS = (
    *((name, "NON_CREDIT_CARD") for name in ("Cash", "Check")),
    *((name, "CREDIT_CARD") for name in ("American Express", "Diners Club", "Discover", "MasterCard", "Visa")),
)


def lay_out(sandbox: Sandbox, company: Company, scenario: Scenario) -> None:
    """Everything through the same rules a client meets."""
    Seeder(sandbox, company, scenario).run()


class Seeder:
    def __init__(self, sandbox: Sandbox, company: Company, scenario: Scenario) -> None:
        self.work = Work(sandbox, company, sandbox.clock.now())
        self.scenario = scenario
        self.accounts: dict[str, Record] = {}

    def run(self) -> None:
        plan = self.scenario
        for account in QUICKBOOKS_CHART:
            if plan.retainage_accounts or "Retainage" not in account.name:
                self.accounts[account.number] = self._add(
                    "Account",
                    Name=account.name,
                    AcctNum=account.number,
                    AccountType=account.type,
                    AccountSubType=account.subtype,
                )
        self._add("Term", Name="Net 30", DueDays=30)
        self._add("Term", Name="Due on receipt", DueDays=0)
        self._taxes()
        names = {name: self._customer(name) for name in plan.customers}
        for parent, job in plan.jobs:
            self._add("Customer", DisplayName=job, Job=True, ParentRef=_ref(names[parent]))
        vendors = [self._add("Vendor", DisplayName=name) for name in plan.vendors]
        self._classes()
        for name, kind in METHODS:
            self._add("PaymentMethod", Name=name, Type=kind)
        items = [self._item(name, number) for name, number in plan.items]
        if plan.messy:
            self._mess()
        if plan.opening_documents:
            self._documents(list(names.values()), vendors, items)

    def _add(self, entity: str, **given: Any) -> Record:
        return KINDS[entity.lower()].create(self.work, given)

    def _customer(self, name: str) -> Record:
        return self._add(
            "Customer",
            DisplayName=name,
            CompanyName=name[:100],
            BillAddr={
                "Line1": "1 Main Street",
                "City": "Portland",
                "CountrySubDivisionCode": "OR",
                "PostalCode": "97201",
            },
        )

    def _item(self, name: str, number: str) -> Record:
        return self._add("Item", Name=name, Type="Service", IncomeAccountRef=_ref(self.accounts[number]))

    def _classes(self) -> None:
        limit = self.work.company.settings.pop("class_limit", None)
        for name in self.scenario.classes:
            self._add("Class", Name=name)
        if limit is not None:
            self.work.company.settings["class_limit"] = limit

    def _taxes(self) -> None:
        us = self.scenario.country == "US"
        agency = self._add("TaxAgency", DisplayName="Department of Revenue" if us else "Taxation Office")
        if us:
            rate = self._add("TaxRate", Name="Washington", RateValue=Decimal(10), AgencyRef=_ref(agency))
            self._add("TaxCode", Name="Washington 10%", SalesTaxRateList=_rates(rate), TaxGroup=True, Taxable=True)
            for name in PSEUDO_CODES:
                self._pseudo_code(name)
            return
        gst = self._add("TaxRate", Name="GST (10%)", RateValue=Decimal(10), AgencyRef=_ref(agency))
        free = self._add("TaxRate", Name="GST free (0%)", RateValue=Decimal(0), AgencyRef=_ref(agency))
        for name, rate in (("GST", gst), ("GST free", free)):
            self._add(
                "TaxCode", Name=name, SalesTaxRateList=_rates(rate), PurchaseTaxRateList=_rates(rate), Taxable=True
            )

    def _pseudo_code(self, name: str) -> None:
        """TAX and NON, which only lines carry, are listed under their names as Ids."""
        body: dict[str, Any] = {"Name": name, "Description": name, "Active": True, "Taxable": name == "TAX"}
        body.update(TaxGroup=False, Hidden=False)
        stamp(self.work, body, id=name, version=0)
        moment, company = moment_key(self.work.now), self.work.company.id
        record = Record(
            company=company, entity="TaxCode", id=name, body=body, created_at=moment, updated_at=moment,
            name_key=f"taxcode:{name.casefold()}", active=True,
        )  # fmt: skip
        self.work.sandbox.store.insert(record)

    def _mess(self) -> None:
        for entity, given in (
            ("Vendor", {"DisplayName": "Old Crane Hire"}),
            ("Class", {"Name": "Closed Division"}),
            ("Account", {"Name": "Old Job Costs", "AccountType": "Expense", "AcctNum": "5999"}),
        ):
            record = self._add(entity, **given)
            KINDS[entity.lower()].update(
                self.work, {"Id": record.id, "SyncToken": "0", "sparse": True, "Active": False}
            )

    def _documents(self, customers: list[Record], vendors: list[Record], items: list[Record]) -> None:
        day = self.work.now.date()
        for position, customer in enumerate(customers[:3], 1):
            self._add(
                "Invoice",
                CustomerRef=_ref(customer),
                DocNumber=f"{1000 + position}",
                TxnDate=(day - timedelta(days=20 * position)).isoformat(),
                SalesTermRef={"value": self._term()},
                Line=[_sale(items[0], Decimal(4200 * position))],
            )
        for position, vendor in enumerate(vendors[:3], 1):
            self._add(
                "Bill",
                VendorRef=_ref(vendor),
                DocNumber=f"OB-{position:03}",
                TxnDate=(day - timedelta(days=15 * position)).isoformat(),
                Line=[_cost(self.accounts["5000"], Decimal(1750 * position))],
            )

    def _term(self) -> str:
        return self.work.sandbox.store.select("company=? AND entity='Term'", (self.work.company.id,), limit=1)[0].id


def _ref(record: Record) -> dict[str, Any]:
    return {"value": record.id}


def _rates(rate: Record) -> dict[str, Any]:
    return {"TaxRateDetail": [{"TaxRateRef": {"value": rate.id}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}]}


def _sale(item: Record, value: Decimal) -> dict[str, Any]:
    return {"Amount": value, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": _ref(item)}}


def _cost(account: Record, value: Decimal) -> dict[str, Any]:
    return {
        "Amount": value,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": _ref(account)},
    }
