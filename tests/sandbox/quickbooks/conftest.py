from collections.abc import Iterator

import pytest

from tests.sandbox.quickbooks.conformance import verify_answer
from tests.sandbox.running import Running


@pytest.fixture(autouse=True)
def every_answer_is_held_against_the_schemas(server: Running) -> Iterator[None]:
    hooks = server.http.hooks["response"]
    hooks.append(verify_answer)
    yield
    hooks.remove(verify_answer)
