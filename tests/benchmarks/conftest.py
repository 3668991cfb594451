from typing import Any

import pytest

from tests.books import ConnectedFirm, connected, point_at
from tests.firms import a_firm
from tests.sandbox.conftest import sandbox, server
from tests.sandbox.running import Running

__all__ = ["sandbox", "server"]


@pytest.fixture(params=["quickbooks", "xero"])
def books(request: pytest.FixtureRequest, transactional_db: None, sandbox: Running, settings: Any) -> ConnectedFirm:
    """A connected and mapped company with nothing left to do; the sandbox as quick as it is, limits off."""
    point_at(sandbox, settings)
    made = connected(a_firm(), sandbox, provider=request.param)
    made.drain()
    return made
