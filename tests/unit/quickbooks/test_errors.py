"""What QuickBooks' refusals mean, by the literal bodies of its documentation and of recorded answers."""

import json
from typing import Any

import pytest

from integrations.ports import AccessLostError, Refusal, Role, ThrottledError, TokenRefusedError
from integrations.quickbooks import errors
from sync.outcomes import Rejected, Unknown, judge_result


def body(code: str, message: str = "", detail: str = "") -> bytes:
    error = {"Message": message, "Detail": detail or message, "code": code, "element": ""}
    return json.dumps({"Fault": {"Error": [error], "type": "ValidationFault"}, "time": "2026-10-31T00:00:00"}).encode()


def refused(code: str, message: str = "", detail: str = "", role: Role = Role.BILL) -> Refusal:
    return errors.refusal(errors.faults(body(code, message, detail)), role)


PERIOD_CLOSED = (
    "The account period has closed and the account books cannot be updated through the QBO Services API. "
    "Please use the QBO website to make these changes."
)
INACTIVE = (
    "Object Not Found : Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)
STALE = (
    "Stale Object Error : You and X were working on this at the same time. "
    "X finished before you did, so your work was not saved."
)
TAKEN = (
    "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
    "DocNumber=INV 88/a is assigned to TxnType=Bill with TxnId=3632"
)
NAME_TAKEN = (
    "The name supplied already exists. : Another customer, vendor or employee is already using this name. "
    "Please use a different name."
)

REFUSED: list[tuple[str, str, str, dict[str, str]]] = [
    ("500", "Unsupported Operation : Operation Foo is not supported.", "SYS-01", {}),
    ("500", "com.sun.org.apache.xerces.internal.impl.io.MalformedByteSequenceException: Invalid byte 2", "SYS-01", {}),
    ("610", "Object Not Found : Another user has deleted this transaction.", "REF-05", {}),
    ("610", INACTIVE, "REF-04", {"record": "Something this document refers to"}),
    ("620", "Transaction cannot be linked: 12", "VAL-10", {}),
    ("800", "Cannot delete object", "STA-01", {}),
    ("1040", "Batch size exceeds allowed limit 30", "SYS-01", {}),
    ("2010", 'Property Name:Unrecognized field "Foo" specified is unsupported or invalid', "SYS-01", {}),
    ("2020", "Required parameter Line is missing in the request.", "VAL-03", {"field": "Line"}),
    ("2020", "Required param missing", "VAL-03", {"field": "A required field"}),
    ("2030", "Id should be a valid number. Supplied value:1.5", "SYS-01", {}),
    ("2040", "String contains invalid characters: :", "VAL-02", {"field": "A field"}),
    (
        "2050",
        "String length specified does not match the supported length. Min:0 Max:1,000 supported. Supplied length:1045",
        "VAL-09",
        {"field": "A field", "limit": "1,000"},
    ),
    ("2050", "Too long", "VAL-09", {"field": "A field", "limit": "the allowed number of"}),
    ("2070", "Invalid Date", "SYS-01", {}),
    ("2140", "Invalid Amount", "VAL-10", {}),
    ("2170", "Invalid Enumeration : HasBeenBilled", "VAL-08", {}),
    ("2210", "Invalid Email Address Format (RFC 822)", "VAL-02", {"field": "The e-mail address"}),
    ("2240", "Number out of range. Min:0 Max:999,999,999. Supplied value:-44.94", "VAL-10", {}),
    ("2260", "PostingType is required", "SYS-01", {}),
    ("2290", "Negative Amount", "VAL-10", {}),
    ("2300", "Amount on debits not equal to credits", "SYS-01", {}),
    ("2500", "Invalid Reference Id : Accounts element id 7 not found", "REF-06", {}),
    ("5010", STALE, "CNF-02", {}),
    ("5010", "Stale Object Error : Account Period Closed, Cannot Update", "PER-01", {}),
    ("5020", "Permission Denied Error : no permission for this feature", "VAL-10", {}),
    ("6070", "Amount is not equal to UnitPrice * Qty. Supplied value:10", "VAL-05", {}),
    ("6080", "No name provided", "VAL-03", {"field": "The name"}),
    ("6100", "Invalid Line TaxCode", "TAX-02", {}),
    ("6140", TAKEN, "DUP-01", {"number": "INV 88/a"}),
    ("6140", "You must specify a different number.", "DUP-01", {"number": "this"}),
    ("6200", "Account Period Closed", "PER-01", {}),
    ("6210", PERIOD_CLOSED, "PER-01", {}),
    # An old page called 6210 a duplicate number; the number decides, whatever words come with it.
    ("6210", "Duplicate Document Number Error", "PER-01", {}),
    ("6240", NAME_TAKEN, "DUP-04", {}),
    ("6240", "The name supplied already exists. : null", "DUP-04", {}),
    ("6250", "Invalid Customer", "REF-04", {"record": "The customer"}),
    ("6310", "A customer is required on a billable line", "VAL-10", {}),
    ("6420", "An email address is required", "VAL-03", {"field": "The e-mail address"}),
    ("6430", "Invalid account type used: Bank", "MAP-02", {}),
    ("6440", "A product or service or account is needed on each split line", "MAP-07", {}),
    ("6480", "Matched transaction cannot be deleted", "STA-02", {}),
    ("6540", "This transaction has been deposited.", "STA-02", {}),
    ("6000", "Business Validation Error: The account period has been closed", "PER-01", {}),
    ("6000", "You must set a transaction amount.", "VAL-10", {}),
    ("6000", "Fill out at least two detail lines to continue.", "VAL-10", {}),
    ("6000", "You can't use an Accounts Payable account on the detail portion of a Bill", "VAL-10", {}),
    ("6000", "The entity Estimate 75 that you are trying to link does not exist. Estimate 75", "VAL-10", {}),
    ("6000", "Transaction total cannot be negative", "VAL-10", {}),
]


@pytest.mark.parametrize(
    ("code", "text", "catalogue", "facts"), REFUSED, ids=[f"{c}-{t[:20]}" for c, t, _, _ in REFUSED]
)
def test_a_proven_refusal(code: str, text: str, catalogue: str, facts: dict[str, str]) -> None:
    outcome = judge_result(refused(code, "Their title", text))
    assert isinstance(outcome, Rejected)
    (problem,) = outcome.problems
    assert (problem.code, problem.facts) == (catalogue, facts)
    assert text.partition(":")[2].strip()[:20] in problem.their_words


def test_every_rule_is_reached_by_a_literal_body() -> None:
    bodies = [*((code, text) for code, text, _, _ in REFUSED), *UNKNOWN]
    reached = {first_rule(code, text) for code, text in bodies}
    assert reached - {None} == set(range(len(errors.rules())))


def first_rule(code: str, text: str) -> int | None:
    found = (i for i, rule in enumerate(errors.rules()) if code in rule.codes and rule.text.search(text))
    return next(found, None)


@pytest.mark.parametrize(
    "code", sorted({code for rule in errors.rules() if not rule.text.pattern for code in rule.codes})
)
def test_a_code_that_needs_no_words_is_proven_by_itself(code: str) -> None:
    assert isinstance(judge_result(refused(code)), Rejected)


TRANSIENT = [
    "An unexpected error occurred while accessing or saving your data. Please wait a few minutes and try again.",
    "You can only add or edit one name at a time and someone else is trying to add a name.",
    "Unexpected Internal Error. (-30000)",
    # A passing trouble that mentions a rule is still a passing trouble.
    "An unexpected error occurred while accessing or saving your data: the amount is negative",
]
UNKNOWN = [
    *(("6000", text) for text in TRANSIENT),
    ("6000", "A business validation error has occurred while processing your request"),
    *((code, "Operation failed") for code in ("1000", "1010", "1020")),
    ("600", "Duplicate Request ID"),
    ("630", "Duplicate Object"),
    ("6002", "GatewayTimeout"),
    ("10000", "An application error has occurred while processing your request"),
    ("10200", "Company Reset; CUD is stale"),
    ("500", "Something else"),
    ("9999", "A code of next year"),
    ("", "No code at all"),
]


@pytest.mark.parametrize(("code", "text"), UNKNOWN, ids=[f"{c}-{t[:20]}" for c, t in UNKNOWN])
def test_what_passes_or_is_not_listed_is_unknown(code: str, text: str) -> None:
    assert isinstance(judge_result(refused(code, text)), Unknown)


def test_a_taken_number_of_an_invoice_has_its_own_word() -> None:
    assert refused("6140", TAKEN, role=Role.INVOICE).problems[0].code == "DUP-03"


def test_a_journal_on_receivables_has_its_own_word() -> None:
    text = "When you use Accounts Receivable, you must choose a customer in the Name field."
    assert refused("6000", text, role=Role.RETAINAGE_JOURNAL).problems[0].code == "RET-08"


def test_several_faults_are_all_told_and_one_unknown_decides() -> None:
    both = json.loads(body("2020", "Required parameter Line is missing in the request."))
    both["Fault"]["Error"] += json.loads(body("10000", "An application error"))["Fault"]["Error"]
    found = errors.refusal(errors.faults(json.dumps(both).encode()), Role.BILL)
    assert [problem.code for problem in found.problems] == ["VAL-03", "UNC-01"]
    assert isinstance(judge_result(found), Unknown)


# The four shapes -----------------------------------------------------------------------------------------------------


GATEWAY = {
    "warnings": None,
    "fault": {
        "error": [
            {
                "message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
                "detail": "The request limit was reached. Try again later",
                "code": "3001",
                "element": None,
            }
        ],
        "type": "SERVICE",
    },
    "time": 1601362687300,
}
XML = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<IntuitResponse time="2026-10-31T00:00:00" xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE">'
    b'<Error code="%s"><Message>message=%s; errorCode=%06d; statusCode=%d</Message><Detail>Words</Detail></Error>'
    b"</Fault></IntuitResponse>"
)


