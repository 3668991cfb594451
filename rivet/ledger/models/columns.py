"""Column types that every document shares, and constraints from closed sets of words."""

from decimal import Decimal
from enum import StrEnum

from django.db import models
from django.db.models.fields import NOT_PROVIDED

from rivet.money import ZERO

#: A memo is a note, not an attachment: longer than any provider's field (QuickBooks takes 4,000 characters).
LONGEST_MEMO = 10_000


def money() -> "models.DecimalField[Decimal, Decimal]":
    """Signed cents, zero unless said otherwise."""
    return models.DecimalField(max_digits=15, decimal_places=2, default=ZERO)


def optional_money() -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)


def percent() -> "models.DecimalField[Decimal, Decimal]":
    """10 means ten per cent."""
    return models.DecimalField(max_digits=18, decimal_places=6, default=ZERO)


def optional_percent() -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)


def word(words: type[StrEnum], *, default: StrEnum | None = None) -> "models.CharField[str, str]":
    """One of a closed set."""
    choices = [(each.value, each.value) for each in words]
    return models.CharField(max_length=30, choices=choices, default=NOT_PROVIDED if default is None else default.value)


def only(field: str, words: type[StrEnum], *, name: str) -> models.CheckConstraint:
    """The database holds the closed set too."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": [each.value for each in words]}), name=name)


def within_percent(field: str, *, name: str) -> models.CheckConstraint:
    empty = models.Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(condition=empty | models.Q(**{f"{field}__gte": 0, f"{field}__lte": 100}), name=name)
