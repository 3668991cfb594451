"""Requests whose bodies are compressed, as the vendor's own SDK for Java sends them."""

import gzip
import json
import zlib
from collections.abc import Callable

import pytest

from sandbox.quickbooks.packed import TooLargeError, unpacked
from tests.sandbox.quickbooks.books import Books
from tests.sandbox.running import Running


def _raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw": ("deflate", _raw),
    "nothing": ("identity", bytes),
}


@pytest.mark.parametrize("name", PACKERS)
def test_a_packed_body_is_taken(sandbox: Running, name: str) -> None:
    books = Books(sandbox)
    encoding, pack = PACKERS[name]
    body = pack(json.dumps({"DisplayName": f"Packed by {name}"}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    answer = books.request("POST", "vendor", data=body, headers=headers)
    assert (answer.status_code, answer.json()["Vendor"]["DisplayName"]) == (200, f"Packed by {name}")
    read = books.request("GET", f"vendor/{answer.json()['Vendor']['Id']}", headers=headers)
    assert read.status_code == 200


def test_what_is_not_packed_after_all_is_refused(sandbox: Running) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = Books(sandbox).request("POST", "vendor", data=b"\x1f\x8b\x08 broken", headers=headers)
    assert (answer.status_code, "Fault" in answer.json()) == (400, True)


def test_what_unpacks_to_too_much_is_given_up() -> None:
    with pytest.raises(TooLargeError):
        unpacked(gzip.compress(b"0" * 5000), "gzip", most=4999)
    assert len(unpacked(gzip.compress(b"0" * 5000), "gzip", most=5000)) == 5000
