"""Envelopes, headers and the shapes in which faults leave."""

import secrets
from datetime import datetime
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from sandbox import wire
from sandbox.exchange import Answer
from sandbox.quickbooks.faults import GatewayFault, ServiceFault

PACIFIC = ZoneInfo("America/Los_Angeles")
# Faults that were recorded without the moment at the end.
TIMELESS = ("2030",)
SUCCESS_TYPE = "application/json;charset=utf-8"


def outer_time(now: datetime) -> str:
    """2020-09-29T05:58:07.300-07:00"""
    return now.astimezone(PACIFIC).isoformat(timespec="milliseconds")


@lru_cache(maxsize=64)
def inner_time(now: datetime) -> str:
    """MetaData times have no milliseconds."""
    return now.astimezone(PACIFIC).isoformat(timespec="seconds")


def trace_id(now: datetime) -> str:
    return f"1-{int(now.timestamp()):08x}-{secrets.token_hex(12)}"


def traces(now: datetime) -> dict[str, str]:
    """The headers of everything that reached the accounting service, also of what it refuses."""
    digits = secrets.token_hex(28)
    tid, span = f"1-{int(now.timestamp()):08x}-{digits[:24]}", digits[24:]
    return {
        "intuit_tid": tid,
        "X-SpanId": f"{span[:8]}-{span[8:12]}-{span[12:16]}-{span[16:20]}-{span[20:]}",
        "X-Amzn-Trace-Id": f"Root={tid}",
        "Strict-Transport-Security": "max-age=31536000",
    }


def success(inner: str, now: datetime, *, told_at: datetime | None = None) -> Answer:
    """`inner` is the JSON text of the envelope's members, without braces; `told_at` when it was said first."""
    return whole(f'{{{inner},"time":"{outer_time(told_at or now)}"}}', now)


def whole(text: str, now: datetime) -> Answer:
    """An answer without an envelope."""
    return Answer(
        body=text.encode(),
        media_type=SUCCESS_TYPE,
        headers={
            **traces(now),
            "QBO-Version": "1990.160",
            "Service-Time": "total=46, db=21",
            "Expires": "0",
            "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
        },
    )


def service_fault(fault: ServiceFault, now: datetime) -> Answer:
    body = {"Fault": fault.shown(), **({} if fault.code in TIMELESS else {"time": outer_time(now)})}
    return Answer(status=fault.status, body=wire.dumps(body).encode(), headers=traces(now))


def gateway_fault(fault: GatewayFault, now: datetime) -> Answer:
    headers = {"intuit_tid": trace_id(now)}
    if fault.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
    if fault.form == "xml":
        return Answer(
            status=fault.status, body=_gateway_xml(fault, now).encode(), media_type="application/xml", headers=headers
        )
    return Answer(status=fault.status, body=wire.dumps(_gateway_json(fault, now)).encode(), headers=headers)


def _gateway_json(fault: GatewayFault, now: datetime) -> dict[str, object]:
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {
            "error": [{"message": fault.message, "detail": fault.detail, "code": fault.code, "element": None}],
            "type": fault.kind,
        },
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }


def _gateway_xml(fault: GatewayFault, now: datetime) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse time="{outer_time(now)}" xmlns="http://schema.intuit.com/finance/v3">'
        f"<Fault type={quoteattr(fault.kind)}><Error code={quoteattr(fault.code)}>"
        f"<Message>{escape(fault.message)}</Message>"
        f"<Detail>{escape(fault.detail or '')}</Detail></Error></Fault></IntuitResponse>"
    )
