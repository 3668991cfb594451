"""Every kind of answer: status, body, media type, headers."""

from datetime import datetime

from sandbox.exchange import Answer
from sandbox.ids import new_guid
from sandbox.wire import Body
from sandbox.xero import wire

JSON = "application/json; charset=utf-8"
BARE_JSON = "application/json"
HTML = "text/html; charset=utf-8"
UNCACHED = {"Cache-Control": "max-age=0, no-cache, no-store", "Pragma": "no-cache"}
NOT_FOUND = "The resource you're looking for cannot be found"
UNHANDLED = "An unhandled error with the Xero API occurred. Contact the Xero API team if problems persist"
OFFLINE = "The Xero API is currently offline for maintenance"
ORGANISATION_OFFLINE = "The organisation temporarily cannot be connected to."
_NOT_IMPLEMENTED = (
    '<ApiException xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<ErrorNumber>20</ErrorNumber><Type>ApiMethodNotImplementedException</Type>"
    "<Message>The Api Method called is not implemented</Message></ApiException>"
)


def new_trace() -> str:
    return new_guid()


def json_answer(status: int, body: Body, *, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status=status, body=wire.dump(body), media_type=JSON, headers=headers or {})


def text_answer(status: int, text: str, media_type: str = HTML) -> Answer:
    return Answer(status=status, body=text.encode(), media_type=media_type)


def not_found() -> Answer:
    return text_answer(404, NOT_FOUND)


def crash() -> Answer:
    return text_answer(500, UNHANDLED)


def not_implemented() -> Answer:
    return text_answer(501, _NOT_IMPLEMENTED, "text/xml; charset=utf-8")


def unsupported_media() -> Answer:
    return text_answer(415, "Unsupported Media Type")


def too_large() -> Answer:
    return text_answer(413, "Request Entity Too Large")


def precondition_failed() -> Answer:
    return text_answer(412, "Precondition Failed")


def bad_post_data(message: str) -> Answer:
    return json_answer(400, wire.fault(17, "PostDataInvalidException", message))


def bad_query(message: str) -> Answer:
    return json_answer(400, wire.fault(16, "QueryParseException", message))


def bad_request(message: str, status: int = 400) -> Answer:
    return json_answer(status, wire.validation_fault([]) | {"Message": message})


def unknown_token() -> Answer:
    body = wire.plain_problem("Unauthorized", 401, "AuthenticationUnsuccessful", new_trace())
    return json_answer(401, body, headers={"WWW-Authenticate": "Bearer error=invalid_token"})


def expired_token(expired_at: datetime) -> Answer:
    detail = f"TokenExpired: token expired at {expired_at:%m/%d/%Y %H:%M:%S}"
    body = wire.problem("Unauthorized", 401, detail, new_trace())
    return json_answer(401, body, headers={"WWW-Authenticate": "Bearer error=invalid_token"})


def missing_scope(status: int = 401) -> Answer:
    title = "Unauthorized" if status == 401 else "Forbidden"
    body = wire.problem(title, status, "AuthorizationUnsuccessful", new_trace())
    return json_answer(status, body, headers={"WWW-Authenticate": "insufficient_scope"})


def wrong_tenant() -> Answer:
    return json_answer(403, wire.plain_problem("Forbidden", 403, "AuthenticationUnsuccessful", new_trace()))


def role_too_low() -> Answer:
    return json_answer(403, wire.plain_problem("Forbidden", 403, "AuthorizationUnsuccessful", new_trace()))


def too_many(problem: str, retry_after: int | None) -> Answer:
    """As recorded: no body and no content type."""
    headers = {"X-Rate-Limit-Problem": problem}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Answer(status=429, media_type=None, headers=headers)


def oauth_error(error: str, status: int = 400) -> Answer:
    """The token endpoint's refusal; clients compare this text byte for byte."""
    return Answer(status=status, body=f'{{"error":"{error}"}}'.encode(), media_type="application/json")
