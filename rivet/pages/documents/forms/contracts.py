"""Contracts: parties, the schedule of values, the retainage terms."""

from decimal import Decimal
from typing import Any, cast

from django import forms

from rivet.ledger.contracts import SovValues
from rivet.ledger.models import Contract, Customer, RetainageTerms, Vendor
from rivet.ledger.models.contracts import Side
from rivet.ledger.queries.parties import live, open_projects
from rivet.ledger.rules.terms import Crossing, ReductionRule, Rounding, ThresholdBasis
from rivet.ledger.snapshots import PostingMode
from rivet.money import ZERO
from rivet.pages.documents.forms.fields import AmountField, NamedForm, PercentField, RowChoice, TextField
from rivet.pages.documents.forms.lines import MOST_ROWS, SPARE_ROWS
from rivet.pages.documents.forms.tags import TaggedForm, TaggedSet

SIDES = {
    Side.RECEIVABLE: "With a customer: they withhold from us",
    Side.PAYABLE: "With a subcontractor: we withhold from them",
}
MODES = {
    "": "As the connected books are set",
    PostingMode.NEGATIVE_LINE.value: "One invoice with a negative retainage line",
    PostingMode.NET_PLUS_JOURNAL.value: "Invoice at net, retainage by journal",
}
RULES = {
    ReductionRule.NONE: "The rate never changes",
    ReductionRule.PROSPECTIVE: "Reduced rate on new billing",
    ReductionRule.RETROACTIVE: "Reduced rate on everything to date",
    ReductionRule.STOP: "Stop withholding",
}
BASES = {
    ThresholdBasis.TO_DATE: "Contract with change orders",
    ThresholdBasis.ORIGINAL: "Original contract",
}
CROSSINGS = {
    Crossing.NEXT_APPLICATION: "From the application after the one that crosses",
    Crossing.WHOLE_APPLICATION: "For the whole application that crosses",
    Crossing.SPLIT: "From the threshold on, within the application",
}
ROUNDINGS = {
    Rounding.PER_LINE: "Per line, to date",
    Rounding.TOTAL_THEN_ALLOCATE: "On the total; the cent goes to the largest line",
}


class ContractForm(NamedForm):
    title = TextField(label="Title", longest=200)
    side = forms.ChoiceField(label="Kind", choices=[(side.value, label) for side, label in SIDES.items()])
    project = RowChoice(label="Project", empty_label="Choose a project")
    vendor = RowChoice(
        label="Subcontractor", required=False, empty_label="None", help_text="For a contract with a subcontractor."
    )
    original_sum = AmountField(
        label="Contract sum", required=False, help_text="Left empty, it is the sum of the lines below."
    )
    posting_mode = forms.ChoiceField(label="How it posts", required=False, choices=list(MODES.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = open_projects()  # type: ignore[attr-defined]  # a RowChoice
        self.fields["vendor"].queryset = live(Vendor)  # type: ignore[attr-defined]  # a RowChoice

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("side") == Side.PAYABLE and not data.get("vendor") and "vendor" not in self.errors:
            self.add_error("vendor", "Subcontractor is empty. Choose whom the contract is with.")
        return data

    @classmethod
    def of(cls, contract: Contract) -> dict[str, Any]:
        initial = {name: getattr(contract, name) for name in ("title", "side", "original_sum", "posting_mode")}
        initial["project"] = contract.project.public_id
        return initial | ({"vendor": contract.vendor.public_id} if contract.vendor else {})

    def onto(self, contract: Contract) -> Contract:
        """A contract with a customer is with the project's."""
        data = self.cleaned_data
        is_payable = data["side"] == Side.PAYABLE
        customer: Customer = data["project"].customer
        contract.title, contract.side, contract.project = data["title"], data["side"], data["project"]
        contract.vendor, contract.customer = (data["vendor"], None) if is_payable else (None, customer)
        contract.original_sum, contract.posting_mode = data["original_sum"] or ZERO, data["posting_mode"]
        return contract


class TermsForm(NamedForm):
    work_rate = PercentField(label="Withheld from completed work, %")
    stored_rate = PercentField(label="Withheld from stored material, %")
    rule = forms.ChoiceField(label="At the threshold", choices=[(rule.value, label) for rule, label in RULES.items()])
    threshold = PercentField(label="Threshold, % of the contract", required=False)
    threshold_basis = forms.ChoiceField(
        label="Threshold counts", choices=[(basis.value, label) for basis, label in BASES.items()]
    )
    reduced_rate = PercentField(label="Reduced rate, %", required=False)
    crossing = forms.ChoiceField(
        label="The reduced rate begins", choices=[(each.value, label) for each, label in CROSSINGS.items()]
    )
    cap_percent = PercentField(label="At most, % of the contract", required=False)
    cap_amount = AmountField(label="At most, amount", required=False)
    rounding = forms.ChoiceField(label="Rounding", choices=[(each.value, label) for each, label in ROUNDINGS.items()])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rule = data.get("rule")
        if rule and rule != ReductionRule.NONE and data.get("threshold") is None and "threshold" not in self.errors:
            self.add_error(
                "threshold", "Threshold is empty. Enter when the rate changes, or choose that it never does."
            )
        needs_rate = rule in (ReductionRule.PROSPECTIVE, ReductionRule.RETROACTIVE)
        if needs_rate and data.get("reduced_rate") is None and "reduced_rate" not in self.errors:
            self.add_error("reduced_rate", "Reduced rate is empty. Enter the rate after the threshold.")
        if (data.get("cap_amount") or ZERO) < 0:
            self.add_error("cap_amount", "The most that is withheld cannot be less than zero.")
        return data

    @classmethod
    def of(cls, terms: RetainageTerms | None) -> dict[str, Any]:
        shown = terms or RetainageTerms(work_rate=Decimal(10), stored_rate=Decimal(10))
        return {name: getattr(shown, name) for name in cls.base_fields}

    def terms(self) -> RetainageTerms:
        data = self.cleaned_data
        return RetainageTerms(**{**data, "reduced_rate": data["reduced_rate"] or ZERO})


class SovLineForm(TaggedForm):
    public_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    item = TextField(label="Item", longest=20, required=False)
    description = TextField(label="Description", longest=500, required=False)
    value = AmountField(label="Scheduled value", required=False)
    change_order = TextField(label="Change order", longest=20, required=False)
    rate_override = PercentField(label="Own rate, %", required=False)
    field_order = ("item", "description", "value", "change_order", "rate_override", "tag")

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("description", "value", "item", "change_order"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or self.is_blank:
            return data
        if data.get("value") is None:
            self.add_error("value", "Scheduled value is empty. Fill it in, or clear the whole line.")
        if not data.get("description"):
            self.add_error("description", "Description is empty. Fill it in, or clear the whole line.")
        return data


class BaseSov(TaggedSet):
    def entered(self) -> list[SovValues]:
        return [SovValues(**form.cleaned_data) for form in self.forms if not form.is_blank]


Sov = forms.formset_factory(
    SovLineForm, formset=BaseSov, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


def sov_of(contract: Contract) -> BaseSov:
    names = ("public_id", "item", "description", "value", "change_order", "rate_override", "tag")
    lines = contract.lines.order_by("position") if contract.pk else []
    return cast(BaseSov, Sov(prefix="sov", initial=[{name: getattr(line, name) for name in names} for line in lines]))
