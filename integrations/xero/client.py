"""Talking to Xero: the SDK's client on a transport of ours.

The SDK's own transport repeats PUT up to three times, waits inside the call, has no time-out and parses answers so
strictly that a new enum value looks like a failure after the write was made. Ours sends once, gives the answer as it
came, and puts the frozen bytes on the wire unchanged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import certifi
import urllib3
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random
from urllib3.exceptions import HTTPError
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.rest import RESTClientObject

from integrations import exact_json
from integrations.ports import Access, NoAnswerError, NotSentError, UnavailableError, WireCall
from integrations.wire import CutOffError, never_left, read_whole, telling
from integrations.xero import errors
from integrations.xero.limits import LIMITS

PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A whole answer, not yet judged."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def trace_id(self) -> str:
        return self.headers.get("Xero-Correlation-Id", "")


class _Transport(RESTClientObject):  # type: ignore[misc]  # the SDK has no types
    """The SDK's REST layer for one task: one request per call, bytes as given, the raw answer back."""

    def __init__(self) -> None:
        self.pool_manager = telling(
            urllib3.PoolManager(
                num_pools=1,
                maxsize=1,
                retries=False,
                timeout=urllib3.Timeout(connect=LIMITS.connect_seconds, read=LIMITS.read_seconds),
                cert_reqs="CERT_REQUIRED",
                ca_certs=certifi.where(),
            )
        )

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        response = self.pool_manager.request(
            method, url, body=body, headers=dict(headers), preload_content=False, redirect=False, retries=False
        )
        try:
            content = read_whole(response, seconds=LIMITS.read_seconds)
            return Reply(status=response.status, body=content, headers=response.headers)
        finally:
            response.release_conn()


class Organisation(ApiClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client for one organisation with one token; made anew for every task."""

    def __init__(self, access: Access) -> None:
        super().__init__(configuration=Configuration())
        self.rest_client = _Transport()
        self.root = f"{access.api_root}/api.xro/2.0"
        self.standing_headers = {
            "Authorization": f"Bearer {access.access_token}",
            "xero-tenant-id": access.company_id,
            "Accept": "application/json",
            "User-Agent": "Rivet",
        }

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        """One wire request below the organisation."""
        given = {**self.standing_headers, **(headers or {})}
        reply: Reply = self.rest_client.request(method, f"{self.root}{path}", headers=given, body=body)
        return reply

    def close(self) -> None:
        self.rest_client.pool_manager.clear()


def send(access: Access, call: WireCall) -> Reply:
    """The one wire request of a write. Raises NotSentError or NoAnswerError, and connection errors."""
    organisation = Organisation(access)
    try:
        reply = organisation.ask(call.method, call.path, headers=call.headers, body=call.body)
    except CutOffError as error:
        raise NoAnswerError(str(error), body=error.body) from error
    except (HTTPError, OSError) as error:
        kind = NotSentError if never_left(error) else NoAnswerError
        raise kind(type(error).__name__) from error
    finally:
        organisation.close()
    if reply.status >= 500 or reply.status == 404:
        detail = f"Xero answered {reply.status}"
        raise NoAnswerError(detail, body=reply.body, trace_id=reply.trace_id, status=reply.status)
    _raise_for_connection(reply)
    return reply


def _raise_for_connection(reply: Reply) -> None:
    error = errors.connection_error(reply.status, reply.headers, reply.body)
    if error is not None:
        raise error


# Reading ---------------------------------------------------------------------------------------------------------


@retry(
    retry=retry_if_exception_type(UnavailableError),
    stop=stop_after_attempt(3),
    wait=wait_random(0.1, 0.5),
    reraise=True,
)
def read(
    access: Access,
    path: str,
    *,
    holding: str,
    params: Mapping[str, str] | None = None,
    since: str = "",
    is_record: bool = False,
) -> dict[str, Any]:
    """One GET, tried three times within a second. The answer has a list under ``holding``.

    An answer without it is none, and must not pass for an empty list, from which the engine would conclude that a
    document is absent. Only the address of one record (``is_record``) may be unknown to them, which gives an empty
    list. Raises UnavailableError, and connection errors.
    """
    organisation = Organisation(access)
    query = f"?{urlencode(params)}" if params else ""
    headers = {"If-Modified-Since": since} if since else {}
    try:
        reply = organisation.ask("GET", f"{path}{query}", headers=headers)
    except (HTTPError, OSError, CutOffError) as error:
        raise UnavailableError(type(error).__name__) from error
    finally:
        organisation.close()
    _raise_for_connection(reply)
    if reply.status == 404 and is_record:
        return {holding: []}
    if reply.status != 200:
        raise UnavailableError(f"Xero answered {reply.status}", trace_id=reply.trace_id, status=reply.status)
    return _parsed(reply, holding)


def _parsed(reply: Reply, holding: str) -> dict[str, Any]:
    try:
        answer = exact_json.loads(reply.body)
    except ValueError as error:
        raise UnavailableError("the answer is not JSON", trace_id=reply.trace_id) from error
    if not isinstance(answer, dict) or not isinstance(answer.get(holding), list):
        raise UnavailableError(f"the answer holds no {holding}", trace_id=reply.trace_id)
    return answer


def pages(access: Access, name: str, *, params: Mapping[str, str], since: str = "") -> Iterator[dict[str, Any]]:
    """Every row of a paged collection with its lines."""
    page = 1
    while True:
        asked = {**params, "page": str(page), "pageSize": str(PAGE)}
        answer = read(access, f"/{name}", holding=name, params=asked, since=since)
        yield from answer[name]
        if _is_last(answer, name, page):
            return
        page += 1


def _is_last(answer: Mapping[str, Any], name: str, page: int) -> bool:
    """Xero may give smaller pages than were asked for, so its own count of pages decides where there is one."""
    if not answer[name]:
        return True
    told = answer.get("pagination")
    if isinstance(told, dict) and isinstance(told.get("pageCount"), int):
        return page >= int(told["pageCount"])
    return len(answer[name]) < PAGE


def quoted(text: str) -> str:
    """``text`` as a literal of the ``where`` language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
