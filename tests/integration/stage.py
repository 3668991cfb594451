"""Two firms with one of everything each: Alice's Ironwood, a canary in its texts, and Charlie's Lakeview."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.test import Client

from integrations.connections import grants
from integrations.connections.models import Connection
from integrations.consent import TokenSet
from integrations.mappings.models import MirrorRecord
from integrations.ports import AccountUse, ListKind, Problem
from rivet import clock
from rivet.ledger.approval import approve
from rivet.ledger.imports import batches
from rivet.ledger.models import Contract, Payment, Vendor
from rivet.ledger.models.imports import ImportKind
from rivet.ledger.snapshots import PostingMode, SourceKind
from rivet.tenants import people
from rivet.tenants.context import set_local, tenant_transaction
from rivet.tenants.models import Invitation, Membership
from rivet.tenants.roles import Role
from sync import issues, outbox
from sync.models import OutboxEntry, Severity
from sync.states import State
from tests import ledgers, outboxes
from tests.firms import Firm, a_firm, a_person, join

CANARY = "Canary-7f3k"
HOST = "localhost:8000"
#: Ids of nothing. An id that is not listed here is a UUID.
_MADE_UP = {"call": "999999999"}
_NOBODY = "018f0000-0000-7000-8000-000000000000"
_GONE = Problem(code="REF-05", facts={}, their_words=CANARY)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """``things`` and ``others`` are ids by name: Ironwood's and Lakeview's."""

    ironwood: Firm
    lakeview: Firm
    things: dict[str, str]
    others: dict[str, str]

    @property
    def theirs(self) -> dict[str, str]:
        """Ironwood's ids as Charlie could try them."""
        # A link names the firm and the invitation and is signed, so Charlie's link can only be one to his firm.
        crossed = signing.dumps([self.lakeview.tenant.pk, int(self.things["invitation_pk"])], salt="rivet.invitation")
        return {name: value for name, value in self.things.items() if name != "code"} | {"token": crossed}

    def made_up(self, name: str) -> str:
        if name == "token":
            return signing.dumps([self.lakeview.tenant.pk, 999_999_999], salt="rivet.invitation")
        return _MADE_UP.get(name, _NOBODY)


def set_up() -> Stage:
    ironwood = a_firm("ironwood")
    lakeview = a_firm("lakeview", owner=a_person("Charlie"))
    join(ironwood, a_person("Bob"), Role.BOOKKEEPER)
    join(lakeview, a_person("Sam"), Role.BOOKKEEPER)
    things = _one_of_everything(ironwood, CANARY)
    return Stage(ironwood=ironwood, lakeview=lakeview, things=things, others=_one_of_everything(lakeview, "Plain"))


def browser_of(stage: Stage, *, owner_of: str) -> Client:
    """Signed in at Rivet's own address, as the providers' consent needs it.

    Companies of both firms are offered in it: which of them the person may choose is for the page to judge.
    """
    firm, mine = (stage.ironwood, stage.things) if owner_of == "ironwood" else (stage.lakeview, stage.others)
    browser = Client(HTTP_HOST=HOST)
    with transaction.atomic():
        set_local("rivet.user_id", str(firm.owner.pk))
        browser.force_login(firm.owner, backend="rivet.tenants.authentication.EmailBackend")
        session = browser.session
        session["company_choices"] = {
            ids["choice"]: _choice(each, ids)
            for each, ids in ((stage.ironwood, stage.things), (stage.lakeview, stage.others))
        }
        session["consents"] = {mine["state"]: _consent(firm)}
        session.save()
    return browser


def _choice(firm: Firm, ids: dict[str, str]) -> dict[str, object]:
    company = {"external_id": ids["company"], "name": ids["text"], "connection_id": ""}
    return {"provider": "xero", "tenant_id": firm.tenant.pk, "companies": [company]}


def _consent(firm: Firm) -> dict[str, object]:
    return {
        "provider": "xero",
        "tenant_id": firm.tenant.pk,
        "tenant_slug": firm.tenant.slug,
        "user_id": firm.owner.pk,
        "reconnect": 0,
        "verifier": "",
        "begun_at": clock.now().isoformat(),
    }


def _one_of_everything(firm: Firm, text: str) -> dict[str, str]:
    with tenant_transaction(firm.tenant.pk):
        return {
            "text": text,
            "state": f"{firm.tenant.slug}-state-of-a-consent-under-way",
            "code": "a-code",
            "company": f"{firm.tenant.slug}-company",
            "choice": _grant(firm),
            **_papers(firm, text),
            **_people(firm, text),
            **_imports(firm, text),
            **_books(text),
        }


def _grant(firm: Firm) -> str:
    end = clock.now() + timedelta(days=60)
    tokens = TokenSet(
        access_token="a",
        refresh_token="r",
        access_expires_at=end,
        refresh_expires_at=end,
        hard_expires_at=None,
        scopes=(),
    )
    kept = grants.keep(tenant=firm.tenant, provider="xero", subject=firm.tenant.slug, tokens=tokens)
    return str(kept.public_id)