def test_the_gateways_json_and_xml_say_the_same() -> None:
    (in_json,) = errors.faults(json.dumps(GATEWAY).encode())
    (in_xml,) = errors.faults(XML % (b"3001", b"ThrottleExceeded", 3001, 429))
    assert (in_json.code, in_xml.code) == ("3001", "3001")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html><body>502</body></html>",
        b"null",
        b"[]",
        b'"Fault"',
        b'{"Fault": null}',
        b'{"Fault": {"Error": null}}',
        b'{"Fault": {"Error": "text"}}',
        b'{"Fault": {"Error": [null, "text", 7]}}',
        b"<Fault",
        b'<!DOCTYPE x [<!ENTITY a "b">]><IntuitResponse><Fault><Error code="3001"/></Fault></IntuitResponse>',
        b"<IntuitResponse><Fault>" + b"x" * 200_000 + b"</Fault></IntuitResponse>",
    ],
    ids=range(12),
)
def test_what_is_no_fault_holds_none(text: bytes) -> None:
    assert errors.faults(text) == []


def test_a_fault_without_a_reason_proves_nothing() -> None:
    assert isinstance(judge_result(errors.refusal([], Role.BILL)), Unknown)


def test_words_are_not_said_twice() -> None:
    (fault,) = errors.faults(body("6240", "Duplicate Name", "Duplicate Name : Please use another."))
    assert fault.words == "Duplicate Name: Please use another."
    (fault,) = errors.faults(body("6240", "Duplicate Name", "Duplicate Name"))
    assert fault.words == "Duplicate Name"


