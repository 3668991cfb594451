"""The books as a person opens them."""

import pytest

from tests.sandbox.quickbooks.books import Books, an_invoice
from tests.sandbox.running import Running


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def _page(books: Books, path: str) -> str:
    answer = books.sandbox.http.get(f"{books.sandbox.url}{path}", timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_every_page_of_a_company(books: Books) -> None:
    note = "<script>alert(1)</script>"
    invoice = books.post("invoice", an_invoice(books, 1000, retainage=100, DocNumber="PG-1", PrivateNote=note))
    own = f"/books/{books.company}"
    assert "Retainage Receivable" in _page(books, f"{own}/")
    ledger = _page(books, f"{own}/accounts/{books.id('Account', '1150')}/")
    assert "100.00" in ledger
    assert "PG-1" in _page(books, f"{own}/documents/?number=pg-1")
    document = _page(books, f"{own}/documents/Invoice/{invoice['Id']}/")
    assert "&#34;TotalAmt&#34;: 900.00" in document
    assert note not in document
    assert "Harbor Point Builders" in _page(books, f"{own}/ageing/receivable/")
    assert "Accounts payable" in _page(books, f"{own}/ageing/payable/")


def test_the_index_and_the_list_of_books_name_every_company(books: Books) -> None:
    assert books.company in _page(books, "/")
    assert books.company in _page(books, "/books/")


@pytest.mark.parametrize("path", ["nobody/", "{company}/accounts/nothing/", "{company}/ageing/sideways/"])
def test_unknown_pages_are_missing(books: Books, path: str) -> None:
    url = f"{books.sandbox.url}/books/{path.format(company=books.company)}"
    assert books.sandbox.http.get(url, timeout=10).status_code == 404
