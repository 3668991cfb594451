"""Webhooks of both vendors: who subscribed to what, and a queue that delivers, retries and keeps a record.

What a message says, how it is signed and when it counts as taken belongs to the provider (`Rules`). Times are the
sandbox's own: moving its clock makes a retry due, and a subscription's `scale` shortens every wait.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import itertools
import logging
import random
import secrets
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.counters import Counters
from sandbox.exchange import BUGS
from sandbox.outgoing import Reply, post

log = logging.getLogger("sandbox")

TICK_SECONDS = 0.05
ATTEMPTS_KEPT = 2000


def signature(key: str, body: bytes) -> str:
    """Both vendors sign alike: HMAC-SHA256 of the body as it is sent, in base64."""
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256)).decode()


@dataclass(slots=True, kw_only=True)
class Subscription:
    """One application's address. `status` is a word of the provider; `data` is the provider's own; `opening` counts
    how many times its address was changed or enabled again."""

    id: str
    provider: str
    client_id: str
    url: str
    key: str
    categories: tuple[str, ...] = ()
    status: str = "pending"
    scale: float = 1.0
    duplicates: float = 0.0
    reorder: bool = False
    format: str = ""
    opening: int = 0
    data: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("data", "opening")}


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One message on its way. `purpose` and `events` are the provider's; `step` counts the waits behind it, since
    `first_at`, a moment of the sandbox's clock."""

    subscription: Subscription
    body: bytes
    headers: dict[str, str]
    due_at: float
    first_at: float
    purpose: str = "events"
    events: list[dict[str, Any]] = field(default_factory=list)
    step: int = 0
    opening: int = field(init=False)

    def __post_init__(self) -> None:
        self.opening = self.subscription.opening

    def is_for_what_was(self) -> bool:
        """Whether the address was changed or enabled again since this was made."""
        return self.opening != self.subscription.opening


class Rules(Protocol):
    """What the queue asks of a provider."""

    timeout_seconds: float
    formats: tuple[str, ...]

    def opened(self, subscription: Subscription) -> list[Delivery]:
        """What is sent to a new, changed or re-enabled address before anything else."""

    def give_back(self, delivery: Delivery) -> None:
        """Keep the events of a message that was made for the address as it was, and is not sent any more."""

    def collect(self, subscription: Subscription) -> list[Delivery]:
        """Messages made of what was noticed since the last time."""

    def settle(self, delivery: Delivery, reply: Reply) -> float | None:
        """Judge an answer: None when the message is done with, else the seconds until it is sent again."""


class Webhooks:
    """The queue; `running` keeps it going beside the server."""

    def __init__(self, clock: Clock, counters: Counters) -> None:
        self.clock = clock
        self.counters = counters
        self.rules: dict[str, Rules] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.attempts: deque[dict[str, Any]] = deque(maxlen=ATTEMPTS_KEPT)
        self._queue: list[Delivery] = []
        # Subscriptions that something is just being sent to.
        self._busy: set[str] = set()
        self._random = random.Random(1)  # noqa: S311  repeatable on purpose
        self._ids = itertools.count(1)

    def reset(self) -> None:
        self.subscriptions.clear()
        self.attempts.clear()
        self._queue.clear()

    def subscribe(
        self, *, provider: str, client_id: str, url: str, key: str | None = None, **more: Any
    ) -> Subscription:
        """A new subscription; without a `key` one is made. Raises KeyError for a provider without webhooks."""
        rules = self.rules[provider]
        id, secret = str(next(self._ids)), key or secrets.token_urlsafe(32)
        subscription = Subscription(id=id, provider=provider, client_id=client_id, url=url, key=secret, **more)
        self.subscriptions[id] = subscription
        self._queue += rules.opened(subscription)
        return subscription

    def reopen(self, subscription: Subscription) -> None:
        """After another address, or to enable it again."""
        rules = self.rules[subscription.provider]
        subscription.opening += 1
        for delivery in self._queue:
            if delivery.subscription is subscription:
                rules.give_back(delivery)
        self._queue = [delivery for delivery in self._queue if delivery.subscription is not subscription]
        self._queue += rules.opened(subscription)

    def of_provider(self, provider: str) -> list[Subscription]:
        return [one for one in self.subscriptions.values() if one.provider == provider]

    def unsubscribe(self, id: str) -> bool:
        gone = self.subscriptions.pop(id, None)
        self._queue = [delivery for delivery in self._queue if delivery.subscription is not gone]
        return gone is not None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as deliveries:
            while True:
                await asyncio.sleep(TICK_SECONDS)
                self._collect()
                for id, due in self._take_due().items():
                    # In order for each address; one that is slow holds no other up.
                    self._busy.add(id)
                    deliveries.create_task(self._deliver_all(id, due))

    def _collect(self) -> None:
        for subscription in list(self.subscriptions.values()):
            try:
                found = self.rules[subscription.provider].collect(subscription)
            # A mistake of the sandbox's own must not silence the addresses of all others for good.
            except BUGS:
                log.exception("messages for subscription %s could not be made", subscription.id)
            else:
                self._queue += self._disturbed(subscription, found)

    def _take_due(self) -> dict[str, list[Delivery]]:
        """What is to be sent now, by subscription, but for those that something is just being sent to."""
        now = self.clock.timestamp()
        due: dict[str, list[Delivery]] = {}
        waiting: list[Delivery] = []
        for delivery in self._queue:
            id = delivery.subscription.id
            if delivery.due_at > now or id in self._busy:
                waiting.append(delivery)
            else:
                due.setdefault(id, []).append(delivery)
        self._queue = waiting
        return due

    def _disturbed(self, subscription: Subscription, messages: list[Delivery]) -> list[Delivery]:
        """What "at least once" and "in any order" mean, where they are switched on."""
        twice = [message for message in messages if self._random.random() < subscription.duplicates]
        found = messages + twice
        if subscription.reorder:
            self._random.shuffle(found)
        return found

    async def _deliver_all(self, id: str, deliveries: list[Delivery]) -> None:
        try:
            for delivery in deliveries:
                await self._deliver(delivery)
        # As in `_collect`: what is left of these goes, and the next messages are sent.
        except BUGS:
            log.exception("messages to subscription %s could not be delivered", id)
        finally:
            self._busy.discard(id)

    async def _deliver(self, delivery: Delivery) -> None:
        subscription = delivery.subscription
        if subscription.id not in self.subscriptions:
            return
        rules = self.rules[subscription.provider]
        if delivery.is_for_what_was():
            rules.give_back(delivery)
            return
        reply = await post(subscription.url, delivery.body, delivery.headers, timeout=rules.timeout_seconds)
        if delivery.is_for_what_was() and not delivery.events:
            # What the old address says to its handshake proves nothing of the new one.
            return
        wait = rules.settle(delivery, reply)
        self._record(delivery, reply, wait)
        if wait is not None:
            delivery.step += 1
            delivery.due_at = self.clock.timestamp() + wait / subscription.scale
            self._queue.append(delivery)

    def _record(self, delivery: Delivery, reply: Reply, wait: float | None) -> None:
        self.attempts.append(
            {
                "at": self.clock.now().isoformat(),
                "subscription": delivery.subscription.id,
                "purpose": delivery.purpose,
                "events": len(delivery.events),
                "step": delivery.step,
                "status": reply.status,
                "trouble": reply.trouble,
                "again_in_seconds": wait,
            }
        )
