"""`/upload`: files by multipart, each judged by itself."""

import base64
import binascii
import re
from email.message import Message
from email.parser import BytesHeaderParser
from typing import NamedTuple

from sandbox import wire
from sandbox.quickbooks import xml_bodies
from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.papers.attachables import AttachableKind
from sandbox.quickbooks.work import Work
from sandbox.wire import Body

LARGEST_UPLOAD = 100 * 1024 * 1024
TYPES = frozenset(
    {
        "ai", "csv", "doc", "docx", "eps", "gif", "jpeg", "jpg", "ods", "pdf", "png", "rtf", "tif", "tiff", "txt",
        "xls", "xlsx", "xml",
    }
)  # fmt: skip
KIND = AttachableKind()
_NAME = re.compile(r"file_(metadata|content)_(\w{1,20})$")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


class Part(NamedTuple):
    """`content` is None where it cannot be decoded."""

    name: str
    file_name: str
    media_type: str
    content: bytes | None


def check_size(headers: dict[str, str], *, too_long: bool) -> None:
    """Raise 6020 for an upload that does not say how long it is, 6030 for one that is too long."""
    if not headers.get("content-length", "").isdecimal():
        raise ServiceFault("6020", "Content length missing in request : Content-Length is required")
    if too_long:
        raise ServiceFault("6030", f"Upload request size exceeds allowed limit : {LARGEST_UPLOAD:,} bytes")


def read_parts(body: bytes, content_type: str) -> list[Part]:
    """The parts of a form; line ends may be those of a mail or of a Unix file. Raises 1050."""
    head = Message()
    head["content-type"] = content_type
    boundary = head.get_param("boundary")
    if head.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not boundary:
        raise ServiceFault("1050", f"Invalid Content Type : {content_type[:60]}")
    pieces = (b"\n" + body).split(b"\n--" + boundary.encode("utf-8", "replace"))
    return [_part(piece) for piece in pieces[1:] if not piece.startswith(b"--")]


def upload(work: Work, parts: list[Part]) -> str:
    """The inner text of the answer: what became of every file, in the order of their suffixes."""
    pairs: dict[str, dict[str, Part]] = {}
    for part in parts:
        found = _NAME.match(part.name)
        if found:
            pairs.setdefault(found[2], {})[found[1]] = part
    if not pairs:
        raise ServiceFault("6041", "Invalid Uploaded File : the request holds no file_content part")
    answers = [f"{{{_one(work, pair)}}}" for _, pair in sorted(pairs.items())]
    return f'"AttachableResponse":[{",".join(answers)}]'


def _one(work: Work, pair: dict[str, Part]) -> str:
    try:
        with work.sandbox.store.transaction():
            return f'"Attachable":{_store(work, pair.get("metadata"), pair.get("content"))}'
    except ServiceFault as fault:
        return f'"Fault":{wire.dumps(fault.shown(nested=True))}'


def _store(work: Work, metadata: Part | None, content: Part | None) -> str:
    given = _metadata(metadata)
    if content is None:
        raise ServiceFault("6041", "Invalid Uploaded File : file_content is missing")
    name = str(given.get("FileName") or content.file_name)
    if content.content is None or name.rpartition(".")[2].casefold() not in TYPES:
        raise ServiceFault(
            "6041", f"Invalid Uploaded File : {name[:100]} is unreadable or of a type that is not supported"
        )
    given = {**given, "FileName": name, "ContentType": given.get("ContentType") or content.media_type}
    record = KIND.create_file(work, given, content.content)
    work.sandbox.counters.record_save(work.company.id, "create", KIND.entity, KIND.key_of(record.body))
    return KIND.present(work, record)


def _metadata(part: Part | None) -> Body:
    """What is said about the file; raises 6040 for anything but an Attachable as JSON or XML."""
    if part is None:
        return {}
    raw = part.content or b""
    try:
        given = xml_bodies.load(raw, KIND.entity) if part.media_type in xml_bodies.MEDIA_TYPES else wire.received(raw)
    except (ValueError, RecursionError):
        given = None
    if part.media_type not in ("application/json", *xml_bodies.MEDIA_TYPES) or not isinstance(given, dict):
        raise ServiceFault("6040", "The file metadata must be of Attachable type, as application/json")
    return given


def _part(piece: bytes) -> Part:
    head_text, *rest = _END_OF_HEADERS.split(piece.removeprefix(b"\r").removeprefix(b"\n"), maxsplit=1)
    head = BytesHeaderParser().parsebytes(head_text)
    content = rest[0].removesuffix(b"\r") if rest else b""
    name = str(head.get_param("name", "", "content-disposition"))
    return Part(name, str(head.get_filename("")), head.get_content_type(), _decoded(head, content))


def _decoded(head: Message, content: bytes) -> bytes | None:
    if str(head.get("content-transfer-encoding", "")).strip().casefold() != "base64":
        return content
    try:
        return base64.b64decode(content)
    except binascii.Error:
        return None
