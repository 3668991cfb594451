"""Form fields that say what is wrong by name: cause and remedy in one sentence."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from rivet.ledger.imports import values


class NamedForm(forms.Form):
    """Its fields name themselves when they are empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            name = str(field.label or "This")
            field.error_messages["required"] = f"{name} is empty. Fill it in."
            field.error_messages["invalid_choice"] = f"{name} is no longer there to choose. Choose another."


class TextField(forms.CharField):
    """One line, or several with ``lines``; any character but NUL, which no database text can hold."""

    def __init__(self, *, longest: int, lines: bool = False, **kwargs: Any) -> None:
        self.longest = longest
        widget = forms.Textarea(attrs={"rows": 3}) if lines else forms.TextInput(attrs={"maxlength": longest})
        super().__init__(widget=widget, **kwargs)
        # Django's own check answers first, in words nobody types into a bill.
        self.validators = []

    def to_python(self, value: Any) -> str:
        written = super().to_python(value) or ""
        if "\x00" in written:
            raise ValidationError(f"{self.label} contains a NUL character. Remove it.")
        if len(written) > self.longest:
            raise ValidationError(
                f"{self.label} has {len(written):,} characters; at most {self.longest:,} fit. Shorten it."
            )
        return written


class _ReadField(forms.CharField):
    """A cell that a function reads; its sentence is the error."""

    def __init__(self, read: Callable[[str], Any], **kwargs: Any) -> None:
        self.read = read
        super().__init__(**kwargs)
        self.validators = []

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            return self.read(written)
        except ValueError as reason:
            raise ValidationError(str(reason)) from reason


class AmountField(_ReadField):
    """Signed cents, as ``values.amount`` reads them."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}
        super().__init__(values.amount, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class PercentField(_ReadField):
    """0 to 100, with or without the sign."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}
        super().__init__(values.percent, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        # 10.000000 from the database is 10 to people; 7.750000 is 7.75.
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class RetainageField(forms.CharField):
    """An amount or a per cent of the line; read together with the line's amount, so kept as text here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"class": "num", "autocomplete": "off"}), **kwargs)
        self.validators = []

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class DayField(_ReadField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(values.day, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


if TYPE_CHECKING:
    # Generic for the type checker only.
    _AnyChoice = forms.ModelChoiceField[Any]
else:
    _AnyChoice = forms.ModelChoiceField


class RowChoice(_AnyChoice):
    """One of the tenant's rows, by its public id. The form gives the rows: there is no tenant when classes load."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, to_field_name="public_id", **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            # What is no id at all is no choice either.
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None
