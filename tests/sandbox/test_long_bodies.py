"""Bodies that are longer than any that is taken are given up while they are read, whoever sends them."""

import gzip
import json
import re
import select
import socket
from urllib.parse import urlsplit

import pytest

from tests.sandbox.quickbooks.books import Books
from tests.sandbox.running import Running
from tests.sandbox.xero.browser import client_of

PIECE = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
MEGABYTE = 1024 * 1024
# What may be on its way between the two, or sent while the machine lets only the sender work.
BETWEEN = 128 * MEGABYTE


def _endless(sandbox: Running, path: str, most: int, headers: dict[str, str], *, ends: bool) -> tuple[int, bytes]:
    """Send one piece after the other until the sandbox answers; status and body. The connection must be closed then."""
    where = urlsplit(sandbox.url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as connection:
        head = {"Host": where.netloc, "Transfer-Encoding": "chunked", "Content-Type": "application/json", **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        connection.sendall(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode())
        sent = 0
        while not select.select([connection], [], [], 0)[0]:
            connection.sendall(PIECE)
            sent += len(PIECE)
            assert sent < most + BETWEEN, "the sandbox reads on and on"
        if ends:
            connection.sendall(b"0\r\n\r\n")
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    assert re.search(rb"(?i)\r\nconnection: close\r\n", answer)
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("ends", [True, False], ids=["in the end", "never"])
def test_quickbooks_takes_so_much_and_no_more(sandbox: Running, ends: bool) -> None:
    books = Books(sandbox)
    path = f"/quickbooks/v3/company/{books.company}/invoice"
    status, body = _endless(sandbox, path, 32 * MEGABYTE, _bearer(books.token), ends=ends)
    assert (status, b"Request Entity Too Large" in body) == (413, True)


def test_quickbooks_keeps_nothing_of_a_stranger(sandbox: Running) -> None:
    headers = {"Accept": "application/json"}
    status, body = _endless(sandbox, "/quickbooks/v3/company/1/bill", 32 * MEGABYTE, headers, ends=True)
    assert (status, json.loads(body)["fault"]["error"][0]["code"]) == (401, "3202")


def test_an_upload_without_its_length_is_not_read_for_ever(sandbox: Running) -> None:
    books = Books(sandbox)
    path = f"/quickbooks/v3/company/{books.company}/upload"
    headers = {**_bearer(books.token), "Accept": "application/json"}
    status, body = _endless(sandbox, path, 100 * MEGABYTE, headers, ends=True)
    assert (status, json.loads(body)["Fault"]["Error"][0]["code"]) == (400, "6020")


def test_xero_takes_so_much_and_no_more(sandbox: Running) -> None:
    client = client_of(sandbox.url)
    headers = {**_bearer(client.token), "xero-tenant-id": client.tenant}
    status, body = _endless(sandbox, "/xero/api.xro/2.0/Contacts", 10 * MEGABYTE, headers, ends=True)
    assert (status, b"Request Entity Too Large" in body) == (413, True)


@pytest.mark.parametrize("path", ["/quickbooks/oauth2/v1/tokens/bearer", "/xero/connect/token"])
def test_a_token_is_asked_for_in_few_words(sandbox: Running, path: str) -> None:
    status, body = _endless(sandbox, path, MEGABYTE, {}, ends=True)
    assert (status in (400, 401), "error" in json.loads(body)) == (True, True)


def test_what_unpacks_to_too_much_is_too_large(sandbox: Running) -> None:
    books = Books(sandbox)
    packed = gzip.compress(b" " * (33 * MEGABYTE), compresslevel=1)
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert books.request("POST", "invoice", data=packed, headers=headers).status_code == 413
