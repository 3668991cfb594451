"""What a page shows, as its address says it. Anything that makes no sense there means "all"."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from integrations.ports import Role
from rivet import clock
from sync.models import Direction, Severity
from sync.queries import exceptions, log
from sync.states import Shown

ALL = "all"
#: What a poll and an open drawer add to an address, and no link of the page should carry on.
_NOT_KEPT = frozenset({"seen", "after", "open"})
PERIODS = {"1": "24 hours", "7": "7 days", "30": "30 days", ALL: "all time"}
USUAL_PERIOD = "30"
_LONGEST_TEXT = 100
#: "Show more" adds a page each time; beyond this a filter helps more than a longer list.
_MOST_ROWS = 500


def text(query: QueryDict, name: str) -> str:
    return query.get(name, "").replace("\x00", "").strip()[:_LONGEST_TEXT]


def one_of(query: QueryDict, name: str, choices: object, otherwise: str = "") -> str:
    value = text(query, name)
    return value if value in set(choices) else otherwise  # type: ignore[call-overload]  # any iterable of words


def public_id(query: QueryDict, name: str) -> str:
    return _as_id(query.get(name, ""))


def _as_id(written: str) -> str:
    try:
        return str(UUID(written))
    except ValueError:
        return ""


def of_exceptions(query: QueryDict) -> exceptions.Filters:
    state = one_of(query, "state", [*Shown, ALL], Shown.NEEDS_ATTENTION)
    return exceptions.Filters(
        state="" if state == ALL else state,
        connection=public_id(query, "connection"),
        role=one_of(query, "role", Role),
        code=text(query, "code"),
        cause=query.get("cause", "").replace("\x00", "")[:200],
        text=text(query, "q"),
    )


def takes_all(query: QueryDict) -> bool:
    """Whether everything that matches is chosen, not the rows of this page alone."""
    return query.get("chosen") == ALL


def number(query: QueryDict, name: str) -> int:
    """A count somebody's page sent back; 0 where it is none."""
    written = query.get(name, "")
    return int(written) if re.fullmatch("[0-9]{1,9}", written) else 0


def public_ids(query: QueryDict, name: str, *, most: int) -> list[str]:
    """Each once, in the order sent; what is no id is left out."""
    found = (_as_id(written) for written in query.getlist(name))
    return list(dict.fromkeys(one for one in found if one))[:most]


def of_log(query: QueryDict, *, connections: dict[str, int]) -> log.Filters:
    """``connections`` maps public ids to the ids the log stores."""
    return log.Filters(
        severity=one_of(query, "severity", Severity),
        direction=one_of(query, "direction", Direction),
        entity=one_of(query, "entity", ENTITIES),
        connection_id=connections.get(public_id(query, "connection")),
        text=text(query, "q"),
        since=_since(one_of(query, "period", PERIODS, USUAL_PERIOD)),
    )


ENTITIES = {**{role.value: role.value.replace("_", " ").capitalize() for role in Role}, "lists": "Lists"}


def _since(period: str) -> datetime | None:
    return None if period == ALL else clock.now() - timedelta(days=int(period))


def shown(query: QueryDict) -> int:
    """How many rows the page was asked for."""
    return min(max(number(query, "shown"), exceptions.PAGE), _MOST_ROWS)


def cursor(query: QueryDict, name: str) -> log.Cursor | None:
    moment, _, number = query.get(name, "").partition("~")
    try:
        position = log.Cursor(created_at=datetime.fromisoformat(moment), id=int(number[:18]))
    except ValueError:
        return None
    return position if position.created_at.tzinfo else None


def cursor_text(position: log.Cursor) -> str:
    return f"{position.created_at.isoformat()}~{position.id}"


def with_changes(query: QueryDict, **changes: object) -> str:
    """The page's query string with some values changed; None takes one away."""
    kept = {name: query[name] for name in query if name not in _NOT_KEPT and query[name]}
    changed = {**kept, **changes}
    return urlencode({name: value for name, value in changed.items() if value is not None})
