"""A connected QuickBooks company, as a client on plain HTTP sees it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.sandbox.running import CALLBACK, CLIENT, Running

SCOPE = "com.intuit.quickbooks.accounting openid"
REQUEST = {
    "client_id": CLIENT[0],
    "redirect_uri": CALLBACK,
    "scope": SCOPE,
    "response_type": "code",
    "state": "s-1",
}


def consent(sandbox: Running, company: str, **changes: str) -> requests.Response:
    """Press a button on the consent page."""
    form = {**REQUEST, "company": company, "user": "alice@example.com", "decision": "connect", **changes}
    url = f"{sandbox.url}/quickbooks/connect/oauth2"
    return sandbox.http.post(url, data=form, allow_redirects=False, timeout=10)


def callback(answer: requests.Response) -> dict[str, str]:
    """What arrived at the redirect URI."""
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def token(sandbox: Running, **form: str) -> requests.Response:
    url = f"{sandbox.url}/quickbooks/oauth2/v1/tokens/bearer"
    return sandbox.http.post(url, data=form, auth=CLIENT, timeout=10)


def tokens(sandbox: Running, company: str) -> dict[str, Any]:
    code = callback(consent(sandbox, company))["code"]
    answer = token(sandbox, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


class Books:
    """One connected company."""

    def __init__(self, sandbox: Running, scenario: str = "contractor", **settings: Any) -> None:
        self.sandbox = sandbox
        self.company = sandbox.company("quickbooks", scenario, **settings)
        self.token: str = tokens(sandbox, self.company)["access_token"]

    def request(self, method: str, path: str, **given: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **given.pop("headers", {})}
        url = f"{self.sandbox.url}/quickbooks/v3/company/{self.company}/{path}"
        return self.sandbox.http.request(method, url, headers=headers, timeout=10, **given)

    def post(self, path: str, body: Any) -> dict[str, Any]:
        """A write that must succeed; returns the object."""
        answer = self.request("POST", path, json=body)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return dict(next(value for name, value in found.items() if name != "time"))

    def refused(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Status and first error of what must not succeed: a write, or without a body a read."""
        answer = self.request("GET", path) if body is None else self.request("POST", path, json=body)
        assert answer.status_code != 200, answer.text
        return answer.status_code, answer.json()["Fault"]["Error"][0]

    def get(self, path: str) -> dict[str, Any]:
        answer = self.request("GET", path)
        assert answer.status_code == 200, answer.text
        return dict(next(value for name, value in answer.json().items() if name != "time"))

    def query(self, statement: str) -> list[dict[str, Any]]:
        answer = self.request("GET", "query", params={"query": statement})
        assert answer.status_code == 200, answer.text
        found = answer.json()["QueryResponse"]
        return next((value for value in found.values() if isinstance(value, list)), [])

    def id(self, entity: str, name: str) -> str:
        """The id of a list entry by its name, of an account by its number."""
        fields = {"Account": "AcctNum", "Customer": "DisplayName", "Vendor": "DisplayName"}
        statement = f"select * from {entity} where {fields.get(entity, 'Name')} = '{name}'"  # noqa: S608  the vendor's language, on a sandbox
        [found] = self.query(statement)
        return str(found["Id"])

    def balance(self, code: str) -> str:
        return str(self.sandbox.trial_balance(self.company)[code])


def an_invoice(books: Books, amount: Any = 1000, retainage: Any = 0, **changes: Any) -> dict[str, Any]:
    """A progress invoice, less retainage where some is held."""
    lines = [_sale(books, "Progress Billing", amount)]
    if retainage:
        lines.append(_sale(books, "Retainage Withheld", -retainage))
    customer = {"value": books.id("Customer", "Harbor Point Builders")}
    return {"CustomerRef": customer, "TxnDate": "2026-11-02", "Line": lines, **changes}


def a_bill(books: Books, amount: Any = 400, **changes: Any) -> dict[str, Any]:
    detail = {"AccountRef": {"value": books.id("Account", "5000")}}
    line = {"Amount": amount, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": detail}
    vendor = {"value": books.id("Vendor", "Blue Ridge Drywall")}
    return {"VendorRef": vendor, "TxnDate": "2026-11-02", "Line": [line], **changes}


def a_journal(books: Books, *legs: tuple[str, str, Any], **changes: Any) -> dict[str, Any]:
    """Legs are (Debit or Credit, account number, amount)."""
    return {"TxnDate": "2026-11-02", "Line": [journal_line(books, *leg) for leg in legs], **changes}


def journal_line(books: Books, side: str, account: str, amount: Any) -> dict[str, Any]:
    detail = {"PostingType": side, "AccountRef": {"value": books.id("Account", account)}}
    return {"Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail}


def a_payment(books: Books, total: Any, *links: tuple[str, str, Any], **changes: Any) -> dict[str, Any]:
    """Links are (type, id, amount)."""
    lines = [{"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": kind}]} for kind, id, amount in links]
    customer = {"value": books.id("Customer", "Harbor Point Builders")}
    return {"CustomerRef": customer, "TotalAmt": total, "TxnDate": "2026-11-03", "Line": lines, **changes}


def _sale(books: Books, item: str, amount: Any) -> dict[str, Any]:
    detail = {"ItemRef": {"value": books.id("Item", item)}}
    return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def a_receipt(books: Books, amount: Any = 80, **changes: Any) -> dict[str, Any]:
    """A sales receipt; the money lies in Undeposited Funds."""
    return an_invoice(books, amount, **changes)


def a_purchase(books: Books, amount: Any = 60, **changes: Any) -> dict[str, Any]:
    """Cash from the bank for a cost."""
    body = {name: value for name, value in a_bill(books, amount).items() if name != "VendorRef"}
    return {**body, "PaymentType": "Cash", "AccountRef": {"value": books.id("Account", "1000")}, **changes}


def a_deposit(books: Books, *links: tuple[str, str], **changes: Any) -> dict[str, Any]:
    """Links are (type, id) of what waits in Undeposited Funds."""
    lines = [{"LinkedTxn": [{"TxnId": id, "TxnType": kind, "TxnLineId": "0"}]} for kind, id in links]
    return {
        "DepositToAccountRef": {"value": books.id("Account", "1000")},
        "TxnDate": "2026-11-04",
        "Line": lines,
        **changes,
    }


def a_timesheet(books: Books, **changes: Any) -> dict[str, Any]:
    vendor = {"value": books.id("Vendor", "Blue Ridge Drywall")}
    return {"NameOf": "Vendor", "VendorRef": vendor, "TxnDate": "2026-11-02", "Hours": 2, "Minutes": 30, **changes}
