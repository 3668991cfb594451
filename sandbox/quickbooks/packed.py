"""Bodies that come compressed: the vendor's own SDK for Java packs every request unless told otherwise."""

import zlib

# How each encoding is said to zlib: gzip's own header, or zlib's, or none at all.
_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


class TooLargeError(ValueError):
    """The unpacked body is longer than any that is taken."""


def unpacked(body: bytes, encoding: str, *, most: int) -> bytes:
    """The body as it was before it was packed; as it came, if it is not what the header says. Raises TooLargeError
    for more than `most` bytes."""
    if not body:
        return body
    for window in _WINDOWS.get(encoding.strip().casefold(), ()):
        packer = zlib.decompressobj(window)
        try:
            plain = packer.decompress(body, most + 1)
        except zlib.error:
            continue
        if len(plain) > most:
            raise TooLargeError
        return plain if packer.eof else body
    return body
