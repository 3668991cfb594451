"""How Xero says what the shared wrapper cannot know: faults on demand, unknown words, its own failures."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sandbox.exchange import Answer, Call
from sandbox.faults import Act
from sandbox.wire import Body
from sandbox.world import Sandbox
from sandbox.xero import answers, wire

# A field of each resource that typed clients read into a closed set, and a word outside of it.
_UNKNOWN_WORDS = {
    "Accounts": ("Type", "CRYPTOASSET"),
    "BankTransactions": ("Status", "AWAITINGREVIEW"),
    "BatchPayments": ("Status", "AWAITINGREVIEW"),
    "Contacts": ("TaxNumberType", "TAXNUMBERTYPE/SSN"),
    "CreditNotes": ("Status", "AWAITINGREVIEW"),
    "Invoices": ("Status", "AWAITINGREVIEW"),
    "ManualJournals": ("Status", "AWAITINGREVIEW"),
    "Organisations": ("Class", "ZENITH"),
    "Payments": ("PaymentType", "ACCRECINSTANTPAYMENT"),
    "PurchaseOrders": ("Status", "AWAITINGREVIEW"),
    "Quotes": ("Status", "AWAITINGREVIEW"),
    "TaxRates": ("ReportTaxType", "OUTPUT9"),
    "TrackingCategories": ("Status", "AWAITINGREVIEW"),
}


class XeroVoice:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def fault(self, call: Call, act: Act) -> Answer:
        """`code` is one of CODES; others, which a rule for any provider may have, answer 500."""
        if act.kind == "rate_limit":
            return answers.too_many(act.code or "minute", act.retry_after)
        if act.kind == "expired_token":
            return answers.expired_token(self.sandbox.clock.now() - timedelta(minutes=1))
        if act.kind == "invalid_grant":
            return answers.oauth_error("invalid_grant")
        return CODES.get(act.code or "", answers.crash)()

    def disguise(self, call: Call, answer: Answer) -> Answer:
        if "xml" in (answer.media_type or ""):
            return replace(answer, body=_disguise_xml(answer.body.decode()).encode())
        if not (answer.media_type or "").startswith("application/json") or not answer.body:
            return answer
        body = wire.load(answer.body)
        if isinstance(body, dict):
            _disguise(body)
        return Answer(status=answer.status, body=wire.dump(body), media_type=answer.media_type, headers=answer.headers)

    def crash(self, call: Call) -> Answer:
        return answers.crash()


def _disguise(body: Body) -> None:
    for plural, (name, word) in _UNKNOWN_WORDS.items():
        for row in body.get(plural, []):
            row[name] = word


def _disguise_xml(text: str) -> str:
    for plural, (name, word) in _UNKNOWN_WORDS.items():
        head, found, rest = text.partition(f"<{plural}>")
        # Before its list stands the envelope, whose Status is no enumeration.
        text = head + found + re.sub(rf"<{name}>[^<]*<", f"<{name}>{word}<", rest) if found else text
    return text


CODES: dict[str, Callable[[], Answer]] = {
    "401": answers.unknown_token,
    "401-scope": answers.missing_scope,
    "403": answers.wrong_tenant,
    "403-role": answers.role_too_low,
    "404": answers.not_found,
    "412": answers.precondition_failed,
    "500": answers.crash,
    "503": lambda: answers.text_answer(503, answers.OFFLINE, "text/plain; charset=utf-8"),
    "503-organisation": lambda: answers.text_answer(503, answers.ORGANISATION_OFFLINE),
}
