from tests.sandbox.conftest import sandbox, server

__all__ = ["sandbox", "server"]
