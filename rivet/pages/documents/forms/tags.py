"""Choosing a class or tracking option for a line, from the lists of the connected books."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms

from integrations.connections.models import Connection, Status
from integrations.mappings.models import MirrorRecord
from integrations.ports import ListKind
from rivet.pages.documents.forms.fields import NamedForm

#: As Django's grouped choices: a company or category with its (external id, name) pairs.
Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
_WORDS = {"quickbooks": "Class", "xero": "Tracking"}


def groups() -> Groups:
    """What lines may carry, grouped by where it is from; empty when no connected company tags line by line."""
    takes_tags = Connection.objects.exclude(status=Status.DISCONNECTED).filter(settings__class_mode="line")
    rows = (
        MirrorRecord.objects.filter(connection__in=takes_tags, kind=ListKind.TAG, is_active=True)
        .select_related("connection")
        .order_by("connection__company_name", "parent_name", "name")
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        where = " · ".join(part for part in (row.connection.company_name, row.parent_name) if part)
        found.setdefault(where, []).append((row.external_id, row.name))
    return list(found.items())


def label() -> str:
    """What the connected providers call it."""
    live = Connection.objects.exclude(status=Status.DISCONNECTED).values_list("provider", flat=True)
    words = sorted({_WORDS[provider] for provider in live})
    return " or ".join([words[0], *(word.lower() for word in words[1:])]) if words else "Class"


class TaggedForm(NamedForm):
    """A line that may carry a tag; while there is nothing to choose from, it keeps what it has unseen."""

    tag: forms.Field = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tags: Groups = (), tag_label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not tags:
            return
        kept = str(self.initial.get("tag") or "")
        known = {value for _, options in tags for value, _ in options}
        gone = [(kept, "No longer in the books")] if kept and kept not in known else []
        choices = [("", "None"), *gone, *tags]
        self.fields["tag"] = forms.ChoiceField(label=tag_label, required=False, choices=choices)


if TYPE_CHECKING:
    # Generic for the type checker only.
    _AnySet = forms.BaseFormSet[Any]
else:
    _AnySet = forms.BaseFormSet


class TaggedSet(_AnySet):
    """Asks for the tags once for all its rows."""

    @cached_property
    def _tags(self) -> Mapping[str, Any]:
        found = groups()
        return {"tags": found, "tag_label": label() if found else ""}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), **self._tags}
