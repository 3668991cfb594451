"""What stops a request.

XeroError
|-- InvalidError         one element breaks a rule: 400, or 200 with the element marked
|-- PostDataError        the body cannot be read at all
|-- MissingError         no such thing: an HTML sentence, never JSON
|-- UnsupportedError     the vendor has no such call
|-- MediaTypeError       the body is of a type nobody asked for
|-- TooLargeError        the body is larger than any request may be, or holds too many elements or parts of them
`-- PreconditionError    a conditional header that cannot be read
"""

from sandbox.wire import Body


class XeroError(Exception):
    """The root: everything below becomes one of the vendor's answers."""


class InvalidError(XeroError):
    """One element is refused. `echo` is the element as the answer repeats it; without one, as it was sent."""

    def __init__(self, *sentences: str, echo: Body | None = None) -> None:
        super().__init__(*sentences)
        self.sentences = sentences
        self.echo = echo


class PostDataError(XeroError):
    """The body is not JSON, or holds a text where a list belongs, or a date nobody can read."""


class MissingError(XeroError):
    """Unknown id, unknown path, or another organisation's document."""


class UnsupportedError(XeroError):
    """The path exists, the method does not."""


class MediaTypeError(XeroError):
    """A body in a media type the API does not take."""


class TooLargeError(XeroError):
    """A body beyond the limit of the whole API, or with more elements than one call may have, or more payments or
    allocations inside them."""


class PreconditionError(XeroError):
    """`If-Modified-Since` holds no date."""