# The connection ------------------------------------------------------------------------------------------------------


def connection(status: int, content: bytes, retry_after: float | None = None) -> Any:
    return errors.connection_error(status, errors.faults(content), trace_id="1-a", retry_after=retry_after)


THROTTLED = json.dumps(GATEWAY).encode()


@pytest.mark.parametrize(
    ("status", "content", "retry_after", "seconds"),
    [
        (429, THROTTLED, None, 60),
        (429, THROTTLED, 7.0, 7),
        (429, b"", None, 60),
        (429, b"<html>", 0.0, 60),
        (403, THROTTLED, None, 60),
        (429, XML % (b"3001", b"ThrottleExceeded", 3001, 429), None, 60),
        (401, XML % (b"130", b"WrongClusterError", 130, 401), None, 300),
        (403, XML % (b"140", b"CompanyLockedOut", 140, 403), None, 300),
        (503, XML % (b"150", b"CompanyUnderMaintenance", 150, 503), 15.0, 15),
    ],
)
def test_a_pause(status: int, content: bytes, retry_after: float | None, seconds: float) -> None:
    error = connection(status, content, retry_after)
    assert isinstance(error, ThrottledError)
    assert error.seconds == seconds and error.trace_id == "1-a"


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [
        (401, body("120", "Authorization Failure"), "CON-02"),
        (400, body("120", "Authorization Failure"), "CON-02"),
        (403, body("003100", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"), "CON-03"),
        (403, b"", "CON-03"),
        (400, body("6190", "Invalid Company Status"), "CON-05"),
    ],
)
def test_a_closed_door(status: int, content: bytes, code: str) -> None:
    error = connection(status, content)
    assert isinstance(error, AccessLostError)
    assert error.code == code


@pytest.mark.parametrize("content", [body("3200", "message=AuthenticationFailed; errorCode=003200"), body("100"), b""])
def test_a_refused_token(content: bytes) -> None:
    assert isinstance(connection(401, content), TokenRefusedError)


@pytest.mark.parametrize("code", ["610", "2020", "6000", "6140", "10000"])
def test_what_speaks_of_the_document_is_no_trouble_of_the_connection(code: str) -> None:
    assert connection(400, body(code, "Words")) is None
