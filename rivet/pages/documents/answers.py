"""What the ledger's views have in common."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from rivet.ledger.errors import LedgerError
from rivet.tenants.access import TenantRequest

#: The button below a table of lines that asks for more blank ones.
MORE_ROWS = "more"


def wants_more_rows(request: TenantRequest) -> bool:
    return request.POST.get("act") == MORE_ROWS


def or_404[R](found: R | None) -> R:
    """What is another firm's and what does not exist are one and the same."""
    if found is None:
        raise Http404
    return found


def page_number(request: TenantRequest) -> int:
    written = request.GET.get("page", "1")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def search_text(request: TenantRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:100]


def show_form(request: TenantRequest, template: str, context: Mapping[str, Any], *, refused: bool) -> HttpResponse:
    """The page; 422 when what was entered was refused."""
    return render(request, template, dict(context), status=422 if refused else 200)


def attempt[R](act: Callable[[], R], *, form: forms.Form) -> R | None:
    """Run a change of the ledger; what it refuses becomes an error of the form, and nothing of it stays."""
    try:
        with transaction.atomic():
            return act()
    except LedgerError as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.sentence)
    except ValidationError:
        # The row says what is wrong with it.
        pass
    return None


def to(request: TenantRequest, name: str, **kwargs: Any) -> HttpResponse:
    """Go on to a page of the same firm."""
    return redirect(reverse(name, kwargs={"tenant": request.tenant.slug, **kwargs}))
