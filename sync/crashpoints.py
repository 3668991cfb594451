"""Named places where tests kill the process. Does nothing unless ``RIVET_CRASH_AT`` names the place."""

import os
import signal

_CHOSEN = os.environ.get("RIVET_CRASH_AT", "")


def crashpoint(name: str) -> None:
    """Die here by SIGKILL, as a worker would, when ``name`` is the chosen place."""
    if name == _CHOSEN:
        os.kill(os.getpid(), signal.SIGKILL)
