"""Uploads as clients send them."""

import json
from typing import Any

Part = tuple[str, str, bytes]
BOUNDARY = "form-boundary"
PIXEL = b"\x89PNG\r\n\x1a\n\x00\xff pixel"


def form_of(*parts: Part) -> tuple[bytes, str]:
    """Body and content type. A part's name may be followed by a file name: `file_content_01;card.png`."""
    pieces = []
    for name, kind, content in parts:
        name, _, file_name = name.partition(";")
        more = f'; filename="{file_name}"' if file_name else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\nContent-Type: {kind}\r\n\r\n'
        pieces.append(head.encode() + content + b"\r\n")
    return b"".join([*pieces, f"--{BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={BOUNDARY}"


def metadata_of(name: str, *holders: tuple[str, str], number: str = "01", **more: Any) -> Part:
    refs = [{"EntityRef": {"type": kind, "value": id}} for kind, id in holders]
    body = {"FileName": name, "AttachableRef": refs, **more}
    return f"file_metadata_{number}", "application/json", json.dumps(body).encode()


def file_of(name: str, content: bytes = PIXEL, *, number: str = "01", kind: str = "image/png") -> Part:
    return f"file_content_{number};{name}", kind, content


CARD = file_of("card.png")
