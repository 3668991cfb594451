"""How the attempts on an entry ended, as its timeline says it: one table, by the outcome's stored name."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.outcomes import Delivered, NeedsPerson, NothingToDo, Rejected, RetryAt, Unknown
from sync.queries.entry import Try


@dataclass(frozen=True, kw_only=True)
class Ending:
    words: str
    tone: str


ENDINGS = {
    Delivered.__name__: Ending(words="Arrived", tone="green"),
    NothingToDo.__name__: Ending(words="It was there already", tone="green"),
    Rejected.__name__: Ending(words="Refused", tone="red"),
    NeedsPerson.__name__: Ending(words="The connection was refused", tone="red"),
    RetryAt.__name__: Ending(words="A passing fault", tone="amber"),
    Unknown.__name__: Ending(words="No clear answer", tone="violet"),
    "": Ending(words="Under way", tone="blue"),
}


def timeline(tries: Iterable[Try]) -> list[tuple[Try, Ending]]:
    return [(each, ENDINGS[each.attempt.outcome]) for each in tries]
