"""An address for webhooks, as a server of the tests' own."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = tuple[int, dict[str, str], bytes]


def until(condition: Callable[[], bool]) -> None:
    """Wait until something has come true, five seconds at most."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.01)


@contextmanager
def listening(take: Callable[[Mapping[str, str], bytes], Answer]) -> Iterator[str]:
    """The address at which `take` gets headers and body of every message, and says what to answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, body = take(dict(self.headers.items()), raw)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
