"""Looking up, reading and watching: what the engine concludes from must never be a guess."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from integrations.ports import (
    Absent,
    AccessLostError,
    Change,
    Intent,
    Link,
    ListKind,
    NotSentError,
    Operation,
    Receipt,
    Role,
    Several,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
)
from rivet.ledger.snapshots import PostingMode, SourceKind
from tests.contract.subjects import Subject, wanted
from tests.frozen import a_bill, a_number, a_party, an_intent, an_invoice

UNKNOWN_IDS = {"quickbooks": "999999", "xero": "4d3ad6f4-8ae7-4b6a-93f4-6a3b1f2d9c11"}


def ended(subject: Subject, made: Receipt, intent: Intent) -> None:
    link = Link(external_id=made.external_id, version=made.version)
    subject.create(replace(intent, operation=Operation.VOID, link=link))


def intents() -> Mapping[str, Intent]:
    """One of each kind that is looked up."""
    journaled = an_invoice(posting_mode=PostingMode.NET_PLUS_JOURNAL)
    return {
        "bill": an_intent(a_bill()),
        "invoice": an_intent(an_invoice()),
        "journal": an_intent(journaled, role=Role.RETAINAGE_JOURNAL),
        "customer": an_intent(a_party(SourceKind.CUSTOMER)),
        "vendor": an_intent(a_party(SourceKind.VENDOR)),
    }


KINDS = sorted(intents())


# find ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_sent_is_absent(subject: Subject, kind: str) -> None:
    question = wanted(intents()[kind], subject)
    assert subject.adapter.find(subject.access, [question]) == {"1": Absent()}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_saved_is_found_as_it_was_receipted(subject: Subject, kind: str) -> None:
    intent = intents()[kind]
    made = subject.create(intent)
    assert subject.adapter.find(subject.access, [wanted(intent, subject)]) == {"1": made}


def test_a_document_of_somebody_else_is_not_ours(subject: Subject) -> None:
    """The same number, party, day and total, typed in by a person or sent by another entry."""
    bill = a_bill()
    subject.create(an_intent(bill))
    question = wanted(an_intent(bill), subject)
    assert subject.adapter.find(subject.access, [question]) == {"1": Absent()}


def test_two_with_our_mark_are_for_a_person(subject: Subject) -> None:
    intent = an_intent(a_bill())
    twice = {subject.create(replace(intent, document=a_bill(number=a_number()))).external_id for _ in range(2)}
    question = wanted(intent, subject, number="")
    (finding,) = subject.adapter.find(subject.access, [question]).values()
    assert isinstance(finding, Several)
    assert {candidate.external_id for candidate in finding.candidates} == twice


def test_an_ended_document_is_absent(subject: Subject) -> None:
    intent = an_intent(a_bill())
    ended(subject, subject.create(intent), intent)
    assert subject.adapter.find(subject.access, [wanted(intent, subject)]) == {"1": Absent()}


def test_many_are_asked_for_at_once_and_answered_by_ref(subject: Subject) -> None:
    sent = [an_intent(an_invoice()) for _ in range(3)]
    made = {str(place): subject.create(intent) for place, intent in enumerate(sent)}
    asked = [wanted(intent, subject, ref=str(place)) for place, intent in enumerate([*sent, an_intent(an_invoice())])]
    asked.append(wanted(an_intent(a_party(SourceKind.CUSTOMER)), subject, ref="party"))
    found = subject.adapter.find(subject.access, asked)
    assert found == {**made, "3": Absent(), "party": Absent()}


def test_two_questions_for_one_name_have_two_answers(subject: Subject) -> None:
    name = a_number("Same")
    made = subject.create(an_intent(a_party(SourceKind.CUSTOMER, name=name)))
    asked = [
        wanted(an_intent(a_party(SourceKind.CUSTOMER, name=each)), subject, ref=ref)
        for ref, each in (("a", name), ("b", name.upper()))
    ]
    found = subject.adapter.find(subject.access, asked)
    assert {ref: getattr(each, "external_id", None) for ref, each in found.items()} == {
        "a": made.external_id,
        "b": made.external_id,
    }


@pytest.mark.parametrize("name", ["O'Brien's 100%", "Back\\slash & Söhne", 'Quote "Q"', "Émile  Double", "a=b;c"])
def test_odd_names_are_found_again(subject: Subject, name: str) -> None:
    intent = an_intent(a_party(SourceKind.VENDOR, name=f"{name} {a_number()}"))
    made = subject.create(intent)
    assert subject.adapter.find(subject.access, [wanted(intent, subject)]) == {"1": made}


def test_a_number_full_of_quotes_is_found_again(subject: Subject) -> None:
    intent = an_intent(an_invoice(number=f"P'A\\\"%{a_number()}"[:21]))
    made = subject.create(intent)
    assert subject.adapter.find(subject.access, [wanted(intent, subject)]) == {"1": made}


def test_a_bill_whose_party_is_no_longer_linked_is_found_by_its_day(subject: Subject) -> None:
    intent = an_intent(a_bill())
    made = subject.create(intent)
    question = wanted(intent, subject, party_id="", number="")
    assert subject.adapter.find(subject.access, [question]) == {"1": made}


NO_ANSWERS: list[dict[str, Any]] = [
    {"kind": "status", "status": 200, "body": "{}"},
    {"kind": "status", "status": 200, "body": "[]"},
    {"kind": "status", "status": 200, "body": '{"QueryResponse": null, "Invoices": null}'},
    {"kind": "html", "status": 200},
    {"kind": "html", "status": 404},
    {"kind": "html", "status": 502},
    {"kind": "half_body"},
    {"kind": "drop"},
]


@pytest.mark.parametrize(
    "act", NO_ANSWERS, ids=lambda act: f"{act['kind']}-{act.get('status', '')}{act.get('body', '')}"
)
def test_no_proper_answer_never_means_absent(
    subject: Subject, act: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pauses(subject, monkeypatch)
    intent = an_intent(a_bill())
    subject.create(intent)
    subject.sandbox.control("POST", "/faults", {"company": subject.company, "operation": "query", "act": act})
    with subject.requests(3), pytest.raises(UnavailableError):
        subject.adapter.find(subject.access, [wanted(intent, subject)])


def test_a_read_that_fails_once_is_asked_again(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    without_pauses(subject, monkeypatch)
    intent = an_intent(an_invoice())
    made = subject.create(intent)
    act = {"kind": "html", "status": 502}
    rule = {"company": subject.company, "operation": "query", "times": 2, "act": act}
    subject.sandbox.control("POST", "/faults", rule)
    with subject.requests(3):
        assert subject.adapter.find(subject.access, [wanted(intent, subject)]) == {"1": made}


@pytest.mark.parametrize(
    ("act", "error"),
    [
        ({"kind": "rate_limit", "retry_after": 3}, ThrottledError),
        ({"kind": "expired_token"}, TokenRefusedError),
    ],
    ids=["throttled", "token"],
)
def test_a_read_is_not_repeated_against_their_will(
    subject: Subject, act: dict[str, Any], error: type[Exception]
) -> None:
    rule = {"company": subject.company, "operation": "query", "act": act}
    subject.sandbox.control("POST", "/faults", rule)
    with subject.requests(1), pytest.raises(error):
        subject.adapter.find(subject.access, [wanted(an_intent(an_invoice()), subject)])


def test_a_closed_door_is_told_to_readers_too(subject: Subject) -> None:
    act, code = subject.manners.shut_out[0]
    subject.sandbox.control("POST", "/faults", {"company": subject.company, "act": act})
    with pytest.raises(AccessLostError) as caught:
        list(subject.adapter.lists(subject.access))
    assert caught.value.code == code


# fetch ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_fetched_as_it_stands(subject: Subject, kind: str) -> None:
    intent = intents()[kind]
    made = subject.create(intent)
    fetched = subject.adapter.fetch(subject.access, intent.role, made.external_id)
    assert fetched is not None and fetched.is_live
    assert fetched.receipt == made
    assert fetched.document


@pytest.mark.parametrize("kind", ["bill", "invoice", "journal"])
def test_an_ended_document_is_not_live(subject: Subject, kind: str) -> None:
    intent = intents()[kind]
    made = subject.create(intent)
    ended(subject, made, intent)
    fetched = subject.adapter.fetch(subject.access, intent.role, made.external_id)
    assert fetched is None or not fetched.is_live


def test_a_memo_that_begins_with_voided_ends_nothing(subject: Subject) -> None:
    intent = an_intent(an_invoice(memo="Voided the first one"))
    made = subject.create(intent)
    fetched = subject.adapter.fetch(subject.access, Role.INVOICE, made.external_id)
    assert fetched is not None and fetched.is_live


def test_an_inactive_party_is_known_and_not_live(subject: Subject) -> None:
    made = subject.create(an_intent(a_party()))
    deactivate(subject, made)
    fetched = subject.adapter.fetch(subject.access, Role.VENDOR, made.external_id)
    assert fetched is not None and not fetched.is_live


@pytest.mark.parametrize("role", [Role.BILL, Role.INVOICE, Role.RETAINAGE_JOURNAL, Role.CUSTOMER])
def test_an_id_nobody_knows_is_none(subject: Subject, role: Role) -> None:
    assert subject.adapter.fetch(subject.access, role, UNKNOWN_IDS[subject.slug]) is None


# changes -------------------------------------------------------------------------------------------------------------


def test_what_changed_since_a_moment_is_told_with_its_role(subject: Subject) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    made = {intent.role: subject.create(intent) for intent in intents().values()}
    changes = changes_by_id(subject, before)
    for role, receipt in made.items():
        change = changes[role, receipt.external_id]
        assert not change.is_gone
        assert before <= change.changed_at <= datetime.now(UTC) + timedelta(seconds=1)


def test_what_ended_since_a_moment_is_gone(subject: Subject) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    over = {}
    for kind in ("bill", "invoice", "journal"):
        intent = intents()[kind]
        over[intent.role] = subject.create(intent)
        ended(subject, over[intent.role], intent)
    changes = changes_by_id(subject, before)
    assert all(changes[role, receipt.external_id].is_gone for role, receipt in over.items())


def test_nothing_is_told_of_before_the_moment(subject: Subject) -> None:
    subject.create(an_intent(a_bill()))
    assert list(subject.adapter.changes(subject.access, since=datetime.now(UTC) + timedelta(hours=1))) == []


# lists ---------------------------------------------------------------------------------------------------------------


def test_lists_are_the_same_however_small_the_pages(alone: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        alone.create(an_intent(a_party()))
    whole = list(alone.adapter.lists(alone.access))
    client = import_module(f"integrations.{alone.slug}.client")
    monkeypatch.setattr(client, "PAGE", 2)
    before = alone.wire_requests()
    paged = list(alone.adapter.lists(alone.access))
    assert alone.wire_requests() - before > 8
    assert sorted(map(repr, paged)) == sorted(map(repr, whole))


def test_lists_name_everything_a_document_can_refer_to(subject: Subject) -> None:
    rows = list(subject.adapter.lists(subject.access))
    assert {row.kind for row in rows} >= {ListKind.ACCOUNT, ListKind.TAG, ListKind.TAX_CODE}
    assert {row.kind for row in rows} >= {ListKind.CUSTOMER, ListKind.VENDOR}
    assert all(row.use is not None for row in rows if row.kind is ListKind.ACCOUNT)
    keys = [(row.kind, row.external_id) for row in rows]
    assert len(keys) == len(set(keys))


def test_an_inactive_party_stays_in_the_lists(alone: Subject) -> None:
    made = alone.create(an_intent(a_party()))
    deactivate(alone, made)
    (row,) = [
        row
        for row in alone.adapter.lists(alone.access)
        if row.kind is ListKind.VENDOR and row.external_id == made.external_id
    ]
    assert not row.is_active


def test_a_list_that_cannot_be_read_is_no_empty_list(alone: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty list would make every mapping of the company point to a record that is gone."""
    without_pauses(alone, monkeypatch)
    act = {"kind": "html", "status": 404}
    alone.sandbox.control("POST", "/faults", {"company": alone.company, "entity": "Account", "act": act})
    alone.sandbox.control("POST", "/faults", {"company": alone.company, "operation": "query", "act": act})
    with pytest.raises(UnavailableError):
        list(alone.adapter.lists(alone.access))


