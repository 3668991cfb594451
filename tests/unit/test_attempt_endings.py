from typing import get_args

from exceptions_dashboard.attempts import ENDINGS
from sync.outcomes import Outcome


def test_every_outcome_has_its_words() -> None:
    assert set(ENDINGS) == {outcome.__name__ for outcome in get_args(Outcome)} | {""}
