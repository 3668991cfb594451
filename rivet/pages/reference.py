"""The pages below ``docs/reference/`` that are written from the code's own tables, so that they cannot fall behind."""

from collections.abc import Callable, Mapping
from itertools import groupby

from sync.catalogue import Exhibit, Retry, exhibits
from sync.states import HOLD_WORDS, LOOKS, Look, State, shown

NOTE = "<!-- Written by `python manage.py write_reference`. Do not edit. -->"

FAMILIES: Mapping[str, str] = {
    "CON": "Connections",
    "LIM": "Limits and outages",
    "UNC": "Unknown outcomes",
    "DUP": "Duplicates",
    "REF": "Records of theirs",
    "MAP": "Mapping",
    "VAL": "Values",
    "TAX": "Tax",
    "PER": "Closed periods",
    "STA": "The record's state in the books",
    "CNF": "Conflicts",
    "RET": "Retainage",
    "SYS": "Rivet itself",
}
WHO: Mapping[str, str] = {
    "me": "bookkeeper",
    "owner": "owner or manager",
    "accountant": "accountant",
    "rivet": "Rivet",
    "nobody": "nobody",
}
RETRIES: Mapping[Retry, str] = {
    Retry.NONE: "stays until a person changes something",
    Retry.BACKOFF: "passes; tried again at growing intervals",
    Retry.PROVIDER_CLOCK: "the provider named a moment, or its window ends by itself",
    Retry.BUDGET: "an allowance returns, usually at the end of the provider's day",
    Retry.EVENT: "goes on by itself when its cause is mended",
    Retry.VERIFY: "looked up in the books before anything is sent again",
    Retry.HEAL_ONCE: "Rivet mends it once by itself, then asks",
}


def exceptions_page() -> str:
    """Every kind of exception: what people read, who acts, how it goes on."""
    retries = [f"| {retry.value} | {words} |" for retry, words in RETRIES.items()]
    parts = [
        NOTE,
        "# Exceptions",
        "What stopped a document, in the words of the screens. `{…}` stands for a fact of the case.",
        "\n".join(["| class | how it goes on |", "|---|---|", *retries]),
    ]
    for family, kinds in groupby(exhibits().values(), key=lambda kind: kind.code.partition("-")[0]):
        parts += [f"## {FAMILIES[family]}", *(_kind(kind) for kind in kinds)]
    return "\n\n".join(parts) + "\n"


def _kind(kind: Exhibit) -> str:
    button = f" · button *{kind.action}*" if kind.action else ""
    acts = f"Who acts: {WHO[kind.who]}{button} · {kind.retry.value}"
    freed = ", ".join(fact.value.replace("_", " ") for fact in sorted(kind.freed_by))
    told = [f"### {kind.code} · {kind.title}", f"{kind.sentence} {kind.remedy}", acts + (f": {freed}" if freed else "")]
    return "\n\n".join(told)


def states_page() -> str:
    """Every state of an outbox entry, as stored and as shown."""
    stored = [f"| `{state.value}` | {_labels(state)} |" for state in State]
    looks = [_look(look) for look in LOOKS.values()]
    holds = [f"- `{hold.value}`: {words}" for hold, words in HOLD_WORDS.items()]
    parts = [
        NOTE,
        "# States of an outbox entry",
        "Shown on screens:",
        "\n".join(["| state | who acts next | meaning |", "|---|---|---|", *looks]),
        "Stored in the database:",
        "\n".join(["| stored | shown as |", "|---|---|", *stored]),
        "A held entry says why:",
        "\n".join(holds),
    ]
    return "\n\n".join(parts) + "\n"


def _labels(state: State) -> str:
    """A ready entry is shown in two ways: before and after its first try."""
    seen = dict.fromkeys(LOOKS[shown(state, tries=tries)].label for tries in (0, 1))
    return ", after a try ".join(seen)


def _look(look: Look) -> str:
    return f"| {look.glyph} {look.label} | {look.actor} | {look.meaning} |"


PAGES: Mapping[str, Callable[[], str]] = {"exceptions.md": exceptions_page, "states.md": states_page}
