"""What was agreed: the sum, its schedule of values, and the retainage terms."""

from enum import StrEnum

from django.db import models

from rivet.ledger.models.columns import money, only, optional_money, optional_percent, percent, within_percent, word
from rivet.ledger.models.parties import Customer, Vendor
from rivet.ledger.models.projects import Project
from rivet.ledger.rules.terms import Crossing, ReductionRule, Rounding, ThresholdBasis
from rivet.ledger.snapshots import PostingMode
from rivet.tenants.fields import TenantForeignKey, TenantModel


class Side(StrEnum):
    #: With the customer: they withhold from us.
    RECEIVABLE = "receivable"
    #: With a subcontractor: we withhold from them.
    PAYABLE = "payable"


class Contract(TenantModel):
    side = word(Side)
    customer = TenantForeignKey(Customer, null=True, blank=True, related_name="contracts")
    vendor = TenantForeignKey(Vendor, null=True, blank=True, related_name="contracts")
    project = TenantForeignKey(Project, related_name="contracts")
    title = models.CharField(max_length=200)
    original_sum = money()
    #: Empty means: as the connection that the document goes to.
    posting_mode = models.CharField(max_length=30, blank=True, choices=[(m.value, m.value) for m in PostingMode])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side=Side.RECEIVABLE.value, customer__isnull=False, vendor__isnull=True)
                | models.Q(side=Side.PAYABLE.value, customer__isnull=True, vendor__isnull=False),
                name="contract_side_has_its_party",
            ),
            models.CheckConstraint(
                condition=models.Q(posting_mode__in=["", *(mode.value for mode in PostingMode)]),
                name="contract_posting_mode_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def party(self) -> Customer | Vendor:
        found: Customer | Vendor | None = self.customer if self.side == Side.RECEIVABLE else self.vendor
        if found is None:
            raise ValueError("the database keeps a contract's party with its side")
        return found


class RetainageTerms(TenantModel):
    """The terms from one application on; an earlier version stays with the applications billed under it."""

    contract = TenantForeignKey(Contract, on_delete=models.CASCADE, related_name="terms")
    effective_from = models.PositiveIntegerField(default=1)
    work_rate = percent()
    stored_rate = percent()
    rule = word(ReductionRule, default=ReductionRule.NONE)
    threshold = optional_percent()
    threshold_basis = word(ThresholdBasis, default=ThresholdBasis.TO_DATE)
    crossing = word(Crossing, default=Crossing.NEXT_APPLICATION)
    reduced_rate = percent()
    cap_percent = optional_percent()
    cap_amount = optional_money()
    rounding = word(Rounding, default=Rounding.PER_LINE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "effective_from"], name="terms_version_once"),
            only("rule", ReductionRule, name="terms_rule_known"),
            only("threshold_basis", ThresholdBasis, name="terms_basis_known"),
            only("crossing", Crossing, name="terms_crossing_known"),
            only("rounding", Rounding, name="terms_rounding_known"),
            within_percent("work_rate", name="terms_work_rate_is_percent"),
            within_percent("stored_rate", name="terms_stored_rate_is_percent"),
            within_percent("reduced_rate", name="terms_reduced_rate_is_percent"),
            within_percent("threshold", name="terms_threshold_is_percent"),
            within_percent("cap_percent", name="terms_cap_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.work_rate} % from application {self.effective_from}"


class SovLine(TenantModel):
    """One line of the schedule of values. An approved change order adds lines; a deductive one has a negative value."""

    contract = TenantForeignKey(Contract, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    item = models.CharField(max_length=20, blank=True)
    description = models.CharField(max_length=500)
    value = money()
    #: Number of the change order the line came with; empty for the original contract.
    change_order = models.CharField(max_length=20, blank=True)
    rate_override = optional_percent()
    #: External id of a class or tracking option, or empty.
    tag = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "position"], name="sov_position_once"),
            within_percent("rate_override", name="sov_rate_is_percent"),
        ]

    def __str__(self) -> str:
        return self.description
