"""Turns: which connections have work now. Connections take turns, documents do not queue across tenants."""

from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, kw_only=True)
class Due:
    tenant_id: int
    connection_id: int


def next_turns(*, most: int) -> list[Due]:
    """The connections whose turn it is: due, not resting, longest without a turn first. Marks their turn."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Across tenants by nature, so as the one role that may: it sees these columns and nothing of what is due.
        cursor.execute("SET LOCAL ROLE rivet_dispatch")
        cursor.execute(
            """
            UPDATE sync_readyconnection SET last_turn_at = rivet_now()
            WHERE connection_id IN (
                SELECT connection_id FROM sync_readyconnection
                WHERE due_at <= rivet_now() AND not_before <= rivet_now()
                ORDER BY last_turn_at LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING tenant_id, connection_id
            """,
            [most],
        )
        return [Due(tenant_id=tenant_id, connection_id=pk) for tenant_id, pk in cursor.fetchall()]
