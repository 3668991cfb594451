"""What Xero's refusals mean, by the literal sentences of its documentation, recordings and those who met them."""

import json
from typing import Any

import pytest

from integrations.ports import AccessLostError, Refusal, Role, ThrottledError, TokenRefusedError
from integrations.xero import errors
from sync.outcomes import Rejected, Unknown, judge_result


def refused(*texts: str, role: Role = Role.INVOICE, number: str = "") -> Refusal:
    return errors.refusal(list(texts), role, number=number)


REFUSED: list[tuple[str, str, dict[str, str]]] = [
    ("Invoice # must be unique.", "DUP-03", {"number": "this"}),
    ("Invoice not of valid status for modification", "STA-01", {}),
    ("Document not of valid status for modification", "STA-01", {}),
    ("This document cannot be edited as it has a payment or credit note allocated to it.", "STA-01", {}),
    (
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.",
        "STA-01",
        {},
    ),
    (
        "Date cannot be changed on an invoice that has payment or credit notes allocated to it.",
        "STA-01",
        {},
    ),
    ("Invoice not of valid status for creation", "SYS-01", {}),
    ("Invoice Type must be specified", "SYS-01", {}),
    (
        "The Contact must contain at least 1 of the following elements to identify the contact: "
        "Name, ContactID, ContactNumber",
        "SYS-01",
        {},
    ),
    ("A Contact must be specified for this type of transaction", "REF-02", {}),
    (
        "The contact with the specified contact details has been archived. "
        "The contact must be un-archived before creating new invoices or credit notes",
        "REF-04",
        {"record": "The contact"},
    ),
    (
        "The specified contact details matched an archived contact. "
        "Archived contacts cannot currently be edited via the API.",
        "REF-04",
        {"record": "The contact"},
    ),
    (
        "The contact name O'Neil & Sons is already assigned to another contact. "
        "The contact name must be unique across all active contacts.",
        "DUP-04",
        {"party": "O'Neil & Sons"},
    ),
    ("The contact name already exists. Please enter a different contact name", "DUP-04", {}),
    ("Email address must be valid.", "VAL-02", {"field": "The e-mail address"}),
    ("One or more line items must be specified", "VAL-03", {"field": "A required field"}),
    ("Account code '999' is not a valid code for this document.", "REF-03", {"account": "999"}),
    (
        "Account code '325' has been archived, or has been deleted. Each line item must reference a valid account.",
        "REF-04",
        {"record": "325"},
    ),
    ("Account must be valid.", "REF-03", {"account": "of a line"}),
    ("The TaxType code 'INPUT' cannot be used with account code '200'.", "TAX-01", {}),
    ("Tax rate must be valid.", "TAX-02", {}),
    ("Tax rate must be Active", "TAX-02", {}),
    ("The document total does not equal the sum of the lines.", "VAL-05", {}),
    ("Tax amount cannot be greater than the line amount", "VAL-05", {}),
    ("The quantity value '-1.0000' is invalid. Quantity must not be less than zero.", "SYS-01", {}),
    ("The document total must be greater than or equal to zero", "VAL-06", {"total": "negative"}),
    ("The line amount must not exceed 9,999,999,999.99", "VAL-10", {}),
    ("Organisation is not subscribed to currency EUR", "VAL-07", {"currency": "EUR", "home": "another currency"}),
    (
        "The current organisation is not subscribed to currency 'EUR'.",
        "VAL-07",
        {"currency": "EUR", "home": "another currency"},
    ),
    (
        "The document date cannot be before the period lock date, currently set at 30 June 2026",
        "PER-01",
        {"closed_until": "30 June 2026", "date": "a date in that period"},
    ),
    (
        "The document date cannot be before the end of year lock date, currently set at 31 March 2026.",
        "PER-01",
        {"closed_until": "31 March 2026", "date": "a date in that period"},
    ),
    ("You have reached the limit of invoices you can approve", "STA-04", {}),
    ("The total debits (10.00) must equal total credits (-9.00)", "SYS-01", {}),
    ("A maximum of 2 tracking categories can be specified on a line.", "MAP-03", {"tag": "The tracking option"}),
    ("The field Reference must be 255 characters or fewer.", "VAL-09", {"field": "Reference", "limit": "255"}),
    (
        "Narration must be 4000 characters or fewer",
        "VAL-09",
        {"field": "A field", "limit": "the allowed number of"},
    ),
    ("Url must be a valid absolute address", "SYS-01", {}),
    ("Invoice could not be found", "REF-05", {}),
    ("PostDataInvalidException JSON for post data was invalid", "SYS-01", {}),
]


@pytest.mark.parametrize(("text", "catalogue", "facts"), REFUSED, ids=[text[:40] for text, _, _ in REFUSED])
def test_a_proven_refusal(text: str, catalogue: str, facts: dict[str, str]) -> None:
    outcome = judge_result(refused(text))
    assert isinstance(outcome, Rejected)
    (problem,) = outcome.problems
    assert (problem.code, problem.facts, problem.their_words) == (catalogue, facts, text)


