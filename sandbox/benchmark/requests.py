"""The requests of the benchmark, ready for the wire: bills of two lines, as a contractor's software sends them."""

import itertools
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from sandbox.benchmark.running import Running

XERO_BATCH, QUICKBOOKS_BATCH = 50, 30


class Bench:
    """One company with a token, and its requests."""

    batch_size = 1

    def __init__(self, running: Running, provider: str, *, counting: bool = False) -> None:
        made = running.control("POST", "/companies", {"provider": provider, "scenario": "contractor"})
        self.running = running
        self.company: str = made["id"]
        running.control("PATCH", f"/companies/{self.company}", {"counting": counting})
        self.token = running.token(provider, self.company)
        self.numbers: Iterator[int] = itertools.count(1)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> bytes:
        raw = json.dumps(body).encode() if body is not None else b""
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self.token}",
            "Accept: application/json",
            "Content-Type: application/json",
            f"Content-Length: {len(raw)}",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


class XeroBench(Bench):
    batch_size = XERO_BATCH

    def __init__(self, running: Running, *, counting: bool = False) -> None:
        super().__init__(running, "xero", counting=counting)
        self.contact = self._first("Contacts", "Contacts")["ContactID"]

    def _first(self, path: str, plural: str) -> Any:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "xero-tenant-id": self.company,
            "Accept": "application/json",
        }
        _, body, _ = self.running.request("GET", f"/xero/api.xro/2.0/{path}", b"", **headers)
        return json.loads(body)[plural][0]

    def bill(self, number: int) -> Any:
        lines = [
            {"Description": f"Concrete, pour {n}", "Quantity": n, "UnitAmount": 450.25, "AccountCode": "310"}
            for n in (1, 2)
        ]
        return {
            "Type": "ACCPAY",
            "InvoiceNumber": f"B-{number}",
            "Contact": {"ContactID": self.contact},
            "Date": "2026-11-02",
            "DueDate": "2026-12-02",
            "Status": "AUTHORISED",
            "LineAmountTypes": "Exclusive",
            "LineItems": lines,
        }

    def single(self) -> bytes:
        return self._put([self.bill(next(self.numbers))])

    def batch(self) -> bytes:
        return self._put([self.bill(next(self.numbers)) for _ in range(self.batch_size)])

    def _put(self, bills: list[Any]) -> bytes:
        key = bills[0]["InvoiceNumber"]
        path = "/xero/api.xro/2.0/Invoices?summarizeErrors=false"
        return self.request("PUT", path, {"Invoices": bills}, xero_tenant_id=self.company, Idempotency_Key=key)

    def by_number(self, number: str) -> bytes:
        path = f"/xero/api.xro/2.0/Invoices?InvoiceNumbers={number}"
        return self.request("GET", path, xero_tenant_id=self.company)


class QuickBooksBench(Bench):
    batch_size = QUICKBOOKS_BATCH

    def __init__(self, running: Running, *, counting: bool = False) -> None:
        super().__init__(running, "quickbooks", counting=counting)
        self.vendor = self._id("select * from Vendor where DisplayName = 'Blue Ridge Drywall'", "Vendor")
        self.account = self._id("select * from Account where AcctNum = '5000'", "Account")

    def _id(self, statement: str, entity: str) -> str:
        path = f"/quickbooks/v3/company/{self.company}/query?query={quote(statement)}"
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        _, body, _ = self.running.request("GET", path, b"", **headers)
        return str(json.loads(body)["QueryResponse"][entity][0]["Id"])

    def bill(self, number: int) -> Any:
        detail = {"AccountRef": {"value": self.account}}
        lines = [
            {
                "Description": f"Concrete, pour {n}",
                "Amount": 450.25 * n,
                "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": detail,
            }
            for n in (1, 2)
        ]
        return {"VendorRef": {"value": self.vendor}, "DocNumber": f"B-{number}", "TxnDate": "2026-11-02", "Line": lines}

    def single(self) -> bytes:
        number = next(self.numbers)
        path = f"/quickbooks/v3/company/{self.company}/bill?minorversion=75&requestid=b-{number}"
        return self.request("POST", path, self.bill(number))

    def batch(self) -> bytes:
        numbers = [next(self.numbers) for _ in range(self.batch_size)]
        items = [{"bId": f"b{number}", "operation": "create", "Bill": self.bill(number)} for number in numbers]
        path = f"/quickbooks/v3/company/{self.company}/batch?minorversion=75&requestid=b-{numbers[0]}"
        return self.request("POST", path, {"BatchItemRequest": items})

    def by_number(self, number: str) -> bytes:
        statement = quote(f"select * from Bill where DocNumber = '{number}'")  # noqa: S608  the vendor's language
        return self.request("GET", f"/quickbooks/v3/company/{self.company}/query?query={statement}&minorversion=75")


BENCHES: dict[str, type[XeroBench] | type[QuickBooksBench]] = {"xero": XeroBench, "quickbooks": QuickBooksBench}
