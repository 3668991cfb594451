"""Notes and files on documents: upload, find, open, change, remove."""

from urllib.parse import urlsplit

import pytest

from tests.sandbox.quickbooks.books import Books, a_bill, an_invoice
from tests.sandbox.quickbooks.forms import PIXEL, Part, file_of, form_of, metadata_of
from tests.sandbox.running import Running


@pytest.fixture
def books(sandbox: Running) -> Books:
    return Books(sandbox)


def _upload(books: Books, *parts: Part) -> list[dict[str, dict[str, object]]]:
    body, kind = form_of(*parts)
    answer = books.request("POST", "upload", data=body, headers={"Content-Type": kind})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["AttachableResponse"])


def test_a_file_hangs_on_an_invoice(books: Books) -> None:
    invoice = books.post("invoice", an_invoice(books))["Id"]
    [made] = _upload(books, metadata_of("card.png", ("Invoice", invoice), Category="Image"), file_of("card.png"))
    file = made["Attachable"]
    assert (file["FileName"], file["Size"], file["ContentType"]) == ("card.png", len(PIXEL), "image/png")
    assert file["AttachableRef"] == [{"EntityRef": {"type": "Invoice", "value": invoice}, "IncludeOnSend": False}]
    where = f"AttachableRef.EntityRef.Type = 'invoice' and AttachableRef.EntityRef.value = '{invoice}'"
    [found] = books.query(f"select * from Attachable where {where}")  # noqa: S608  the vendor's language
    assert found["Id"] == file["Id"]
    assert books.query(f"select * from Attachable where {where.replace('invoice', 'bill')}") == []  # noqa: S608


def test_a_link_opens_the_file_for_a_quarter_of_an_hour(books: Books) -> None:
    [made] = _upload(books, metadata_of("card.png"), file_of("card.png"))
    link = str(made["Attachable"]["TempDownloadUri"])
    opened = books.sandbox.http.get(link, timeout=5)
    assert (opened.content, opened.headers["content-type"]) == (PIXEL, "image/png")
    assert urlsplit(books.request("GET", f"download/{made['Attachable']['Id']}").text).path == urlsplit(link).path
    assert books.sandbox.http.get(f"{link}0", timeout=5).status_code == 403
    books.sandbox.control("PUT", "/clock", {"offset_seconds": 901})
    assert books.sandbox.http.get(link, timeout=5).status_code == 403


@pytest.mark.parametrize("kind", ["image/png\r\nSet-Cookie: a=b", "image/ünknown"])
def test_a_file_opens_whatever_is_said_of_it(books: Books, kind: str) -> None:
    [made] = _upload(books, metadata_of("card.png", ContentType=kind), file_of("card.png"))
    opened = books.sandbox.http.get(str(made["Attachable"]["TempDownloadUri"]), timeout=5)
    assert (opened.content, opened.headers["content-type"]) == (PIXEL, "application/octet-stream")
    assert "Set-Cookie" not in opened.headers


def test_several_files_are_judged_one_by_one(books: Books) -> None:
    answers = _upload(
        books,
        metadata_of("a.pdf"), file_of("a.pdf", kind="application/pdf"),
        metadata_of("b.exe", number="02"), file_of("b.exe", number="02"),
        file_of("c.txt", number="03", kind="text/plain"),
    )  # fmt: skip
    assert [next(iter(answer)) for answer in answers] == ["Attachable", "Fault", "Attachable"]
    assert answers[2]["Attachable"]["FileName"] == "c.txt"


def test_notes_change_and_go(books: Books) -> None:
    first, second = (books.post("bill", a_bill(books))["Id"] for _ in range(2))
    ref = {"EntityRef": {"type": "Bill", "value": first}}
    note = books.post("attachable", {"Note": "called", "AttachableRef": [ref]})
    change = {"Id": note["Id"], "SyncToken": "0", "sparse": True}
    moved = books.post("attachable", {**change, "AttachableRef": [{"EntityRef": {"type": "Bill", "value": second}}]})
    assert (moved["Note"], moved["AttachableRef"][0]["EntityRef"]["value"]) == ("called", second)
    books.post("attachable?operation=delete", {"Id": note["Id"], "SyncToken": "1"})
    assert books.refused(f"attachable/{note['Id']}", None)[1]["code"] == "610"


def test_a_file_may_be_described_in_xml_and_be_empty(books: Books) -> None:
    bill = books.post("bill", a_bill(books))["Id"]
    about = (
        '<?xml version="1.0" encoding="UTF-8"?><Attachable xmlns="http://schema.intuit.com/finance/v3">'
        f'<AttachableRef><EntityRef type="Bill">{bill}</EntityRef></AttachableRef>'
        "<FileName>note.txt</FileName><ContentType>text/plain</ContentType></Attachable>"
    )
    described = ("file_metadata_0", "application/xml", about.encode())
    [made] = _upload(books, described, file_of("note.txt", b"", number="0", kind="text/plain"))
    assert (made["Attachable"]["FileName"], made["Attachable"]["Size"]) == ("note.txt", 0)
    ref = {"EntityRef": {"type": "Bill", "value": bill}, "IncludeOnSend": False}
    assert made["Attachable"]["AttachableRef"] == [ref]
