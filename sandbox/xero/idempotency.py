"""`Idempotency-Key`: the first answer is kept for six minutes and given again, whether good or bad."""

import hashlib
import json

from sandbox.exchange import Answer, Call
from sandbox.store import Store
from sandbox.xero import answers, messages

LIFETIME_SECONDS = 360.0
LONGEST_KEY = 128
_METHODS = ("POST", "PUT", "PATCH")


class Replies:
    """The kept answers of one organisation and application."""

    def __init__(self, store: Store, *, company: str, client_id: str, now: float) -> None:
        self.store = store
        self.company = company
        self.client_id = client_id
        self.now = now

    def replay(self, call: Call) -> Answer | None:
        """The answer this call must get without being carried out; None to carry it out."""
        key = key_of(call)
        if key is None:
            return None
        if len(key) > LONGEST_KEY:
            return answers.bad_request(messages.KEY_TOO_LONG)
        row = self.store.db.execute(
            "SELECT request, answer FROM replies WHERE company=? AND key=? AND saved_at>?",
            (self.company, self._name(key), self.now - LIFETIME_SECONDS),
        ).fetchone()
        if row is None:
            return None
        if row[0] != fingerprint(call):
            return answers.bad_request(messages.key_reused(key))
        status, media_type, body = json.loads(row[1])
        return Answer(status=status, media_type=media_type, body=body.encode())

    def keep(self, call: Call, answer: Answer) -> None:
        key = key_of(call)
        if key is None:
            return
        kept = json.dumps([answer.status, answer.media_type, answer.body.decode()])
        self.store.db.execute(
            "INSERT OR REPLACE INTO replies (company, key, saved_at, request, answer) VALUES (?,?,?,?,?)",
            (self.company, self._name(key), self.now, fingerprint(call), kept),
        )

    def _name(self, key: str) -> str:
        return f"{self.client_id}:{key}"


def key_of(call: Call) -> str | None:
    """The key of a call that may carry one."""
    return call.headers.get("idempotency-key") if call.method in _METHODS else None


def fingerprint(call: Call) -> str:
    """What must be the same for a key to be used again: method, address, body."""
    head = f"{call.method} {call.path.lower()}?{sorted(call.query.items())}\n"
    return hashlib.sha256(head.encode("utf-8", "replace") + call.body).hexdigest()
