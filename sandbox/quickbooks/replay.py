"""`requestid`: the same key answers what it answered before, without acting again."""

from datetime import UTC, datetime

from sandbox import wire
from sandbox.exchange import Answer
from sandbox.quickbooks import answers
from sandbox.quickbooks.faults import ServiceFault
from sandbox.quickbooks.work import Work

DAY = 86_400
LONGEST, LONGEST_FOR_BATCH, LONGEST_BID = 50, 36, 10
SWEEP_EVERY = 5_000


class Replays:
    """Remembers successful writes per company. The setting `requestid_retention_seconds` (24 h unless set)
    says for how long; 0 ignores the parameter. A refused write is not remembered: it may be tried again."""

    def __init__(self) -> None:
        self._until_sweep = SWEEP_EVERY

    def find(self, work: Work, key: str, purpose: str) -> Answer | None:
        """The earlier answer to the letter. `purpose` is operation and entity: raises 600 if the key served
        another one."""
        retention = _retention(work)
        if not retention:
            return None
        row = work.sandbox.store.db.execute(
            "SELECT saved_at, answer, request FROM replies WHERE company=? AND key=?", (work.company.id, key)
        ).fetchone()
        if row is None or work.now.timestamp() - row[0] >= retention:
            return None
        if row[2] != purpose:
            raise ServiceFault("600", f"Duplicate Request ID : the id already served {row[2]}")
        return answers.success(str(row[1]), work.now, told_at=datetime.fromtimestamp(row[0], UTC))

    def keep(self, work: Work, key: str, purpose: str, answer: str) -> None:
        retention = _retention(work)
        if not retention:
            return
        db, now = work.sandbox.store.db, work.now.timestamp()
        db.execute("INSERT OR REPLACE INTO replies VALUES (?,?,?,?,?)", (work.company.id, key, now, purpose, answer))
        self._until_sweep -= 1
        if self._until_sweep <= 0:
            self._until_sweep = SWEEP_EVERY
            db.execute("DELETE FROM replies WHERE company=? AND saved_at<?", (work.company.id, now - retention))


def check_key(requestid: str, *, bids: list[str] | None = None) -> str:
    """The key to remember under; raises 2130. In a batch the bIds are part of it."""
    limit = LONGEST if bids is None else LONGEST_FOR_BATCH
    if len(requestid) > limit or any(len(bid) > LONGEST_BID for bid in bids or ()):
        raise ServiceFault("2130", f"Invalid Request Id Format : Max:{limit}, bId Max:{LONGEST_BID}")
    return requestid if bids is None else wire.dumps([requestid, bids])


def _retention(work: Work) -> float:
    return float(work.settings.get("requestid_retention_seconds", DAY))
