import pytest

from tests.sandbox.running import Running


@pytest.fixture(scope="session")
def sandbox_url(server: Running) -> str:
    """The address of the shared sandbox; each test takes organisations of its own."""
    return server.url
