"""What one attempt came to: a closed set, and the one function that decides it. Pure.

Delivered       it stands in the books
NothingToDo     it stood there already as wanted
Rejected        the provider proved it saved nothing; a person changes something
RetryAt         nothing was saved; the same key and bytes go again at a moment
NeedsPerson     the connection, not the document, is what a person must mend
Unknown         it may be saved; look it up before anything else
"""

from dataclasses import dataclass

from integrations.ports import (
    AccessLostError,
    GrantLostError,
    Missing,
    NoAnswerError,
    NotSentError,
    Problem,
    ProviderError,
    Receipt,
    Refusal,
    Result,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
)


@dataclass(frozen=True, kw_only=True)
class Delivered:
    receipt: Receipt


@dataclass(frozen=True, kw_only=True)
class NothingToDo:
    reason: str


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """``may_stand``: a person has to look, because nobody can tell whether it is in the books."""

    problems: tuple[Problem, ...]
    may_stand: bool = False


@dataclass(frozen=True, kw_only=True)
class RetryAt:
    """``seconds`` is the provider's wish, None means our back-off; a throttled call consumes no try."""

    problem: Problem
    seconds: float | None
    consumes_try: bool


@dataclass(frozen=True, kw_only=True)
class NeedsPerson:
    problem: Problem


@dataclass(frozen=True, kw_only=True)
class Unknown:
    problem: Problem


Outcome = Delivered | NothingToDo | Rejected | RetryAt | NeedsPerson | Unknown


def judge_result(result: Result) -> Outcome:
    """The outcome of one parcel of a call that was answered whole."""
    match result:
        case Receipt():
            return Delivered(receipt=result)
        case Refusal(is_proven=True):
            return Rejected(problems=result.problems)
        case Refusal():
            return Unknown(problem=result.problems[0])
        case Missing():
            return Unknown(problem=Problem(code="UNC-01", facts={"why": "the answer left it out"}))


def judge_error(error: ProviderError) -> Outcome:
    """The outcome of every parcel of a call that raised."""
    words = error.detail
    match error:
        case ThrottledError():
            code = "LIM-02" if error.daily else "LIM-01"
            problem = Problem(code=code, their_words=words)
            return RetryAt(problem=problem, seconds=error.seconds, consumes_try=False)
        case TokenRefusedError():
            return RetryAt(problem=Problem(code="CON-07", their_words=words), seconds=0, consumes_try=True)
        case AccessLostError() | GrantLostError():
            return NeedsPerson(problem=Problem(code=error.code, their_words=words))
        case NotSentError() | UnavailableError():
            return RetryAt(problem=Problem(code="LIM-04", their_words=words), seconds=None, consumes_try=True)
        case NoAnswerError():
            return Unknown(problem=Problem(code="UNC-01", facts={"why": words}))
        case _:
            # An error nobody drew into the tree proves nothing.
            return Unknown(problem=Problem(code="UNC-01", facts={"why": words}))
