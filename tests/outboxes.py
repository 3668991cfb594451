"""Builders of connections, entries and what is remembered about them, for pages; the tenant being served."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from integrations.connections.models import Connection, Status
from integrations.ports import Operation, Problem, Role
from rivet import clock
from rivet.ledger.models import Revision
from rivet.ledger.snapshots import SourceKind
from rivet.tenants.context import current_tenant_id
from sync import issues, log
from sync.models import Attempt, Call, CallBody, OutboxEntry, Severity
from sync.states import LOOKS, State, shown

_numbers = count(1000)
UNMAPPED = Problem(code="MAP-01", facts={"provider": "QuickBooks", "role": "revenue"}, their_words="Account missing")


def a_connection(name: str = "Ironwood Electric", *, provider: str = "quickbooks", **fields: Any) -> Connection:
    made: Connection = Connection.objects.create(
        tenant_id=current_tenant_id(),
        provider=provider,
        external_id=str(next(_numbers)),
        host="http://sandbox",
        company_name=name,
        currency="USD",
        **{"status": Status.CONNECTED, "lists_refreshed_at": clock.now(), **fields},
    )
    return made


def an_entry(
    connection: Connection, label: str = "", *, state: State = State.READY, amount: str = "12480.00", **fields: Any
) -> OutboxEntry:
    number = next(_numbers)
    revision = Revision.objects.create(
        tenant_id=current_tenant_id(),
        kind=SourceKind.BILL,
        source_id=number,
        number=1,
        snapshot={"public_id": str(uuid4())},
    )
    values: dict[str, Any] = {
        "state": state,
        "due_at": clock.now() + timedelta(minutes=4) if state in {State.READY, State.UNCERTAIN} else None,
        "settled_at": clock.now() if state in {State.CONFIRMED, State.REJECTED} else None,
        "amount": Decimal(amount),
        "currency": "USD",
        "label": label or f"Bill {number} · Hanson Concrete",
        **fields,
    }
    made: OutboxEntry = OutboxEntry.objects.create(
        tenant_id=current_tenant_id(),
        connection=connection,
        source_kind=SourceKind.BILL,
        source_id=number,
        role=Role.BILL,
        operation=Operation.CREATE,
        revision=revision,
        **values,
    )
    return made


def a_refused(connection: Connection, label: str = "", *, problem: Problem = UNMAPPED, **fields: Any) -> OutboxEntry:
    """An entry that needs attention, with its issue and its line in the log."""
    entry = an_entry(connection, label, state=State.REJECTED, **fields)
    issues.open_issue(entry, problem, severity=Severity.ERROR)
    a_line(entry, severity=Severity.ERROR, code=problem.code, detail=problem.their_words)
    return entry


def a_line(entry: OutboxEntry, *, severity: Severity = Severity.INFO, detail: str = "", code: str = "") -> None:
    state = shown(State(entry.state), tries=entry.tries)
    log.pushed(entry, status=state, severity=severity, detail=detail or LOOKS[state].meaning, code=code)


def an_attempt(
    entry: OutboxEntry, *, outcome: str, detail: str = "", answer: str = '{"Bill": {"TotalAmt": 1.10}}'
) -> Call:
    call: Call = Call.objects.create(
        tenant_id=current_tenant_id(),
        connection_id=entry.connection_id,
        key=str(uuid4()),
        method="POST",
        path="/v3/company/1/bill",
        wire={},
        documents=1,
        connect_seconds=5,
        read_seconds=30,
        status=400,
        trace_id="1-5f0c",
    )
    CallBody.objects.create(
        tenant_id=current_tenant_id(), call_id=call.id, request=b'{"Line": []}', answer=answer.encode()
    )
    Attempt.objects.create(
        tenant_id=current_tenant_id(),
        entry_id=entry.pk,
        call_id=call.id,
        ref="1",
        generation=1,
        fence=1,
        outcome=outcome,
        detail=detail,
    )
    return call