def _papers(firm: Firm, text: str) -> dict[str, str]:
    """A draft and an approved one of each kind, and a payment, under one contract of one project."""
    customer = ledgers.a_customer(text)
    contract = ledgers.a_contract("10000", project=ledgers.a_project(customer, name=text))
    vendor = ledgers.a_vendor(text)
    return {
        "customer": str(customer.public_id),
        "project": str(contract.project.public_id),
        "contract": str(contract.public_id),
        "sov_line": str(contract.lines.get().public_id),
        "vendor": str(vendor.public_id),
        **_invoices(contract),
        **_bills(firm, vendor, contract, text),
    }


def _invoices(contract: Contract) -> dict[str, str]:
    owed = ledgers.an_application(contract, 1, ["500"])
    ledgers.approved(owed)
    draft = ledgers.an_application(contract, 2, ["500"])
    return {"owed_invoice": str(owed.public_id), "invoice": str(draft.public_id)}


def _bills(firm: Firm, vendor: Vendor, contract: Contract, text: str) -> dict[str, str]:
    project = contract.project
    draft, owed, paid = (
        ledgers.a_bill(vendor, number=f"{text}-{index}", memo=text, project=project) for index in range(3)
    )
    for bill in (owed, paid):
        approve(kind=SourceKind.BILL, document_id=bill.pk, actor=None, default_mode=PostingMode.NEGATIVE_LINE)
    paid.refresh_from_db()
    payment = Payment.objects.create(
        tenant=firm.tenant, bill=paid, amount=10, paid_date=ledgers.DAY, reference=text, recorded_by=firm.owner
    )
    type(paid).objects.filter(pk=paid.pk).update(paid=10)
    return {"bill": str(draft.public_id), "owed_bill": str(owed.public_id), "payment": str(payment.public_id)}


def _people(firm: Firm, text: str) -> dict[str, str]:
    invitation = Invitation.objects.create(
        tenant=firm.tenant, email=f"{text.lower()}@example.com", role=Role.VIEWER, invited_by=firm.owner
    )
    member = Membership.objects.filter(tenant=firm.tenant).exclude(user=firm.owner).get()
    return {
        "invitation": str(invitation.public_id),
        "invitation_pk": str(invitation.pk),
        "token": people.token_for(invitation),
        "member": str(member.public_id),
    }


def _imports(firm: Firm, text: str) -> dict[str, str]:
    files = {
        "batch": (ImportKind.VENDORS, f"name\n{text} Supply\n"),
        "bills_batch": (ImportKind.BILLS, f"number,vendor,bill date,amount\n9,{text} Stone,2026-11-02,5\n"),
    }
    return {
        name: str(
            batches.upload(
                kind=kind, file_name=f"{text}.csv", data=data.encode(), tenant=firm.tenant, by=firm.owner
            ).public_id
        )
        for name, (kind, data) in files.items()
    }


def _books(text: str) -> dict[str, str]:
    books = outboxes.a_connection(text, is_default=True)
    second = outboxes.a_connection(f"{text} Two")
    entry = _an_entry_gone_from_the_books(books, text)
    return {
        "connection": str(books.public_id),
        "books": str(second.public_id),
        "realm": books.external_id,
        "entry": str(entry.public_id),
        "call": str(outboxes.an_attempt(entry, outcome="Rejected", detail=text, answer=text).id),
        **_lists(books, text),
    }


def _an_entry_gone_from_the_books(books: Connection, text: str) -> OutboxEntry:
    """It can be retried, skipped and posted again as a new record."""
    bill = ledgers.a_bill(ledgers.a_vendor(f"{text} Concrete"), number=f"{text}-8")
    (entry,) = outbox.enqueue(ledgers.approved(bill), books)
    OutboxEntry.objects.filter(pk=entry.pk).update(
        state=State.REJECTED, operation="update", label=f"Bill {text}", due_at=None, settled_at=clock.now()
    )
    issues.open_issue(entry, _GONE, severity=Severity.ERROR)
    outboxes.a_line(entry, severity=Severity.ERROR, detail=text)
    return entry


def _lists(books: Connection, text: str) -> dict[str, str]:
    rows = [
        (ListKind.ACCOUNT, f"{text}-1", f"{text} revenue", AccountUse.INCOME),
        (ListKind.ACCOUNT, f"{text}-2", "Retainage receivable", AccountUse.CURRENT_ASSET),
        (ListKind.VENDOR, f"{text}-3", text, ""),
        (ListKind.TAG, f"{text}-4", text, ""),
    ]
    for kind, external_id, name, use in rows:
        MirrorRecord.objects.create(
            tenant_id=books.tenant_id, connection=books, kind=kind, external_id=external_id, name=name, use=use
        )
    return {"account": f"{text}-1", "their_vendor": f"{text}-3"}
