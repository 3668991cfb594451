"""One call, one wire request, one outcome of the closed set: the same for every provider, whatever comes back."""

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest

from integrations import registry
from integrations.ports import Access, Operation, ProviderError, Receipt, Role, WireCall
from rivet.ledger.snapshots import SourceKind
from sync.catalogue import exhibits
from sync.outcomes import Delivered, NeedsPerson, Outcome, Rejected, RetryAt, Unknown, judge_error
from tests.contract.manners import MANNERS
from tests.contract.subjects import Subject
from tests.frozen import DAY, a_bill, a_party, an_intent, an_invoice


def test_every_listed_provider_is_under_contract() -> None:
    assert set(MANNERS) == set(registry.LISTINGS)


# Good answers --------------------------------------------------------------------------------------------------------


def test_a_bill_is_created_with_its_total_and_line_ids(subject: Subject) -> None:
    intent = an_intent(a_bill())
    call = subject.call(intent)
    (outcome,) = subject.deliver(call)
    assert isinstance(outcome, Delivered)
    assert str(outcome.receipt.total) == "22500.00"
    assert len(outcome.receipt.line_ids) == 2
    assert outcome.receipt.external_id and outcome.receipt.version and not outcome.receipt.warnings
    assert subject.saved(call) == 1


def test_every_answer_names_the_providers_reference(subject: Subject) -> None:
    answer = subject.send(subject.call(an_intent(an_invoice())))
    assert answer.status == 200 and answer.trace_id
    assert json.loads(answer.body)


def test_the_same_key_and_bytes_twice_make_one_document(subject: Subject) -> None:
    call = subject.call(an_intent(a_bill()))
    first, again = subject.deliver(call), subject.deliver(call)
    assert isinstance(first[0], Delivered)
    assert first == again
    assert subject.saved(call) == 1


def test_a_batch_delivers_each_document_to_its_own_ref(subject: Subject) -> None:
    intents = [an_intent(a_bill()) for _ in range(3)]
    call = subject.call(*intents)
    answer = subject.send(call)
    receipts = [answer.results[ref] for ref in call.refs]
    numbers = [subject.parcel(intent).payload.number for intent in intents]
    assert [receipt.number for receipt in receipts if isinstance(receipt, Receipt)] == numbers
    assert subject.saved(call) == 3


def test_a_document_is_changed_and_ended(subject: Subject) -> None:
    made = subject.create(an_intent(a_bill(number="CHG-1")))
    dearer = a_bill(number="CHG-2")
    link = replace(subject.books.parties["vendor", 4], external_id=made.external_id, version=made.version)
    changed = subject.create(an_intent(dearer, operation=Operation.UPDATE, link=link))
    assert (changed.external_id, changed.number) == (made.external_id, "CHG-2")
    link = replace(link, version=changed.version)
    (ended,) = subject.deliver(subject.call(an_intent(dearer, operation=Operation.VOID, link=link)))
    assert isinstance(ended, Delivered) and ended.receipt.external_id == made.external_id


# Refusals ------------------------------------------------------------------------------------------------------------


def test_a_taken_number_is_refused_and_proven(subject: Subject) -> None:
    subject.create(an_intent(an_invoice(number="TAKEN-1")))
    (outcome,) = subject.deliver(subject.call(an_intent(an_invoice(number="TAKEN-1"))))
    assert isinstance(outcome, Rejected)
    assert [problem.code for problem in outcome.problems] == ["DUP-03"]
    assert outcome.problems[0].their_words


def test_a_taken_name_is_refused_and_proven(subject: Subject) -> None:
    subject.create(an_intent(a_party(SourceKind.CUSTOMER, name="Twin & Sons")))
    (outcome,) = subject.deliver(subject.call(an_intent(a_party(SourceKind.CUSTOMER, name="Twin & Sons"))))
    assert isinstance(outcome, Rejected)
    assert [problem.code for problem in outcome.problems] == ["DUP-04"]


def test_closed_books_are_refused_and_proven(alone: Subject) -> None:
    call = alone.call(an_intent(a_bill()))
    alone.set(**alone.manners.close(DAY.isoformat()))
    (outcome,) = alone.deliver(call)
    assert isinstance(outcome, Rejected)
    assert [problem.code for problem in outcome.problems] == ["PER-01"]
    assert alone.saved(call) == 0


