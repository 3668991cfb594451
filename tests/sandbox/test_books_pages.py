"""The books as a person opens them."""

import html
import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, a_payment, a_purchase, an_invoice
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import client_of, invoice, line

MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def page_at(sandbox: Running, path: str, status: int = 200) -> str:
    answer = sandbox.http.get(f"{sandbox.url}{path}", timeout=10)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html") and '<html lang="en">' in answer.text
    return answer.text


def seen(page: str) -> str:
    """What stands on the page, without its marks."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1])))


def quickbooks_of_every_kind(sandbox: Running) -> str:
    """The messy company with payments, credits, a deposit, orders and a document in euro."""
    books = Books(sandbox, "messy")
    one = books.post("invoice", an_invoice(books, 900, DocNumber="L-1"))
    payment = books.post("payment", a_payment(books, 400, ("Invoice", one["Id"], 400)))
    links = [{"TxnId": payment["Id"], "TxnType": "Payment", "TxnLineId": "0"}]
    bank = {"DepositToAccountRef": {"value": books.id("Account", "1000")}}
    books.post("deposit", {**bank, "Line": [{"Amount": 400, "LinkedTxn": links}]})
    books.post("creditmemo", an_invoice(books, 50))
    books.post("estimate", an_invoice(books, 70))
    sandbox.control("PATCH", f"/companies/{books.company}", {"multicurrency": True})
    books.post("companycurrency", {"Code": "EUR"})
    abroad = {"CurrencyRef": {"value": "EUR"}}
    party = {"value": books.post("vendor", {"DisplayName": "Lieferant", **abroad})["Id"]}
    books.post("bill", a_bill(books, 100, VendorRef=party, ExchangeRate=1.5, **abroad))
    return books.company


def xero_of_every_kind(sandbox: Running) -> str:
    """The same of Xero; the credit was allocated at another rate, which posts a gain under no document."""
    client = client_of(sandbox.url, "messy", scopes="accounting.banktransactions", currencies=["EUR"])
    abroad = {"CurrencyCode": "EUR", "CurrencyRate": "0.5"}
    sale = client.one("PUT", "Invoices", invoice("L-1", **abroad))
    target, bank = {"InvoiceID": sale["InvoiceID"]}, {"Code": "090"}
    client.good("PUT", "Payments", {"Invoice": target, "Account": bank, "Amount": 5})
    note = client.one("PUT", "CreditNotes", invoice(None, kind="ACCRECCREDIT", **abroad | {"CurrencyRate": "0.8"}))
    body = {"Allocations": [{"Amount": 4, "Invoice": target, "Date": "2026-10-02"}]}
    client.good("PUT", f"CreditNotes/{note['CreditNoteID']}/Allocations", body)
    spent = {"Type": "SPEND", "Contact": {"Name": "Harbor Point"}, "BankAccount": bank}
    client.good("PUT", "BankTransactions", {**spent, "Date": "2026-10-02", "LineItems": [line(7, "433")]})
    return client.tenant


EVERY_KIND: dict[str, Callable[[Running], str]] = {"quickbooks": quickbooks_of_every_kind, "xero": xero_of_every_kind}


@pytest.mark.parametrize("provider", EVERY_KIND)
def test_every_link_of_the_books_leads_somewhere(sandbox: Running, provider: str) -> None:
    company = EVERY_KIND[provider](sandbox)
    own = f"/books/{company}/"
    waiting, found = [own], {own}
    while waiting:
        page = page_at(sandbox, waiting.pop())
        assert page.count("<h1") == 1 and "None" not in seen(page) and "fault of the sandbox" not in page
        levels = [int(level) for level in re.findall(r"<h(\d)", page)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), levels
        assert page.count("<table") == page.count("<caption")
        links = {html.unescape(link) for link in re.findall(rf'href="({own}[^"]*)"', page)} - found
        found |= links
        waiting += sorted(links)
    kinds = {path.removeprefix(own).split("/")[0].split("?")[0] for path in found}
    assert kinds == {"", "chart", "trial-balance", "documents", "accounts", "ageing"}
    for path in sorted(found):
        page_at(sandbox, f"{path.split('?')[0]}?until=rubbish&start=x&since=9&kind=%00&number='&party=x&open=%F0")


def test_a_document_shows_its_lines_postings_links_and_requests(books: Books) -> None:
    note = "<script>alert(1)</script>"
    made = books.post("invoice", an_invoice(books, 1000, retainage=100, DocNumber="PG-1", PrivateNote=note))
    books.post("payment", a_payment(books, 200, ("Invoice", made["Id"], 200), PaymentRefNum="P-9"))
    page = page_at(books.sandbox, f"/books/{books.company}/documents/Invoice/{made['Id']}/")
    assert note not in page and note in seen(page) and "&#34;TotalAmt&#34;: 900.00" in page
    text = seen(page)
    for words in (
        "Invoice PG-1",
        "Total 900.00 USD Open 700.00",
        "Progress Billing Contract Revenue",
        f"Retainage Withheld Retainage Receivable NON {MINUS}100.00",
        "1100 Accounts Receivable (A/R) Harbor Point Builders 900.00",
        "Total 1,000.00 1,000.00",
        "A client sent this document once; it was saved once.",
    ):
        assert words in text, words
    assert re.search(r"Payment (P-9|\d+) 2026-11-03 200.00", text)


def test_a_document_of_xero_shows_the_same(sandbox: Running) -> None:
    client = client_of(sandbox.url, "messy")
    bill = client.one("PUT", "Invoices", invoice("S-1", kind="ACCPAY", LineItems=[line("12.345", "320", Quantity=2)]))
    text = seen(page_at(sandbox, f"/books/{client.tenant}/documents/Invoice/{bill['InvoiceID']}/"))
    for words in ("Bill S-1 Overdue", "Work 320 2 12.35", "No other document is linked", "it was saved once"):
        assert words in text, words


def test_what_a_replayed_and_a_refused_request_leave_in_the_history(books: Books) -> None:
    body = a_bill(books, 10, DocNumber="H-1")
    for _ in range(3):
        made = books.request("POST", "bill?requestid=same", json=body).json()["Bill"]
    books.post("bill?operation=update", {**made, "PrivateNote": "changed", "sparse": True})
    text = seen(page_at(books.sandbox, f"/books/{books.company}/documents/Bill/{made['Id']}/"))
    assert "A client sent this document 3 times; it was saved once." in text
    assert re.search(r"Create \S+ \S+ Update", text)


def test_a_long_ledger_is_paged_and_carries_its_balance(books: Books) -> None:
    one = a_purchase(books, 1)
    for begin in range(0, 203, 30):
        items = [
            {
                "bId": str(number),
                "operation": "create",
                "Purchase": {**one, "DocNumber": f"C-{number}", "TxnDate": f"2026-11-0{1 + number // 100}"},
            }
            for number in range(begin, min(begin + 30, 203))
        ]
        books.request("POST", "batch", json={"BatchItemRequest": items})
    ledger = f"/books/{books.company}/accounts/{books.id('Account', '1000')}/"
    first, second = page_at(books.sandbox, ledger), page_at(books.sandbox, f"{ledger}?start=100")
    assert "1 to 100 of 203" in seen(first) and "Brought forward" not in first
    assert f"{MINUS}100.00" in seen(first) and "C-100" not in first
    assert f"Brought forward {MINUS}100.00" in seen(second) and "Purchase C-100" in second
    assert f'href="{ledger}?start=200" rel="next"' in second and f'href="{ledger}" rel="prev"' in second
    last = seen(page_at(books.sandbox, f"{ledger}?start=200"))
    assert "201 to 203 of 203" in last and f"{MINUS}203.00" in last and "Later" not in last
    day = seen(page_at(books.sandbox, f"{ledger}?since=2026-11-03&until=2026-11-03"))
    assert f"Brought forward {MINUS}200.00" in day and "C-202" in day and "C-199" not in day
    documents = f"/books/{books.company}/documents/"
    assert "Older" not in page_at(books.sandbox, f"{documents}?kind=Purchase&number=c-7")
    older = re.findall(r'href="([^"]+)" rel="next"', page_at(books.sandbox, f"{documents}?kind=Purchase"))
    assert "kind=Purchase" in older[0] and "start=100" in older[0]


def test_accounts_that_grow_by_credits_show_their_balance_without_a_minus(books: Books) -> None:
    books.post("bill", a_bill(books, 400))
    ledger = seen(page_at(books.sandbox, f"/books/{books.company}/accounts/{books.id('Account', '2000')}/"))
    assert "Balance 400.00 credit" in ledger and MINUS not in ledger


def test_documents_are_found_by_kind_number_name_and_what_is_open(books: Books) -> None:
    paid = books.post("invoice", an_invoice(books, 100, DocNumber="F-1"))
    books.post("payment", a_payment(books, 100, ("Invoice", paid["Id"], 100)))
    books.post("invoice", an_invoice(books, 100, DocNumber="F-2"))
    books.post("bill", a_bill(books, 100, DocNumber="F-2"))
    party = f"Customer:{books.id('Customer', 'Harbor Point Builders')}"

    def titles(query: str) -> set[str]:
        page = page_at(books.sandbox, f"/books/{books.company}/documents/?{query}")
        return set(re.findall(r">((?:Invoice|Bill) [^<]+)</a>", page))

    assert titles("kind=Invoice") == {"Invoice F-1", "Invoice F-2"}
    assert titles("number=f-2") == {"Invoice F-2", "Bill F-2"}
    assert titles(f"open=1&party={party}") == {"Invoice F-2"}
    assert "No document matches" in page_at(books.sandbox, f"/books/{books.company}/documents/?number=F-9")


def test_the_ageing_counts_everything_at_home(sandbox: Running) -> None:
    """1.5 dollars for a euro, and the control account says the same as the documents."""
    company = quickbooks_of_every_kind(sandbox)
    text = seen(page_at(sandbox, f"/books/{company}/ageing/payable/"))
    assert "The ledger's control account agrees." in text and re.search(r"Lieferant 150.00 150.00", text)
    assert "EUR 100.00" in seen(page_at(sandbox, f"/books/{company}/documents/?kind=Bill"))


def test_the_trial_balance_of_a_day(sandbox: Running) -> None:
    company = sandbox.company("xero", "messy")
    path = f"/books/{company}/trial-balance/"
    before, now = page_at(sandbox, f"{path}?until=2020-01-01"), page_at(sandbox, path)
    assert "27,750.00" in now and "27,750.00" not in before and "as at 2020-01-01" in before
    assert "Debits and credits agree." in now


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
def test_empty_books_say_what_would_be_there(sandbox: Running, provider: str) -> None:
    company = sandbox.company(provider, "empty")
    for path, words in (
        ("", "No documents yet"),
        ("documents/", "What a client posts appears here."),
        ("ageing/receivable/", "Nobody owes this company anything."),
        ("ageing/payable/", "This company owes nobody anything."),
    ):
        assert words in page_at(sandbox, f"/books/{company}/{path}")
    account = sandbox.control("GET", f"/companies/{company}/trial-balance")["accounts"][0]["id"]
    assert "No posting to this account yet." in page_at(sandbox, f"/books/{company}/accounts/{account}/")


def test_an_address_without_its_slash_keeps_what_it_asks_for(books: Books) -> None:
    for number in ("S-1", "S-2"):
        books.post("bill", a_bill(books, 10, DocNumber=number))
    path = f"/books/{books.company}/documents?kind=Bill&number=S-1"
    answer = books.sandbox.http.get(f"{books.sandbox.url}{path}", timeout=10)
    assert [first.status_code for first in answer.history] == [307]
    assert answer.url.endswith(path.replace("?", "/?"))
    assert "S-1" in answer.text and "S-2" not in answer.text


def test_the_index_names_every_company_and_what_is_switched_on(books: Books) -> None:
    assert books.company in page_at(books.sandbox, "/books/")
    control = books.sandbox.control
    control("PUT", "/clock", {"offset_seconds": -90_000})
    control("PUT", "/limits", {"enabled": True, "scale": 20})
    control("PUT", "/latency", {"median_ms": 100, "p99_ms": 400, "scale": 0.1})
    control("POST", "/faults", {"act": {"kind": "html"}, "provider": "xero", "entity": "Unknown"})
    index = seen(page_at(books.sandbox, "/"))
    assert books.company in index
    for words in (
        "1 day, 1:00:00 behind",
        "20 times the vendors'",
        "10 ms, 40 ms for one in a hundred",
        "Faults 1 rule ",
        "/quickbooks/v3",
    ):
        assert words in index, words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/books/nobody/", "There is no such company"),
        ("/books/{company}/accounts/nothing/", "There is no such account"),
        ("/books/{company}/documents/Invoice/99999/", "has no invoice 99999, or it was deleted"),
        ("/books/{company}/documents/<b>/%3Ci%3E/", "There is no such document"),
        ("/books/{company}/ageing/sideways/", "receivable or payable"),
        ("/books/{company}/nowhere/", "There is no such page"),
        ("/nowhere", "There is no such page"),
    ],
)
def test_unknown_pages_say_so(books: Books, path: str, words: str) -> None:
    page = page_at(books.sandbox, path.format(company=books.company), 404)
    assert words in seen(page) and 'href="/books/' in page and "<i>" not in page
