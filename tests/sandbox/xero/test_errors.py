"""Every sentence of a refusal by its real trigger, and nothing saved by it."""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sandbox.xero import messages
from tests.sandbox.xero.browser import client_of, invoice
from tests.sandbox.xero.refusals.documents import DOCUMENTS
from tests.sandbox.xero.refusals.ground import Case, Ground, full, messy
from tests.sandbox.xero.refusals.lists import FULL, LISTS
from tests.sandbox.xero.refusals.money import MONEY, entry
from tests.sandbox.xero.refusals.offers import OFFERS
from tests.sandbox.xero.test_documents import journal

CASES = [*DOCUMENTS, *MONEY, *OFFERS, *LISTS]


@pytest.fixture(scope="module")
def ground(sandbox_url: str) -> Ground:
    return messy(sandbox_url)


@pytest.fixture(scope="module")
def small(sandbox_url: str) -> Ground:
    return full(sandbox_url)


def named(cases: list[Case]) -> list[Any]:
    return [pytest.param(*case, id=f"{case[1]} {case[3]}"[:70]) for case in cases]


@pytest.mark.parametrize(("method", "path", "body", "sentence"), named(CASES))
def test_refused(ground: Ground, method: str, path: str, body: dict[str, Any], sentence: str) -> None:
    assert_refused(ground, method, path, body, sentence)


@pytest.mark.parametrize(("method", "path", "body", "sentence"), named(FULL))
def test_refused_for_want_of_room(small: Ground, method: str, path: str, body: dict[str, Any], sentence: str) -> None:
    assert_refused(small, method, path, body, sentence)


def assert_refused(ground: Ground, method: str, path: str, body: dict[str, Any], sentence: str) -> None:
    before = ground.client.balances(), ground.client.documents()
    path, body = ground.filled(path, body)
    assert ground.client.sentences(method, path, body or None) == sentence.split("\n")
    after = ground.client.balances(), [{**row, "requests": 0} for row in ground.client.documents()]
    assert after == (before[0], [{**row, "requests": 0} for row in before[1]])


WARNINGS: list[Case] = [
    (
        "PUT",
        "Invoices",
        invoice(None, status="DRAFT", SentToContact=True),
        "Only AUTHORISED invoices may have SentToContact updated.",
    ),
    (
        "PUT",
        "Invoices",
        invoice(None, CurrencyCode="EUR", CurrencyRate=1),
        "The currency rate differs greatly from the usual rate of this currency",
    ),
    (
        "PUT",
        "ManualJournals",
        journal(JournalLines=[entry("200", 5), entry("310", -5), entry("476", 0)]),
        "Account code '476' has been removed as it does not match a recognised account.",
    ),
]


@pytest.mark.parametrize("summarize", ["true", "False"])
@pytest.mark.parametrize(("method", "path", "body", "sentence"), named(WARNINGS))
def test_saved_with_a_warning(
    ground: Ground, method: str, path: str, body: dict[str, Any], sentence: str, summarize: str
) -> None:
    row = ground.client.one(method, f"{path}?summarizeErrors={summarize}", body)
    assert row["Warnings"] == [{"Message": sentence}]
    assert row.get("StatusAttributeString") == ("WARNING" if summarize == "False" else None)


def test_all_sentences_about_one_element_arrive_together(ground: Ground) -> None:
    body = invoice("TAKEN", status="PAID", Contact={}, LineItems=[])
    assert len(ground.client.sentences("PUT", "Invoices", body)) >= 4


def test_the_plan_limits_approvals_of_a_month(sandbox_url: str) -> None:
    client = client_of(sandbox_url, sales_approval_limit=1)
    client.good("PUT", "Invoices", invoice("A-1"))
    client.good("PUT", "Invoices", invoice("A-2", status="DRAFT"))
    client.good("PUT", "Invoices", invoice("A-3", Date="2026-11-01", DueDate="2026-11-30"))


def test_a_refused_element_under_200_looks_as_recorded(ground: Ground) -> None:
    """The whole invoice with its totals, the status as asked for, and the error."""
    body = {"InvoiceNumber": "TAKEN", "Status": "DELETED"}
    row = ground.client.one("POST", "Invoices?summarizeErrors=false", {"Invoices": [body]})
    assert (row["Status"], row["Total"], row["HasErrors"]) == ("DELETED", 100.0, True)
    assert row["StatusAttributeString"] == "ERROR"
    assert row["ValidationErrors"] == [{"Message": "Invoice not of valid status for modification"}]


def test_a_refused_contact_under_400_looks_as_recorded(ground: Ground) -> None:
    answer = ground.client.call("PUT", "Contacts", {"Contacts": [{"Name": "taken"}]})
    element = answer.json()["Elements"][0]
    assert element["ContactID"] == "00000000-0000-0000-0000-000000000000"
    assert element["HasValidationErrors"] is True and "StatusAttributeString" not in element


# Provoked elsewhere: by many attachments or a large one, by headers, or as part of a tax rate's life.
ELSEWHERE = {
    "VALIDATION": "the Message around all sentences",
    "ATTACHMENT_NAME": "test_attachments",
    "ATTACHMENT_SIZE": "test_attachments",
    "ATTACHMENT_COUNT": "test_attachments",
    "INVENTORY_ACCOUNT": "test_stock",
    "COGS_ACCOUNT": "test_stock",
    "stock_short": "test_stock",
    "item_in_use": "test_stock",
    "KEY_TOO_LONG": "test_refusals_on_the_wire",
    "key_reused": "test_refusals_on_the_wire",
    "key_in_use": "test_refusals_on_the_wire",
}
SAMPLES: dict[Any, Any] = {str: "§", int: 7, Decimal: Decimal(7), date: date(2026, 7, 7)}


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every sentence the sandbox knows, as a pattern; those with holes are asked to fill them with samples."""
    for name, value in vars(messages).items():
        if name.isupper() and isinstance(value, str):
            yield name, re.compile(re.escape(value))
        elif inspect.isfunction(value):
            yield name, re.compile(_with_holes(value))


def _with_holes(sentence: Callable[..., str]) -> str:
    found = sentence(*(SAMPLES[hint] for name, hint in inspect.get_annotations(sentence).items() if name != "return"))
    return re.sub(r"§|7\\ July\\ 2026|7\\\.0+|7", ".+", re.escape(found))


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*found, id=found[0]) for found in patterns()])
def test_every_sentence_has_its_trigger(name: str, pattern: re.Pattern[str]) -> None:
    provoked = [part for case in (*CASES, *FULL, *WARNINGS) for part in case[3].split("\n")]
    assert name in ELSEWHERE or any(pattern.fullmatch(part) for part in provoked)


def test_what_is_elsewhere_exists() -> None:
    assert set(ELSEWHERE) <= {name for name, _ in patterns()}