UNKNOWN = [
    "Idempotency Key: abc is used with a different request.",
    "Idempotency Key must be 128 characters or fewer",
    "A validation exception occurred",
    "An unhandled error with the Xero API occurred. Contact the Xero API team if problems persist",
    "A sentence of next year",
    # It stands in the books, without its account.
    "Account code '476' has been removed as it does not match a recognised account.",
    "",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_not_listed_is_unknown(text: str) -> None:
    assert isinstance(judge_result(refused(text)), Unknown)


def test_every_rule_is_reached_by_a_literal_sentence() -> None:
    texts = [*(text for text, _, _ in REFUSED), *UNKNOWN]
    found = [next((i for i, rule in enumerate(errors.rules()) if rule.text.search(text)), None) for text in texts]
    assert set(found) - {None} == set(range(len(errors.rules())))


def test_a_bill_misses_its_vendor_and_not_a_customer() -> None:
    assert refused("A Contact must be specified", role=Role.BILL).problems[0].code == "REF-01"


def test_a_journal_on_an_account_of_theirs_has_its_own_word() -> None:
    text = "Account code '800' is not a valid code for this document."
    assert refused(text, role=Role.RETAINAGE_JOURNAL).problems[0].code == "RET-08"


def test_the_taken_number_is_named() -> None:
    assert refused("Invoice # must be unique.", number="PA1").problems[0].facts == {"number": "PA1"}


def test_sentences_of_lines_count_like_those_of_the_document() -> None:
    element: dict[str, Any] = {
        "ValidationErrors": [{"Message": "One"}, {"Description": "Two"}, {}],
        "LineItems": [{"ValidationErrors": [{"Message": "Three"}]}, {"ValidationErrors": []}, {}],
        "JournalLines": None,
        "Warnings": [{"Message": "A warning"}],
    }
    assert errors.messages(element) == ["One", "Two", "Three"]
    assert errors.messages(element, "Warnings") == ["A warning"]


@pytest.mark.parametrize(
    "element", [{"ValidationErrors": "text"}, {"ValidationErrors": [None, 7]}, {"LineItems": [None]}, {"LineItems": 7}]
)
def test_elements_out_of_shape_have_no_sentences(element: dict[str, Any]) -> None:
    assert errors.messages(element) == []


# The connection ------------------------------------------------------------------------------------------------------


def problem(detail: str, *, capital: bool = True) -> bytes:
    names = ("Title", "Detail") if capital else ("title", "detail")
    return json.dumps(dict(zip(names, ("Unauthorized", detail), strict=True))).encode()


@pytest.mark.parametrize(
    ("headers", "seconds", "daily"),
    [
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "26"}, 26, False),
        ({"X-Rate-Limit-Problem": "minute"}, 30, False),
        ({"X-Rate-Limit-Problem": "day", "Retry-After": "66975"}, 66975, True),
        ({"X-Rate-Limit-Problem": "Daily"}, 30, True),
        ({"Retry-After": "66975"}, 66975, True),
        ({"X-Rate-Limit-Problem": "concurrent"}, 2, False),
        ({"X-Rate-Limit-Problem": "appminute", "Retry-After": "5"}, 5, False),
        ({}, 30, False),
    ],
)
def test_a_pause(headers: dict[str, str], seconds: float, daily: bool) -> None:
    error = errors.connection_error(429, headers, b"")
    assert isinstance(error, ThrottledError)
    assert (error.seconds, error.daily) == (seconds, daily)


SCOPE = {"WWW-Authenticate": "insufficient_scope"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "code"),
    [
        (403, {}, problem("AuthenticationUnsuccessful", capital=False), "CON-03"),
        (403, {}, problem("AuthorizationUnsuccessful"), "CON-02"),
        (403, {}, b"<html>", "CON-02"),
        (401, {}, problem("AuthorizationUnsuccessful"), "CON-06"),
        (401, SCOPE, problem("AuthorizationUnsuccessful", capital=False), "CON-06"),
        (403, SCOPE, problem("AuthorizationUnsuccessful"), "CON-06"),
    ],
)
def test_a_closed_door(status: int, headers: dict[str, str], body: bytes, code: str) -> None:
    error = errors.connection_error(status, headers, body)
    assert isinstance(error, AccessLostError)
    assert error.code == code


@pytest.mark.parametrize(
    "body",
    [problem("TokenExpired: token expired at 10/31/2026 10:00:00"), problem("AuthenticationUnsuccessful"), b"", b"[]"],
)
def test_a_refused_token(body: bytes) -> None:
    error = errors.connection_error(401, {"Xero-Correlation-Id": "a-b"}, body)
    assert isinstance(error, TokenRefusedError)
    assert error.trace_id == "a-b"


@pytest.mark.parametrize("status", [200, 400, 404, 412, 500, 503])
def test_what_speaks_of_the_document_is_no_trouble_of_the_connection(status: int) -> None:
    assert errors.connection_error(status, {}, problem("AuthenticationUnsuccessful")) is None
