"""uvicorn with one addition: a request can have its TCP connection cut."""

import gc

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class CuttableProtocol(HttpToolsProtocol):
    """Hands every request `scope["extensions"]["sandbox.abort"]`, see `exchange.hang_up`."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"sandbox.abort": {"abort": self.transport.abort}}


def serve(app: ASGIApp, *, host: str, port: int) -> None:
    """Run until told to stop."""
    # Counters and lists stay for good: looking through them again and again for rubbish took a twentieth of the time.
    gc.freeze()
    gc.set_threshold(50_000, 50, 1000)
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=CuttableProtocol,
        loop="uvloop",
        ws="none",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )
