"""What Rivet would have mailed, from the files of development's mail folder. Development only."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Django's file backend ends every mail with this line.
_END = b"\n" + b"-" * 79 + b"\n"
_NEWEST = 50


@dataclass(frozen=True, kw_only=True)
class Letter:
    to: str
    subject: str
    sent: str
    body: str


def mailbox(request: HttpRequest) -> HttpResponse:
    options: dict[str, Any] = settings.MAILERS["default"]["OPTIONS"]
    return render(request, "debug/mail.html", {"letters": letters(Path(options["file_path"]))})


def letters(folder: Path) -> list[Letter]:
    """The newest mails first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[:_NEWEST]
    return [_letter(raw) for file in files for raw in reversed(file.read_bytes().split(_END)) if raw.strip()]


def _letter(raw: bytes) -> Letter:
    mail = message_from_bytes(raw, policy=policy.default)
    part = mail.get_body(("plain",))
    return Letter(
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        sent=str(mail["Date"]),
        body=part.get_content() if part else "",
    )
