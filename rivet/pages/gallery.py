"""Every component in every state, for whoever changes one. Development only."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sync.states import LOOKS


class SampleForm(forms.Form):
    number = forms.CharField(label="Bill number", help_text="As the vendor wrote it, at most 21 characters.")
    due_date = forms.DateField(label="Due date", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("bill", "Bill"), ("invoice", "Invoice")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    is_final = forms.BooleanField(label="This is the final bill", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    context = {
        "looks": list(LOOKS.values()),
        "tones": ["grey", "blue", "green", "amber", "violet", "red"],
        "form": SampleForm(),
        "refused_form": SampleForm({"number": "", "due_date": "soon"}),
        "moment": datetime(2026, 11, 20, 15, 4, tzinfo=UTC),
        "amounts": [Decimal("12480.00"), Decimal("-310.5"), Decimal("0")],
        "tabs": [
            SimpleNamespace(url="?tab=1", label="Overview", is_current=True, count=None),
            SimpleNamespace(url="?tab=2", label="Mapping", is_current=False, count=3),
        ],
        "differences": [
            SimpleNamespace(field="Due date", ours="Nov 30, 2026", theirs="Dec 15, 2026"),
            SimpleNamespace(field="Memo", ours="", theirs="checked by phone"),
        ],
        "actions": [("retry", "Retry"), ("skip", "Skip")],
    }
    return render(request, "debug/components.html", context)
