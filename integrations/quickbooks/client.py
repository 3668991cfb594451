"""Talking to QuickBooks: the SDK on one subclass of ours.

The subclass fixes what the SDK leaves open: time-outs, one wire request per call, the request id on batches, and the
answer as it came, so that a 429 is not taken for a parsing error.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from quickbooks.client import QuickBooks
from requests.adapters import HTTPAdapter
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random
from urllib3.exceptions import MaxRetryError

from integrations import exact_json
from integrations.ports import Access, NoAnswerError, NotSentError, UnavailableError, WireCall
from integrations.quickbooks import errors
from integrations.quickbooks.limits import LIMITS
from integrations.wire import CutOffError, never_left, read_whole, retry_after, telling

MINOR_VERSION = 75
PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A whole answer, not yet judged."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def trace_id(self) -> str:
        return self.headers.get("intuit_tid", "")


class _Adapter(HTTPAdapter):
    """Never repeats, and tells whether a failure came before the first byte."""

    def __init__(self) -> None:
        super().__init__(max_retries=0, pool_maxsize=1)
        telling(self.poolmanager)


class _Session(requests.Session):
    """One task's session: no retries, no redirects, and the token the SDK reads from it."""

    def __init__(self, access_token: str) -> None:
        super().__init__()
        self.access_token = access_token
        # The environment's proxies and netrc are not ours to send tokens through.
        self.trust_env = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())


class Company(QuickBooks):  # type: ignore[misc]  # the SDK has no types
    """The SDK for one company. ``make_request`` gives the reply instead of raising the SDK's own errors."""

    def process_request(
        self, request_type: str, url: str, headers: Any = "", params: Any = "", data: Any = ""
    ) -> Reply:
        headers = {**(headers or {}), "Authorization": f"Bearer {self.session.access_token}"}
        with self.session.request(
            request_type,
            url,
            headers=headers,
            params=params or None,
            data=data,
            timeout=(LIMITS.connect_seconds, LIMITS.read_seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = read_whole(response.raw, seconds=LIMITS.read_seconds)
            return Reply(status=response.status_code, body=body, headers=response.headers)

    def make_request(
        self,
        request_type: str,
        url: str,
        request_body: Any = None,
        content_type: str = "application/json",
        params: Any = None,
        file_path: Any = None,
        file_bytes: Any = None,
        request_id: Any = None,
    ) -> Reply:
        params = {**(params or {}), "minorversion": self.minorversion}
        if request_id:
            params["requestid"] = request_id
        headers = {"Content-Type": content_type, "Accept": "application/json", "User-Agent": "Rivet"}
        return self.process_request(request_type, url, headers=headers, params=params, data=request_body)


def company(access: Access) -> Company:
    """The SDK pointed at one company with one token."""
    sdk = Company(company_id=access.company_id, minorversion=MINOR_VERSION)
    sdk.session = _Session(access.access_token)
    sdk.api_url_v3 = f"{access.api_root}/v3"
    return sdk


def send(access: Access, call: WireCall) -> Reply:
    """The one wire request of a write. Raises NotSentError or NoAnswerError, and connection errors."""
    sdk = company(access)
    url = f"{sdk.api_url}/company/{access.company_id}{call.path}"
    try:
        # The path carries its whole query, frozen with the call; the SDK may add nothing to it.
        reply = sdk.process_request(call.method, url, headers=dict(call.headers), data=call.body)
    except requests.RequestException as error:
        raise _write_error(error) from error
    except CutOffError as error:
        raise NoAnswerError(str(error), body=error.body) from error
    finally:
        sdk.session.close()
    if reply.status >= 500:
        # Whatever the body says: no 5xx proves that nothing was saved.
        detail = f"QuickBooks answered {reply.status}"
        raise NoAnswerError(detail, body=reply.body, trace_id=reply.trace_id, status=reply.status)
    _raise_for_connection(reply)
    return reply


def _write_error(error: requests.RequestException) -> NotSentError | NoAnswerError:
    """Whether a failed write never left. Only reasons that precede the first byte prove that."""
    cause: Any = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    detail = f"{type(reason or error).__name__}"
    return NotSentError(detail) if never_left(reason) else NoAnswerError(detail)


def _raise_for_connection(reply: Reply) -> None:
    if reply.status < 400:
        return
    found = errors.faults(reply.body)
    wait = retry_after(reply.headers)
    error = errors.connection_error(reply.status, found, trace_id=reply.trace_id, retry_after=wait)
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
    access: Access, path: str, *, holding: str, params: Mapping[str, str] | None = None, statement: str = ""
) -> Any:
    """One read, tried three times within a second: a GET, or a query when ``statement`` is given.

    Returns what the answer holds under ``holding``: an answer without it is none, and must not pass for an empty
    list, from which the engine would conclude that a document is absent. Raises UnavailableError, and connection
    errors.
    """
    sdk = company(access)
    url = f"{sdk.api_url}/company/{access.company_id}{path}"
    try:
        if statement:
            reply = sdk.post(url, statement.encode(), content_type="application/text; charset=utf-8")
        else:
            reply = sdk.get(url, params=dict(params or {}))
    except (requests.RequestException, CutOffError) as error:
        raise UnavailableError(type(error).__name__) from error
    finally:
        sdk.session.close()
    _raise_for_connection(reply)
    if reply.status != 200:
        raise UnavailableError(f"QuickBooks answered {reply.status}", trace_id=reply.trace_id, status=reply.status)
    return _held(reply, holding)


def _held(reply: Reply, name: str) -> Any:
    try:
        answer = exact_json.loads(reply.body)
    except ValueError as error:
        raise UnavailableError("the answer is not JSON", trace_id=reply.trace_id) from error
    if not isinstance(answer, dict) or not isinstance(answer.get(name), dict | list):
        raise UnavailableError(f"the answer holds no {name}", trace_id=reply.trace_id)
    return answer[name]


def query(access: Access, entity: str, condition: str = "") -> Iterator[dict[str, Any]]:
    """Every row of an entity that meets ``condition``, a thousand at a time in the order of their ids."""
    start = 1
    while True:
        where = f" where {condition}" if condition else ""
        # Not SQL: the query language of theirs, whose values all went through ``quoted``.
        statement = f"select * from {entity}{where} orderby Id startposition {start} maxresults {PAGE}"  # noqa: S608
        # No rows are told by an empty object without the entity's name.
        rows = read(access, "/query", holding="QueryResponse", statement=statement).get(entity, [])
        yield from rows
        if len(rows) < PAGE:
            return
        start += PAGE


def quoted(text: str) -> str:
    """``text`` as a literal of the query language: backslash and apostrophe escaped."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def any_of(field: str, values: list[str]) -> str:
    """A condition that holds when ``field`` is one of ``values``."""
    return f"{field} in ({', '.join(quoted(value) for value in values)})"
