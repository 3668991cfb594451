"""Xero's webhooks: what a message says, how it is signed, when an address counts as good.

An address first proves that it means to receive: of a series of empty messages it must answer 200 to those signed
rightly and 401 to the others. Events then go out in messages that hold those of every organisation the application
is connected to. An address that answers anything but an empty 200 without cookies within five seconds gets the
message again at once and then every 15 minutes for a day; after that it is disabled, and its events are held.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sandbox import wire
from sandbox.outgoing import Reply
from sandbox.store import Record
from sandbox.webhooks import Delivery, Subscription, signature
from sandbox.world import Sandbox
from sandbox.xero.connections import may_reach

CATEGORIES = {
    "Contact": ("CONTACT", "Contacts"),
    "Invoice": ("INVOICE", "Invoices"),
    "CreditNote": ("CREDITNOTE", "CreditNotes"),
    "Prepayment": ("PREPAYMENT", "Prepayments"),
    "Overpayment": ("OVERPAYMENT", "Overpayments"),
}
PENDING, ENABLED, REFUSED, DISABLED = "pending", "enabled", "intent refused", "disabled"
QUARTER_HOUR, DAY, HELD_SECONDS = 900.0, 86_400.0, 31 * 86_400.0
EVENTS_PER_MESSAGE = 100
LARGEST_SEQUENCE = 2**31 - 1
_INTENTS = (True, False, True, False)


class XeroWebhooks:
    timeout_seconds = 5.0
    formats: tuple[str, ...] = ("",)

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def notice(self, company: str, saved: Iterable[tuple[str, str, str]]) -> None:
        """Documents were saved, as (CREATE or UPDATE, entity, id): tell whoever subscribed and may know."""
        listening = self._listening(company)
        if not listening:
            return
        # A document made and changed within one call is new, and is told once.
        kinds: dict[tuple[str, str], str] = {}
        for kind, entity, id in saved:
            kinds.setdefault((entity, id), kind)
        moment = self.sandbox.clock.now()
        for (entity, id), kind in kinds.items():
            for subscription in listening:
                if entity in CATEGORIES and CATEGORIES[entity][0] in subscription.categories:
                    self._pending(subscription).append(self._event(company, kind, entity, id, moment))

    def opened(self, subscription: Subscription) -> list[Delivery]:
        """The series of empty messages, some of them signed wrongly on purpose."""
        subscription.status = PENDING
        subscription.data["intents"] = dict.fromkeys(range(len(_INTENTS)))
        found = []
        for number, good in enumerate(_INTENTS):
            body = _message([], first=0, last=0)
            key = subscription.key if good else secrets.token_urlsafe(32)
            headers = {"Content-Type": "application/json", "x-xero-signature": signature(key, body)}
            purpose = f"intent {number} {'good' if good else 'bad'}"
            found.append(self._delivery(subscription, body, headers, purpose))
        return found

    def give_back(self, delivery: Delivery) -> None:
        self._hold(delivery.subscription, delivery)

    def collect(self, subscription: Subscription) -> list[Delivery]:
        pending = self._pending(subscription)
        oldest = self.sandbox.clock.timestamp() - HELD_SECONDS
        pending[:] = [event for event in pending if event["held_since"] >= oldest]
        if subscription.status != ENABLED or not pending:
            return []
        found = []
        while pending:
            events, pending[:] = pending[:EVENTS_PER_MESSAGE], pending[EVENTS_PER_MESSAGE:]
            found.append(self._message(subscription, events))
        return found

    def settle(self, delivery: Delivery, reply: Reply) -> float | None:
        taken = reply.status == 200 and not reply.body and "set-cookie" not in reply.headers
        subscription = delivery.subscription
        if delivery.purpose.startswith("intent"):
            self._judge_intent(subscription, delivery, reply, taken=taken)
            return None
        if taken or subscription.status != ENABLED:
            if not taken:
                self._hold(subscription, delivery)
            return None
        if delivery.step == 0:
            return 0.0
        age = (self.sandbox.clock.timestamp() - delivery.first_at) * subscription.scale
        if age + QUARTER_HOUR > DAY:
            subscription.status = DISABLED
            self._hold(subscription, delivery)
            self.sandbox.counters.record_event("webhook disabled", None, subscription=subscription.id)
            return None
        return QUARTER_HOUR

    def _judge_intent(self, subscription: Subscription, delivery: Delivery, reply: Reply, *, taken: bool) -> None:
        _, number, kind = delivery.purpose.split()
        intents: dict[int, bool | None] = subscription.data["intents"]
        intents[int(number)] = taken if kind == "good" else reply.status == 401
        if None not in intents.values():
            subscription.status = ENABLED if all(intents.values()) else REFUSED

    def _hold(self, subscription: Subscription, delivery: Delivery) -> None:
        """Keep the events for the day the address is enabled again, in their order."""
        pending = self._pending(subscription)
        pending[:0] = delivery.events
        pending.sort(key=lambda event: event["held_since"])

    def _listening(self, company: str) -> list[Subscription]:
        found = self.sandbox.webhooks.of_provider("xero")
        if not found:
            return []
        reaching = {
            grant.client_id
            for grant in self.sandbox.grants.all("xero")
            if grant.revoked_at is None and may_reach(grant, company)
        }
        return [one for one in found if one.client_id in reaching]

    def _pending(self, subscription: Subscription) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = subscription.data.setdefault("pending", [])
        return found

    def _event(self, company: str, kind: str, entity: str, id: str, moment: datetime) -> dict[str, Any]:
        category, plural = CATEGORIES[entity]
        record = self.sandbox.store.get(company, entity, id)
        event: dict[str, Any] = {
            "resourceUrl": f"{self.sandbox.settings.public_url}/xero/api.xro/2.0/{plural}/{id}",
            "resourceId": id,
            "eventDateUtc": moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3],
            "eventType": kind,
            "eventCategory": category,
            "tenantId": company,
            "tenantType": "ORGANISATION",
            "held_since": moment.timestamp(),
        }
        return event | _data(record)

    def _message(self, subscription: Subscription, events: list[dict[str, Any]]) -> Delivery:
        first = subscription.data.get("sequence", 0) % LARGEST_SEQUENCE + 1
        last = min(first + len(events) - 1, LARGEST_SEQUENCE)
        subscription.data["sequence"] = last
        shown = [{name: value for name, value in event.items() if name != "held_since"} for event in events]
        body = _message(shown, first=first, last=last)
        headers = {"Content-Type": "application/json", "x-xero-signature": signature(subscription.key, body)}
        return self._delivery(subscription, body, headers, "events", events)

    def _delivery(
        self,
        subscription: Subscription,
        body: bytes,
        headers: dict[str, str],
        purpose: str,
        events: list[dict[str, Any]] | None = None,
    ) -> Delivery:
        now = self.sandbox.clock.timestamp()
        return Delivery(
            subscription=subscription,
            body=body,
            headers=headers,
            due_at=now,
            first_at=now,
            purpose=purpose,
            events=events or [],
        )


def _data(record: Record | None) -> dict[str, Any]:
    """Only credit notes say more about themselves."""
    if record is None or record.entity != "CreditNote":
        return {}
    return {"data": {"Type": record.body["Type"], "Status": record.body["Status"]}}


def _message(events: list[dict[str, Any]], *, first: int, last: int) -> bytes:
    body = {"events": events, "firstEventSequence": first, "lastEventSequence": last, "entropy": secrets.token_hex(10)}
    return wire.dumps(body).encode()
