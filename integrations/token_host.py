"""Talking to a provider's OAuth hosts: what goes wrong on the way there, and which answers hold tokens."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session

from integrations import exact_json
from integrations.ports import NotSentError, ProviderError, UnavailableError

#: Connect and read: a token host answers within a second or is in trouble.
TIMEOUT = (5, 10)

#: What an answer without tokens means, by its status and its JSON object (empty if it is none).
Refused = Callable[[int, Mapping[str, Any]], ProviderError]


@contextmanager
def token_session(client_id: str, client_secret: str, refused: Refused, **options: Any) -> Iterator[OAuth2Session]:
    """Authlib speaks the protocol; what an answer means is decided here, before Authlib reads it.

    Raises what ``refused`` makes of an answer, NotSentError and UnavailableError.
    """

    def checked(response: requests.Response) -> requests.Response:
        answer = _object(response)
        if response.status_code != 200 or not answer:
            raise refused(response.status_code, answer)
        if not _holds_tokens(answer):
            raise UnavailableError("The answer of the token host holds no tokens")
        return response

    with reaching(), OAuth2Session(client_id, client_secret, default_timeout=TIMEOUT, **options) as session:
        session.register_compliance_hook("access_token_response", checked)
        session.register_compliance_hook("refresh_token_response", checked)
        yield session


@contextmanager
def reaching() -> Iterator[None]:
    """Name what fails on the way: NotSentError before anything left this machine, else UnavailableError."""
    try:
        yield
    except requests.ConnectTimeout as error:
        raise NotSentError(type(error).__name__) from error
    except requests.RequestException as error:
        raise UnavailableError(type(error).__name__) from error


def _object(response: requests.Response) -> Mapping[str, Any]:
    try:
        answer = exact_json.loads(response.content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _holds_tokens(answer: Mapping[str, Any]) -> bool:
    """Authlib takes less: without a new refresh token it keeps the old one, which a rotation has ended."""
    has_all = {"access_token", "refresh_token", "expires_in"} <= answer.keys() and "error" not in answer
    return has_all and str(answer["expires_in"]).isdecimal()
