"""Bills, invoices, applications, releases and payments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.forms import BoundField

from rivet.ledger.applications import PeriodWork
from rivet.ledger.models import Bill, Contract, Customer, Invoice, SovLine, Vendor
from rivet.ledger.models.columns import LONGEST_MEMO
from rivet.ledger.queries.contracts import payable_contracts
from rivet.ledger.queries.parties import live, open_projects
from rivet.ledger.rules.application import Standing
from rivet.ledger.rules.lines import LineValues
from rivet.money import ZERO
from rivet.pages.documents.forms.fields import AmountField, DayField, NamedForm, RowChoice, TextField


class DocumentForm(NamedForm):
    """What every document's head has. ``own_date`` is the name of the document's date on its model."""

    own_date: ClassVar[str] = "invoice_date"

    number = TextField(label="Number", longest=100)
    document_date = DayField(label="Date")
    due_date = DayField(label="Due date")
    memo = TextField(label="Memo", longest=LONGEST_MEMO, lines=True, required=False)

    field_order: Iterable[str] | None = ("number", "document_date", "due_date", "memo")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, due = data.get("document_date"), data.get("due_date")
        if starts and due and due < starts:
            self.add_error("due_date", "The due date lies before the document's own date. Correct one of them.")
        return data

    @classmethod
    def head_of(cls, document: Bill | Invoice) -> dict[str, Any]:
        return {
            "number": document.number,
            "document_date": getattr(document, cls.own_date),
            "due_date": document.due_date,
            "memo": document.memo,
        }

    def onto(self, document: Any) -> Any:
        """The document with what was entered in its head, unsaved."""
        document.number, document.memo = self.cleaned_data["number"], self.cleaned_data["memo"]
        document.due_date = self.cleaned_data["due_date"]
        setattr(document, self.own_date, self.cleaned_data["document_date"])
        return document


class BillForm(DocumentForm):
    own_date = "bill_date"

    vendor = RowChoice(label="Vendor", empty_label="Choose a vendor")
    project = RowChoice(label="Project", required=False, empty_label="No project")
    contract = RowChoice(
        label="Subcontract",
        required=False,
        empty_label="No subcontract",
        help_text="Its retainage rate is used where a line's retainage is left empty.",
    )

    field_order: Iterable[str] | None = ("vendor", "number", "document_date", "due_date", "project", "contract", "memo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Mapping[str, Any] = {
            "vendor": live(Vendor),
            "project": open_projects(),
            "contract": payable_contracts(),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a RowChoice

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        contract: Contract | None = data.get("contract")
        if contract is not None and data.get("vendor") and contract.vendor_id != data["vendor"].pk:
            self.add_error("contract", f"{contract} is with {contract.vendor}. Choose a subcontract of this vendor.")
        if contract is not None and data.get("project") and contract.project_id != data["project"].pk:
            self.add_error("project", f"{contract} belongs to {contract.project}. Choose that project.")
        return data

    @classmethod
    def head_of(cls, document: Bill | Invoice) -> dict[str, Any]:
        head = super().head_of(document)
        if isinstance(document, Bill):
            head["vendor"] = document.vendor.public_id
        return head | _public_ids(document, "project", "contract")

    def onto(self, document: Any) -> Any:
        bill = super().onto(document)
        bill.vendor, bill.contract = self.cleaned_data["vendor"], self.cleaned_data["contract"]
        bill.project = self.cleaned_data["project"] or (bill.contract.project if bill.contract else None)
        return bill


class BillReleaseForm(BillForm):
    """A bill that pays withheld retainage out, less what the subcontractor owes us for."""

    amount = AmountField(label="Retainage paid out")
    back_charge = AmountField(label="Back-charge", required=False, help_text="Deducted from what is paid out.")
    back_charge_for = TextField(label="Back-charge for", longest=500, required=False)

    field_order = (
        "vendor",
        "number",
        "document_date",
        "due_date",
        "project",
        "contract",
        "amount",
        "back_charge",
        "back_charge_for",
        "memo",
    )

    def lines(self) -> list[LineValues]:
        released, charged = self.cleaned_data["amount"], self.cleaned_data["back_charge"] or ZERO
        made = [LineValues(description="Retainage released", amount=ZERO, retainage=-released)]
        if charged:
            reason = self.cleaned_data["back_charge_for"] or "Back-charge"
            made.append(LineValues(description=reason, amount=-charged))
        return made

    @classmethod
    def of(cls, bill: Bill) -> dict[str, Any]:
        charge = bill.lines.filter(amount__lt=0).first()
        return cls.head_of(bill) | {
            "amount": -bill.retainage,
            "back_charge": -charge.amount if charge else None,
            "back_charge_for": charge.description if charge else "",
        }


class InvoiceForm(DocumentForm):
    """An invoice whose lines are entered one by one: no contract."""

    customer = RowChoice(label="Customer", empty_label="Choose a customer")
    project = RowChoice(label="Project", required=False, empty_label="No project")

    field_order = ("customer", "number", "document_date", "due_date", "project", "memo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = live(Customer)  # type: ignore[attr-defined]  # a RowChoice
        self.fields["project"].queryset = open_projects()  # type: ignore[attr-defined]  # a RowChoice

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        project, customer = data.get("project"), data.get("customer")
        if project and customer and project.customer_id != customer.pk:
            self.add_error("project", f"{project} is a project of {project.customer}. Choose one of this customer.")
        return data

    @classmethod
    def head_of(cls, document: Bill | Invoice) -> dict[str, Any]:
        head = super().head_of(document)
        if isinstance(document, Invoice):
            head["customer"] = document.customer.public_id
        return head | _public_ids(document, "project")

    def onto(self, document: Any) -> Any:
        invoice = super().onto(document)
        invoice.customer, invoice.project = self.cleaned_data["customer"], self.cleaned_data["project"]
        return invoice


class ApplicationForm(DocumentForm):
    """Columns E and F of every line of the schedule of values; D and the rest are computed."""

    period_end_date = DayField(label="Work done until", required=False)

    field_order = ("number", "document_date", "due_date", "period_end_date", "memo")

    def __init__(self, *args: Any, sov: Sequence[SovLine], before: Mapping[int, Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sov, self.before = sov, before
        for line in sov:
            self.fields[f"work-{line.public_id}"] = AmountField(
                label=f"This period, {line.description}", required=False
            )
            self.fields[f"stored-{line.public_id}"] = AmountField(label=f"Stored, {line.description}", required=False)

    def head(self) -> Iterator[BoundField]:
        """The fields above the table."""
        yield from (field for field in self if not field.name.startswith(("work-", "stored-")))

    def rows(self) -> Iterator[tuple[SovLine, Standing, BoundField, BoundField]]:
        """Line, where it stood before, and its two fields."""
        for line in self.sov:
            standing = self.before.get(line.pk, Standing())
            yield line, standing, self[f"work-{line.public_id}"], self[f"stored-{line.public_id}"]

    def entered(self) -> dict[int, PeriodWork]:
        return {
            line.pk: PeriodWork(
                this_period=self.cleaned_data[f"work-{line.public_id}"] or ZERO,
                stored=self.cleaned_data[f"stored-{line.public_id}"] or ZERO,
            )
            for line in self.sov
        }

    @classmethod
    def of(cls, invoice: Invoice) -> dict[str, Any]:
        initial = cls.head_of(invoice) | {"period_end_date": invoice.period_end_date}
        for line in invoice.lines.exclude(sov_line=None).select_related("sov_line"):
            public_id = line.sov_line.public_id if line.sov_line else ""
            initial[f"work-{public_id}"] = line.this_period or None
            initial[f"stored-{public_id}"] = line.stored or None
        return initial

    def onto(self, document: Any) -> Any:
        invoice = super().onto(document)
        invoice.period_end_date = self.cleaned_data["period_end_date"]
        return invoice


class ReleaseForm(DocumentForm):
    """An invoice that asks for retainage back."""

    amount = AmountField(label="Amount to release")

    field_order = ("amount", "number", "document_date", "due_date", "memo")


class PaymentForm(NamedForm):
    amount = AmountField(label="Amount")
    paid_date = DayField(label="Date")
    reference = TextField(label="Reference", longest=100, required=False, help_text="Check number or bank reference.")


class ReasonForm(NamedForm):
    reason = TextField(label="Reason", longest=500, help_text="Kept with the document for whoever asks later.")


def _public_ids(document: Bill | Invoice, *names: str) -> dict[str, Any]:
    rows = {name: getattr(document, name) for name in names}
    return {name: row.public_id if row else None for name, row in rows.items()}


def usual_rate(contract: Contract | None) -> Decimal | None:
    """The rate of a subcontract's newest terms."""
    if contract is None:
        return None
    newest = contract.terms.order_by("-effective_from").first()
    return newest.work_rate if newest else None
