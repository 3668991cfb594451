"""The lines of bills and of invoices without contract."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from rivet.ledger.imports import values
from rivet.ledger.rules.lines import LineValues
from rivet.money import share
from rivet.pages.documents.forms.fields import AmountField, RetainageField, TextField
from rivet.pages.documents.forms.tags import TaggedForm, TaggedSet

#: Rows offered below what is filled in; "Add lines" brings as many again.
SPARE_ROWS = 3
MOST_ROWS = 300


class LineForm(TaggedForm):
    description = TextField(label="Description", longest=500, required=False)
    amount = AmountField(label="Amount", required=False)
    retainage = RetainageField(label="Retainage", required=False)
    field_order = ("description", "amount", "retainage", "tag")

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("description", "amount", "retainage"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if data.get("amount") is None and (data.get("description") or data.get("retainage")):
            self.add_error("amount", "Amount is empty. Fill it in, or clear the whole line.")
        return data

    def line(self, *, usual_rate: Decimal | None) -> LineValues:
        """``usual_rate`` applies where retainage is left empty."""
        amount, written = self.cleaned_data["amount"], self.cleaned_data["retainage"]
        if written or usual_rate is None:
            withheld = values.retainage(written, of=amount)
        else:
            withheld = share(amount, percent=usual_rate)
        return LineValues(
            description=self.cleaned_data["description"] or "Line",
            amount=amount,
            retainage=withheld,
            tag=self.cleaned_data["tag"],
        )


class BaseLines(TaggedSet):
    def entered(self, *, usual_rate: Decimal | None = None) -> list[LineValues]:
        """The lines that are not blank. Raises ValidationError on the row whose retainage cannot be read."""
        lines = []
        for form in self.forms:
            if form.is_blank:
                continue
            try:
                lines.append(form.line(usual_rate=usual_rate))
            except ValueError as reason:
                form.add_error("retainage", str(reason))
                raise ValidationError(str(reason)) from reason
        return lines


Lines = forms.formset_factory(
    LineForm, formset=BaseLines, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


def showing(lines: Sequence[LineValues]) -> BaseLines:
    """A form set filled with these lines and some blank rows."""
    names = ("description", "amount", "retainage", "tag")
    initial = [{name: getattr(line, name) for name in names} for line in lines]
    return cast(BaseLines, Lines(prefix="lines", initial=initial))


def with_more_rows(formset: Any, data: Any, *, prefix: str) -> Any:
    """The same rows as typed, unjudged, with more blank ones below."""
    form_class: type[forms.BaseFormSet[Any]] = formset.__class__
    names = list(formset.empty_form.fields)
    count = min(formset.total_form_count(), MOST_ROWS)
    typed = [{name: data.get(f"{prefix}-{index}-{name}", "") for name in names} for index in range(count)]
    return form_class(prefix=prefix, initial=[row for row in typed if any(row.values())])
