"""Long lists in pages: where one stands, and the addresses of the others."""

from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

PAGE = 100


class Paging(NamedTuple):
    """`first` and `last` count from 1; the addresses are empty where there is nothing more."""

    first: int
    last: int
    total: int
    beginning: str
    earlier: str
    later: str


def start_of(request: Request) -> int:
    given = request.query_params.get("start", "0")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def paging(request: Request, found: int, *, total: int = 0) -> Paging:
    """`found` counts one row more than a page where there are more pages; `total` is 0 where nobody counted."""
    start = start_of(request)
    shown = min(found, PAGE)
    return Paging(
        first=start + 1 if shown else start,
        last=start + shown,
        total=total,
        beginning=_at(request, 0),
        earlier=_at(request, max(start - PAGE, 0)) if start else "",
        later=_at(request, start + PAGE) if found > PAGE else "",
    )


def _at(request: Request, start: int) -> str:
    """This address with everything that was asked for, at another place."""
    kept = {name: value for name, value in request.query_params.items() if name != "start" and value}
    query = urlencode({**kept, **({"start": str(start)} if start else {})})
    return f"{request.url.path}{'?' if query else ''}{query}"


def day_of(request: Request, name: str) -> str:
    """The day a person asks for; nothing for what is none."""
    try:
        return date.fromisoformat(request.query_params.get(name, "")).isoformat()
    except ValueError:
        return ""
