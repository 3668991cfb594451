"""How the ledger's states look."""

from dataclasses import dataclass

from django import template

from rivet.ledger.models.documents import DocumentStatus
from rivet.tenants.access import TenantRequest

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class StatusLook:
    word: str
    glyph: str
    tone: str
    title: str


LOOKS = {
    DocumentStatus.DRAFT: StatusLook(
        word="Draft", glyph="✎", tone="grey", title="Not approved yet; nothing is posted."
    ),
    DocumentStatus.APPROVED: StatusLook(word="Approved", glyph="✓", tone="green", title="Frozen, and on its way."),
    DocumentStatus.REOPENED: StatusLook(
        word="Reopened", glyph="↺", tone="amber", title="Being changed; the next approval posts the change."
    ),
    DocumentStatus.VOID: StatusLook(word="Void", glyph="⊘", tone="grey", title="Taken out of the ledger."),
}


@register.inclusion_tag("components/_chip.html")
def status_chip(status: str) -> dict[str, str]:
    look = LOOKS[DocumentStatus(status)]
    return {"word": look.word, "glyph": look.glyph, "tone": look.tone, "title": look.title}


@register.filter
def status_word(status: str) -> str:
    return LOOKS[DocumentStatus(status)].word


@dataclass(frozen=True, kw_only=True)
class Tab:
    label: str
    url: str
    is_current: bool


_TABS = (
    ("Bills and invoices", ""),
    ("Contracts", "contracts/"),
    ("Payments", "payments/"),
    ("Customers", "customers/"),
    ("Vendors", "vendors/"),
    ("Projects", "projects/"),
    ("Import", "imports/"),
)


@register.inclusion_tag("components/_tabs.html", takes_context=True)
def ledger_tabs(context: template.Context) -> dict[str, object]:
    """The lists of the ledger; the longest path that fits is where we are."""
    request: TenantRequest = context["request"]
    root = f"/t/{request.tenant.slug}/documents/"
    inside = request.path.removeprefix(root)
    here = max((path for _, path in _TABS if inside.startswith(path)), key=len)
    tabs = [Tab(label=label, url=root + path, is_current=path == here) for label, path in _TABS]
    return {"tabs": tabs, "label": "Documents"}
