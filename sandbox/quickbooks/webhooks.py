"""QuickBooks' webhooks: what a message says in either format, how it is signed, when it is sent again.

Messages hold ids only, those of every company the application is connected to. What is not answered with 200 within
three seconds is sent again along a ladder of waits, without end; until then later events wait behind it.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sandbox import wire
from sandbox.outgoing import Reply
from sandbox.quickbooks.answers import PACIFIC, trace_id
from sandbox.webhooks import Delivery, Subscription, signature
from sandbox.world import Sandbox

ENTITIES = frozenset(
    {
        "Account", "Bill", "BillPayment", "Budget", "Class", "CreditMemo", "Customer", "Department", "Deposit",
        "Employee", "Estimate", "Invoice", "Item", "JournalEntry", "Payment", "PaymentMethod",
        "Preferences", "Purchase", "PurchaseOrder", "RefundReceipt", "SalesReceipt", "TaxAgency", "Term",
        "TimeActivity", "Transfer", "Vendor", "VendorCredit",
    }
)  # fmt: skip
PAST = {
    "Create": "created",
    "Update": "updated",
    "Delete": "deleted",
    "Void": "voided",
    "Emailed": "emailed",
    "Merge": "merged",
}
# Seconds before the first attempt again, the second …; the last one for all that follow.
LADDER = (0.0, 10.0, 20.0, 30.0, 300.0, 1200.0, 7200.0, 14_400.0, 21_600.0)
EVENTS_PER_MESSAGE = 100
CLASSIC, CLOUD_EVENTS = "classic", "cloudevents"


class QuickBooksWebhooks:
    timeout_seconds = 3.0
    formats: tuple[str, ...] = (CLASSIC, CLOUD_EVENTS)

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def notice(self, company: str, saved: Iterable[tuple[str, str, str]], *, merged: str = "") -> None:
        """Documents were saved, as (Create, Update …, entity, id): tell whoever subscribed and may know. `merged` is
        the id that a merger took away."""
        listening = self._listening(company)
        if not listening:
            return
        # A document made and then linked within one call is new, and is told once.
        kinds: dict[tuple[str, str], str] = {}
        for kind, entity, id in saved:
            if entity in ENTITIES and (kind != "Update" or (entity, id) not in kinds):
                kinds[(entity, id)] = kind
        moment = self.sandbox.clock.now()
        for (entity, id), kind in kinds.items():
            event = {"realm": company, "entity": entity, "id": id, "kind": kind, "at": moment, "uuid": uuid.uuid4().hex}
            event |= {"deleted": merged} if kind == "Merge" else {}
            for subscription in listening:
                if _wants(subscription, entity, kind):
                    subscription.data.setdefault("pending", []).append(event)

    def opened(self, subscription: Subscription) -> list[Delivery]:
        """No handshake; what was on its way goes to the address as it now is."""
        subscription.status = "enabled"
        waiting: dict[int, Delivery] = subscription.data.setdefault("waiting", {})
        events = [event for delivery in waiting.values() for event in delivery.events]
        subscription.data["pending"] = [*events, *subscription.data.get("pending", [])]
        waiting.clear()
        return []

    def give_back(self, delivery: Delivery) -> None:
        """Nothing to do: until it is taken every message waits here, and `opened` looks there."""

    def collect(self, subscription: Subscription) -> list[Delivery]:
        pending, waiting = subscription.data["pending"], subscription.data["waiting"]
        if waiting or not pending:
            return []
        # Only several messages can overtake one another.
        most = 1 if subscription.reorder else EVENTS_PER_MESSAGE
        found = [self._message(subscription, pending[start : start + most]) for start in range(0, len(pending), most)]
        pending.clear()
        waiting.update({id(delivery): delivery for delivery in found})
        return found

    def settle(self, delivery: Delivery, reply: Reply) -> float | None:
        waiting: dict[int, Delivery] = delivery.subscription.data["waiting"]
        if reply.status == 200:
            waiting.pop(id(delivery), None)
        if id(delivery) not in waiting:
            return None
        return LADDER[min(delivery.step, len(LADDER) - 1)]

    def _listening(self, company: str) -> list[Subscription]:
        found = self.sandbox.webhooks.of_provider("quickbooks")
        if not found:
            return []
        connected = {grant.client_id for grant in self.sandbox.grants.of_company(company) if grant.revoked_at is None}
        return [one for one in found if one.client_id in connected]

    def _message(self, subscription: Subscription, events: list[dict[str, Any]]) -> Delivery:
        now = self.sandbox.clock.now()
        cloud = subscription.format == CLOUD_EVENTS
        body = wire.dumps(_cloud_events(events) if cloud else _classic(events)).encode()
        headers = {
            "Content-Type": "application/cloudevents-batch+json" if cloud else "application/json",
            "intuit-signature": signature(subscription.key, body),
            "intuit-created-time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "intuit-t-id": trace_id(now),
        }
        if not cloud:
            headers["intuit-notification-schema-version"] = "0.1"
        return Delivery(
            subscription=subscription,
            body=body,
            headers=headers,
            due_at=now.timestamp(),
            first_at=now.timestamp(),
            events=events,
        )


def _wants(subscription: Subscription, entity: str, kind: str) -> bool:
    """Categories are entities, or single acts such as INVOICE.VOID; none of them means all."""
    chosen = subscription.categories
    return not chosen or not {entity.upper(), f"{entity}.{kind}".upper()}.isdisjoint(chosen)


def _classic(events: list[dict[str, Any]]) -> dict[str, Any]:
    realms: dict[str, list[dict[str, str]]] = {}
    for event in events:
        realms.setdefault(event["realm"], []).append(
            {
                "name": event["entity"],
                "id": event["id"],
                "operation": event["kind"],
                "lastUpdated": _local(event["at"]),
                **({"deletedId": event["deleted"]} if "deleted" in event else {}),
            }
        )
    return {
        "eventNotifications": [
            {"realmId": realm, "dataChangeEvent": {"entities": entities}} for realm, entities in realms.items()
        ]
    }


def _cloud_events(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "specversion": "1.0",
            "id": str(uuid.UUID(event["uuid"])),
            "source": "intuit.sandbox",
            "type": f"qbo.{event['entity'].lower()}.{PAST[event['kind']]}.v1",
            "datacontenttype": "application/json",
            "time": event["at"].astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "intuitentityid": event["id"],
            "intuitaccountid": event["realm"],
            "data": {"deletedId": event["deleted"]} if "deleted" in event else {},
        }
        for event in events
    ]


def _local(moment: datetime) -> str:
    return moment.astimezone(PACIFIC).strftime("%Y-%m-%dT%H:%M:%S%z")
