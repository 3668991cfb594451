"""Tax agencies, rates and codes. Codes and rates come from scenarios or through `/taxservice/taxcode`."""

from typing import Any

from sandbox import wire
from sandbox.quickbooks import shapes
from sandbox.quickbooks.faults import ServiceFault, missing
from sandbox.quickbooks.kinds import Draft
from sandbox.quickbooks.lists.base import ListKind
from sandbox.quickbooks.money import rate
from sandbox.quickbooks.work import Work
from sandbox.store import Record
from sandbox.wire import Body

# What lines of US companies carry instead of a code of their own.
LISTS = ("SalesTaxRateList", "PurchaseTaxRateList")
PSEUDO_CODES = ("TAX", "NON")


def first_code(work: Work) -> Record | None:
    """The company's first code that has rates."""
    where = "company=? AND entity='TaxCode' AND active=1 AND id NOT IN (?,?)"
    found = work.sandbox.store.select(where, (work.company.id, *PSEUDO_CODES), order="seq", limit=1)
    return found[0] if found else None


class TaxAgencyKind(ListKind):
    entity = "TaxAgency"
    label = "DisplayName"
    space = "taxagency"
    lengths = {"DisplayName": 100, "TaxRegistrationNumber": 100}
    renames_when_inactive: tuple[str, ...] = ()

    def compose(self, work: Work, draft: Draft) -> None:
        body = draft.body
        if not body.get("DisplayName"):
            missing("DisplayName")
        body.setdefault("TaxTrackedOnSales", True)
        body.setdefault("TaxTrackedOnPurchases", False)
        self.claim_name(work, draft, body["DisplayName"])


class TaxCodeKind(ListKind):
    """Read only for clients."""

    entity = "TaxCode"
    space = "taxcode"
    creatable = False
    renames_when_inactive = ("Name",)

    def compose(self, work: Work, draft: Draft) -> None:
        self.complete(work, draft.body)
        self.retire(draft)
        self.claim_name(work, draft, draft.body["Name"])

    def complete(self, work: Work, body: Body) -> None:
        """Fill in what the vendor shows of each."""
        body.setdefault("Description", body["Name"])
        body.setdefault("Hidden", False)
        for name in LISTS:
            details = body.setdefault(name, {"TaxRateDetail": []})["TaxRateDetail"]
            for detail in details:
                rate = work.find("TaxRate", detail["TaxRateRef"]["value"])
                detail["TaxRateRef"] = {**detail["TaxRateRef"], **({"name": rate.body["Name"]} if rate else {})}


class TaxRateKind(TaxCodeKind):
    entity = "TaxRate"
    space = "taxrate"

    def complete(self, work: Work, body: Body) -> None:
        body.setdefault("Description", "Sales Tax")
        body.setdefault("SpecialTaxType", "NONE")
        body.setdefault("DisplayType", "ReadOnly")


def create_code(work: Work, given: Any) -> str:
    """A code made of rates that exist or are made with it; the answer has no envelope. Raises 2020, 2500, 6240."""
    clean = shapes.check("TaxService", given)
    name = clean.get("TaxCode")
    if not name:
        missing("TaxCode")
    shapes.check_lengths(clean, {"TaxCode": 100})
    if not clean.get("TaxRateDetails"):
        missing("TaxRateDetails")
    rates = [_rate(work, detail) for detail in clean["TaxRateDetails"]]
    lists = {
        f"{side}TaxRateList": {"TaxRateDetail": [_listed(record, order) for order, record in enumerate(found)]}
        for side in ("Sales", "Purchase")
        if (found := [record for record, applies in rates if applies == side])
    }
    code = TaxCodeKind().create(work, {"Name": name, "Taxable": True, "TaxGroup": True, **lists})
    shown = [_shown(record, applies) for record, applies in rates]
    return wire.dumps({"TaxCode": name, "TaxCodeId": code.id, "TaxRateDetails": shown})


def _rate(work: Work, detail: Body) -> tuple[Record, str]:
    applies = detail.get("TaxApplicableOn") or "Sales"
    if detail.get("TaxRateId"):
        return work.resolve("TaxRate", {"value": detail["TaxRateId"]}, element="TaxRateId"), applies
    for name in ("TaxRateName", "RateValue", "TaxAgencyId"):
        if detail.get(name) is None:
            missing(name)
    if not 0 <= detail["RateValue"] <= 100:
        raise ServiceFault("2150", f"Invalid Percent : Supplied value:{detail['RateValue']}", "RateValue")
    agency = work.resolve("TaxAgency", {"value": detail["TaxAgencyId"]}, element="TaxAgencyId")
    body = {"Name": detail["TaxRateName"], "RateValue": rate(detail["RateValue"]), "AgencyRef": {"value": agency.id}}
    return TaxRateKind().create(work, body), applies


def _listed(record: Record, order: int) -> Body:
    return {"TaxRateRef": {"value": record.id}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": order}


def _shown(record: Record, applies: str) -> Body:
    agency = record.body.get("AgencyRef", {}).get("value")
    return {
        "TaxRateName": record.body["Name"],
        "TaxRateId": record.id,
        "RateValue": record.body["RateValue"],
        **({"TaxAgencyId": agency} if agency else {}),
        "TaxApplicableOn": applies,
    }
