"""Against real sockets: what counts as whole, as cut off, and as never sent."""

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import HTTPError

from integrations import wire
from integrations.wire import CutOffError, never_left, read_whole, retry_after, telling

Serve = Callable[[socket.socket], None]


@contextlib.contextmanager
def answering(serve: Serve) -> Iterator[str]:
    """A server that handles one connection and is gone."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def run() -> None:
            with contextlib.suppress(OSError):
                peer, _ = listener.accept()
                with peer:
                    serve(peer)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            thread.join(timeout=5)


def saying(*parts: bytes, pause: float = 0.0) -> Serve:
    """Read the request's head, then send the parts."""

    def serve(peer: socket.socket) -> None:
        peer.recv(65536)
        for part in parts:
            peer.sendall(part)
            threading.Event().wait(pause)

    return serve


def got(serve: Serve, *, seconds: float = 2.0) -> bytes:
    with answering(serve) as address, urllib3.PoolManager(retries=False, timeout=2) as manager:
        raw = manager.request("GET", f"http://{address}/", preload_content=False)
        try:
            return read_whole(raw, seconds=seconds)
        finally:
            raw.close()


HEAD = b"HTTP/1.1 200 OK\r\n"


def test_a_whole_answer() -> None:
    assert got(saying(HEAD + b"Content-Length: 5\r\n\r\n", b"he", b"llo")) == b"hello"


def test_a_chunked_answer() -> None:
    assert got(saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n", b"3\r\nllo\r\n0\r\n\r\n")) == b"hello"


def test_a_packed_answer_in_small_pieces() -> None:
    packed = gzip.compress(b"hello" * 1000)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    assert got(saying(head, packed[:3], packed[3:20], packed[20:])) == b"hello" * 1000


@pytest.mark.parametrize(
    "parts",
    [
        (b"Content-Length: 50\r\n\r\n", b"half"),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"9\r\nhalf"),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nhalf\r\n"),
        (b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n", b"half"),
    ],
    ids=["length", "in-a-chunk", "between-chunks", "not-packed"],
)
def test_half_an_answer_is_cut_off(parts: tuple[bytes, ...]) -> None:
    with pytest.raises(CutOffError):
        got(saying(HEAD, *parts))


def test_what_arrived_of_it_is_kept() -> None:
    with pytest.raises(CutOffError) as caught:
        got(saying(HEAD + b"Content-Length: 50\r\n\r\n", b"half"))
    assert caught.value.body == b"half"


def test_dripping_ends_at_the_deadline_although_every_byte_comes_in_time() -> None:
    drops = [b"x"] * 60
    with pytest.raises(CutOffError, match="did not end in time"):
        got(saying(HEAD + b"Content-Length: 60\r\n\r\n", *drops, pause=0.02), seconds=0.1)


def test_a_flood_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 1000)
    with pytest.raises(CutOffError):
        got(saying(HEAD + b"\r\n", b"x" * 2000))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Files of a certificate for localhost that signs itself, and of its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(chain), str(secret)


# Never left ----------------------------------------------------------------------------------------------------------


def failure(url: str) -> HTTPError:
    with telling(urllib3.PoolManager(retries=False, timeout=0.4)) as manager, pytest.raises(HTTPError) as caught:
        manager.request("POST", url, body=b"{}")
    return caught.value


def closing_at_once(peer: socket.socket) -> None:
    peer.close()


def tls_alert(peer: socket.socket) -> None:
    peer.recv(65536)
    peer.sendall(bytes.fromhex("15030300020228"))  # fatal, handshake failure


def nonsense(peer: socket.socket) -> None:
    peer.recv(65536)
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def silence(peer: socket.socket) -> None:
    peer.recv(65536)
    threading.Event().wait(0.5)


@pytest.mark.parametrize("serve", [closing_at_once, tls_alert, nonsense, silence], ids=lambda serve: serve.__name__)
def test_tls_that_cannot_be_set_up_lets_nothing_leave(serve: Serve) -> None:
    with answering(serve) as address:
        assert never_left(failure(f"https://{address}/"))


def test_a_certificate_of_somebody_else_lets_nothing_leave(certificate: tuple[str, str]) -> None:
    with answering(speaking_tls(certificate, b"")) as address:
        assert never_left(failure(f"https://{address}/"))


@pytest.mark.parametrize("name", ["books.invalid", "127.0.0.1:9"])
def test_nobody_there_lets_nothing_leave(name: str) -> None:
    assert never_left(failure(f"http://{name}/"))


@pytest.mark.parametrize("serve", [saying(), saying(b"no http\r\n\r\n")], ids=["closed", "noise"])
def test_what_breaks_after_the_request_may_have_arrived(serve: Serve) -> None:
    with answering(serve) as address:
        assert not never_left(failure(f"http://{address}/"))


def test_tls_that_breaks_after_the_request_may_have_arrived(certificate: tuple[str, str]) -> None:
    """The server read the request and went away without a word of farewell: to OpenSSL that is an error of TLS."""
    manager = telling(urllib3.PoolManager(retries=False, timeout=2, ca_certs=certificate[0]))
    with answering(speaking_tls(certificate, b"")) as address, manager, pytest.raises(HTTPError) as caught:
        manager.request("POST", f"https://localhost:{address.rpartition(':')[2]}/", body=b"{}")
    assert not never_left(caught.value)


def speaking_tls(certificate: tuple[str, str], answer: bytes) -> Serve:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def serve(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as secured:
            secured.recv(65536)
            secured.sendall(answer)

    return serve


# Waiting -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "26"}, 26.0),
        ({"Retry-After": " 0 "}, 0.0),
        ({"Retry-After": "66975"}, 66975.0),
        ({"Retry-After": "99999999999"}, wire.LONGEST_WAIT_SECONDS),
        ({"Retry-After": "Sat, 31 Oct 2026 10:00:30 GMT", "Date": "Sat, 31 Oct 2026 10:00:00 GMT"}, 30.0),
        ({"Retry-After": "Sat, 31 Oct 2026 09:00:00 GMT", "Date": "Sat, 31 Oct 2026 10:00:00 GMT"}, 0.0),
        ({"Retry-After": "Sat, 31 Oct 2026 10:00:30 GMT"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "-5"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@given(st.text(), st.text())
def test_no_header_breaks_the_reading_of_headers(wait: str, date: str) -> None:
    found = retry_after({"Retry-After": wait, "Date": date})
    assert found is None or 0 <= found <= wire.LONGEST_WAIT_SECONDS