def test_one_bad_document_stops_alone(subject: Subject) -> None:
    subject.create(an_intent(an_invoice(number="TAKEN-2")))
    call = subject.call(*(an_intent(an_invoice(number=number)) for number in ("GOOD-1", "TAKEN-2", "GOOD-2")))
    outcomes = subject.deliver(call)
    assert [type(outcome) for outcome in outcomes] == [Delivered, Rejected, Delivered]


# Come back later -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("wait", [7, None])
def test_a_throttled_call_names_its_moment(subject: Subject, form: str, wait: int | None) -> None:
    call = subject.call(an_intent(a_bill()))
    subject.break_once({"kind": "rate_limit", "retry_after": wait, "form": form})
    (outcome,) = subject.deliver(call)
    assert isinstance(outcome, RetryAt)
    assert outcome.problem.code == "LIM-01" and not outcome.consumes_try
    assert outcome.seconds == (wait or subject.manners.default_wait)
    assert subject.saved(call) == 0
    assert isinstance(subject.deliver(call)[0], Delivered)


def test_an_expired_token_is_refreshed_and_the_same_call_goes_again(alone: Subject) -> None:
    call = alone.call(an_intent(a_party()))
    alone.control("/expire-tokens")
    (outcome,) = alone.deliver(call)
    assert isinstance(outcome, RetryAt)
    assert (outcome.problem.code, outcome.seconds) == ("CON-07", 0)
    tokens = alone.consenter.refresh(alone.tokens, now=datetime.now(UTC))
    renewed = replace(alone.access, access_token=tokens.access_token)
    assert isinstance(alone.deliver(call, renewed)[0], Delivered)


