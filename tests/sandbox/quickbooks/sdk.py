"""python-quickbooks, as shipped, on a plain session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from quickbooks import QuickBooks

from tests.sandbox.quickbooks.books import Books
from tests.sandbox.quickbooks.conformance import verify_answer
from tests.sandbox.running import Running


class PlainSession(requests.Session):
    """What the SDK asks of a session beside requests' own: the access token. Its answers are held to the schemas."""

    access_token = ""

    def __init__(self) -> None:
        super().__init__()
        self.hooks["response"].append(verify_answer)


def client_at(sandbox: Running, company: str) -> Any:
    client = QuickBooks(company_id=company, minorversion=75)
    client.api_url_v3 = f"{sandbox.url}/quickbooks/v3"
    return client


@contextmanager
def sdk_of(books: Books) -> Iterator[Any]:
    client = client_at(books.sandbox, books.company)
    with PlainSession() as session:
        session.access_token = books.token
        client.session = session
        yield client
