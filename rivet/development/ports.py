"""Free ports on this machine, the same ones as last time where possible."""

import random
import socket

# Below the range from which Linux and macOS take the ports of outgoing connections: a server that
# is stopped and started again must find its port free, and a client calling a stopped server on a
# port of that range can end up connected to itself.
CHOICES = range(20_000, 32_000)


class PortTakenError(RuntimeError):
    pass


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of a server that has just stopped do not hold its port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(*, preferred: int | None = None) -> int:
    """`preferred` if nothing listens on it, else a random free one."""
    if preferred is not None and is_free(preferred):
        return preferred
    for port in random.sample(CHOICES, k=200):
        if is_free(port):
            return port
    raise PortTakenError("200 ports were tried and none is free on this machine.")