def test_nobody_there_means_nothing_was_sent(subject: Subject) -> None:
    call = subject.call(an_intent(a_bill()))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening, so that every connection is refused
        away = replace(subject.access, api_root=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with subject.requests(0):
            (outcome,) = _deliver_elsewhere(subject, call, away)
    assert isinstance(outcome, RetryAt)
    assert outcome.problem.code == "LIM-04" and outcome.seconds is None


def test_a_name_nobody_knows_means_nothing_was_sent(subject: Subject) -> None:
    away = replace(subject.access, api_root="http://books.invalid")
    (outcome,) = _deliver_elsewhere(subject, subject.call(an_intent(a_bill())), away)
    assert isinstance(outcome, RetryAt)


def test_a_peer_that_speaks_no_tls_means_nothing_was_sent(subject: Subject) -> None:
    secure = replace(subject.access, api_root=subject.access.api_root.replace("http://", "https://"))
    with subject.requests(0):
        (outcome,) = _deliver_elsewhere(subject, subject.call(an_intent(a_bill())), secure)
    assert isinstance(outcome, RetryAt)


# A person must act ---------------------------------------------------------------------------------------------------


def test_a_closed_door_names_who_must_act(subject: Subject) -> None:
    for act, code in subject.manners.shut_out:
        call = subject.call(an_intent(a_bill()))
        subject.break_once(act)
        (outcome,) = subject.deliver(call)
        assert isinstance(outcome, NeedsPerson), act
        assert outcome.problem.code == code and code in exhibits()
        assert subject.saved(call) == 0


def test_a_person_without_the_right_closes_the_door(alone: Subject) -> None:
    settings, code = alone.manners.shutting
    call = alone.call(an_intent(a_party()))
    alone.set(**settings)
    (outcome,) = alone.deliver(call)
    assert isinstance(outcome, NeedsPerson)
    assert outcome.problem.code == code


def test_another_companys_token_closes_the_door(subject: Subject, alone: Subject) -> None:
    call = subject.call(an_intent(a_bill()))
    stranger = replace(subject.access, access_token=alone.access.access_token)
    (outcome,) = subject.deliver(call, stranger)
    assert isinstance(outcome, NeedsPerson)
    assert outcome.problem.code == "CON-03"
    assert subject.saved(call) == 0


def test_a_revoked_grant_closes_the_door(alone: Subject) -> None:
    call = alone.call(an_intent(a_party()))
    alone.control("/revoke-grants")
    (outcome,) = alone.deliver(call)
    assert isinstance(outcome, NeedsPerson | RetryAt)
    assert (type(outcome), outcome.problem.code) == alone.manners.withdrawn


# Nobody knows --------------------------------------------------------------------------------------------------------


LOST: list[tuple[dict[str, Any], int]] = [
    ({"kind": "drop", "when": "before"}, 0),
    ({"kind": "drop", "when": "after"}, 1),
    ({"kind": "html", "status": 200, "when": "before"}, 0),
    ({"kind": "html", "status": 200, "when": "after"}, 1),
    ({"kind": "html", "status": 502, "when": "before"}, 0),
    ({"kind": "html", "status": 502, "when": "after"}, 1),
    ({"kind": "half_body"}, 1),
    ({"kind": "status", "status": 200, "when": "after", "body": ""}, 1),
    ({"kind": "status", "status": 200, "when": "after", "body": "null"}, 1),
    ({"kind": "status", "status": 200, "when": "after", "body": "[]"}, 1),
    ({"kind": "status", "status": 200, "when": "after", "body": "{}"}, 1),
    ({"kind": "status", "status": 302, "when": "after", "headers": {"Location": "/elsewhere"}}, 1),
    *(({"kind": "status", "status": status, "when": "after", "body": ""}, 1) for status in (500, 502, 503, 504, 599)),
    ({"kind": "status", "status": 503, "when": "before", "body": "", "headers": {"Retry-After": "9"}}, 0),
]


@pytest.mark.parametrize(
    ("act", "saved"),
    LOST,
    ids=[f"{a['kind']}-{a.get('status', '')}-{a.get('when', 'after')}-{i}" for i, (a, _) in enumerate(LOST)],
)
def test_a_lost_answer_is_unknown_and_the_same_call_finds_out(
    subject: Subject, act: dict[str, Any], saved: int
) -> None:
    call = subject.call(an_intent(a_bill()))
    subject.break_once(act)
    (outcome,) = subject.deliver(call)
    assert isinstance(outcome, Unknown)
    assert outcome.problem.code == "UNC-01"
    assert subject.saved(call) == saved
    assert isinstance(subject.deliver(call)[0], Delivered)
    assert subject.saved(call) == 1


@pytest.mark.parametrize(("when", "saved"), [("before", 0), ("after", 1)])
def test_their_own_failures_prove_nothing(subject: Subject, when: str, saved: int) -> None:
    for act in subject.manners.own_failures:
        call = subject.call(an_intent(a_bill()))
        subject.break_once({**act, "when": when})
        assert isinstance(subject.deliver(call)[0], Unknown), act
        assert subject.saved(call) == saved


@pytest.mark.parametrize(
    "act", [{"kind": "drip", "seconds": 0.001}, {"kind": "delay", "seconds": 0.5}], ids=["drip", "silence"]
)
def test_slower_than_the_time_out_is_unknown(
    subject: Subject, act: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = import_module(f"integrations.{subject.slug}.client")
    monkeypatch.setattr(client, "LIMITS", replace(client.LIMITS, read_seconds=0.2))
    call = subject.call(an_intent(a_bill()))
    subject.break_once(act)
    assert isinstance(subject.deliver(call)[0], Unknown)


def test_an_answer_that_leaves_documents_out_says_nothing_about_them(subject: Subject) -> None:
    call = subject.call(*(an_intent(a_bill()) for _ in range(3)))
    whole = subject.send(call)
    first = _echo(json.loads(whole.body))
    body = subject.manners.omitting(call, [first])
    again = subject.call(*(an_intent(a_bill()) for _ in range(3)))
    subject.break_once({"kind": "status", "status": 200, "when": "after", "body": body}, batch=True)
    outcomes = subject.deliver(again)
    assert all(isinstance(outcome, Unknown) for outcome in outcomes[1:])
    assert subject.saved(again) == 3


def test_a_lost_answer_to_a_batch_leaves_every_document_unknown(subject: Subject) -> None:
    call = subject.call(*(an_intent(a_bill()) for _ in range(3)))
    subject.break_once({"kind": "drop", "when": "after"}, batch=True)
    assert all(isinstance(outcome, Unknown) for outcome in subject.deliver(call))
    assert all(isinstance(outcome, Delivered) for outcome in subject.deliver(call))
    assert subject.saved(call) == 3


def test_a_word_nobody_knows_is_no_failure(subject: Subject) -> None:
    call = subject.call(an_intent(an_invoice()))
    subject.break_once({"kind": "unknown_enum"}, role=Role.INVOICE)
    assert isinstance(subject.deliver(call)[0], Delivered)


def _deliver_elsewhere(subject: Subject, call: WireCall, access: Access) -> list[Outcome]:
    """Where no sandbox counts."""
    with pytest.raises(ProviderError) as caught:
        subject.adapter.send(access, call)
    return [judge_error(caught.value)]


def _echo(answer: dict[str, Any]) -> Any:
    if "BatchItemResponse" in answer:
        return answer["BatchItemResponse"][0]["Bill"]
    return answer["Invoices"][0]