def test_the_company_tells_its_currency_and_closing_date(alone: Subject) -> None:
    assert alone.adapter.company(alone.access).closed_until is None
    alone.set(**alone.manners.close("2026-06-30"))
    company = alone.adapter.company(alone.access)
    assert (company.external_id, company.currency) == (alone.company, "USD")
    assert str(company.closed_until) == "2026-06-30"


def test_nobody_there_is_unavailable_for_readers(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    without_pauses(subject, monkeypatch)
    away = replace(subject.access, api_root="http://127.0.0.1:9")
    with pytest.raises((UnavailableError, NotSentError)):
        subject.adapter.fetch(away, Role.BILL, "1")


# Acts of a person, and patience ---------------------------------------------------------------------------------------


def without_pauses(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    client = import_module(f"integrations.{subject.slug}.client")
    monkeypatch.setattr(client.read.retry, "sleep", lambda seconds: None)


def changes_by_id(subject: Subject, since: datetime) -> dict[tuple[Role, str], Change]:
    found = subject.adapter.changes(subject.access, since=since)
    return {(change.role, change.external_id): change for change in found}


def deactivate(subject: Subject, made: Receipt) -> None:
    """As a person does it on the provider's own pages."""
    call = subject.call(
        an_intent(
            a_party(name=a_number("Gone")),
            operation=Operation.UPDATE,
            link=Link(external_id=made.external_id, version=made.version),
        )
    )
    body = call.body.replace(*subject.manners.inactive)
    assert body != call.body
    subject.send(replace(call, body=body))
