"""`Idempotency-Key`: the first answer is kept for six minutes and given again, whether good or bad.

A key belongs to one application and one organisation. What must be the same for a key to be used again: the
method, the address with its query, and the body, byte by byte. Nothing is kept of a call that was not carried
out to its end: a request that never arrived whole, a refused token, a full quota, a fault of the sandbox itself.
"""

import hashlib

from sandbox.exchange import Answer, Call
from sandbox.store import Store
from sandbox.xero import answers, messages

LIFETIME_SECONDS = 360.0
LONGEST_KEY = 128
_METHODS = ("POST", "PUT", "PATCH")
_SWEEP_SECONDS = 60.0


class Replies:
    """The kept answers of one organisation and application."""

    def __init__(self, store: Store, *, company: str, client_id: str, now: float) -> None:
        self.store = store
        self.company = company
        self.client_id = client_id
        self.now = now

    def replay(self, call: Call, *, in_use_status: int | None = None) -> Answer | None:
        """The answer this call must get without being carried out; None to carry it out.

        What the vendor does while the first call with the key is still running is nowhere written: the second waits
        for the answer of the first, unless `in_use_status` says 400 or 409.
        """
        key = key_of(call)
        if key is None:
            return None
        if len(key) > LONGEST_KEY:
            return answers.bad_request(messages.KEY_TOO_LONG)
        if in_use_status and call.context.get("key in use"):
            return answers.bad_request(messages.key_in_use(key), in_use_status)
        # A clock moved back must not keep answers from the future alive.
        row = self.store.db.execute(
            "SELECT request, answer FROM replies WHERE company=? AND key=? AND abs(? - saved_at) < ?",
            (self.company, self._name(key), self.now, LIFETIME_SECONDS),
        ).fetchone()
        if row is None:
            return None
        if row[0] != fingerprint(call):
            return answers.bad_request(messages.key_reused(key))
        head, _, body = bytes(row[1]).partition(b"\n")
        status, _, media_type = head.decode().partition(" ")
        return Answer(status=int(status), media_type=media_type or None, body=body)

    def keep(self, call: Call, answer: Answer) -> None:
        """Remember the answer; it is saved together with what the call saved, or not at all."""
        key = key_of(call)
        if key is None:
            return
        self._sweep()
        kept = f"{answer.status} {answer.media_type or ''}\n".encode() + answer.body
        self.store.db.execute(
            "INSERT OR REPLACE INTO replies (company, key, saved_at, request, answer) VALUES (?,?,?,?,?)",
            (self.company, self._name(key), self.now, fingerprint(call), kept),
        )

    def _sweep(self) -> None:
        """Forget what nobody can ask for any more, once a minute."""
        swept = self.store.memo.get(("xero replies", self.company))
        if swept is not None and abs(self.now - swept) < _SWEEP_SECONDS:
            return
        self.store.memo[("xero replies", self.company)] = self.now
        self.store.db.execute(
            "DELETE FROM replies WHERE company=? AND abs(? - saved_at) >= ?",
            (self.company, self.now, LIFETIME_SECONDS),
        )

    def _name(self, key: str) -> str:
        return f"{self.client_id}:{key}"


def key_of(call: Call) -> str | None:
    """The key of a call that may carry one; an empty one is none."""
    return call.headers.get("idempotency-key") or None if call.method in _METHODS else None


def fingerprint(call: Call) -> str:
    """What must be the same for a key to be used again."""
    head = f"{call.method} {call.path.lower()}?{sorted(call.query.items())}\n"
    return hashlib.sha256(head.encode("utf-8", "replace") + call.body).hexdigest()
