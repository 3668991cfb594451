from typing import Any

import pytest

from tests.books import ConnectedFirm, connected, point_at
from tests.firms import Firm, a_firm
from tests.sandbox.conftest import sandbox, server
from tests.sandbox.running import Running

__all__ = ["sandbox", "server"]


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    return a_firm()


@pytest.fixture(params=["quickbooks", "xero"])
def books(request: pytest.FixtureRequest, firm: Firm, sandbox: Running, settings: Any) -> ConnectedFirm:
    """Ironwood with either provider connected, mapped and its items in place; the fast profile."""
    settings.RIVET_PROFILE = "fast"
    point_at(sandbox, settings)
    made = connected(firm, sandbox, provider=request.param)
    made.drain()
    return made
