from collections.abc import Iterator
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


@pytest.fixture
def books(firm: Firm, sandbox: Running, settings: Any) -> Iterator[ConnectedFirm]:
    """Ironwood with QuickBooks connected, mapped and its items in place; the fast profile."""
    settings.RIVET_PROFILE = "fast"
    point_at(sandbox, settings)
    made = connected(firm, sandbox)
    made.drain()
    yield made
