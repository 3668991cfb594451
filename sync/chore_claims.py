"""Who does a chore, and until when: one worker at a time for each connection.

Two readings side by side could end in the wrong order, and the older would overwrite what the newer one found.
"""

from datetime import datetime
from uuid import uuid4

from django.db.models import QuerySet

from rivet import clock
from sync.models import Chore
from sync.timing import timing


def claim(connection_id: int) -> Chore | None:
    """Hold the connection's next chore for the length of a lease. Runs in the caller's tenant transaction."""
    now = clock.now()
    mine = Chore.objects.select_for_update(of=("self",)).filter(connection_id=connection_id)
    chores = list(mine.order_by("due_at", "id"))
    if not chores or chores[0].due_at > now or any(_is_held(chore, now) for chore in chores):
        return None
    Chore.objects.filter(pk=chores[0].pk).update(claimed_by=uuid4(), due_at=now + timing().lease)
    held: Chore = Chore.objects.select_related("connection__grant", "connection__tenant").get(pk=chores[0].pk)
    return held


def renew(chore: Chore) -> bool:
    """Push the lease out while the reading goes on; False when somebody else has taken the chore over."""
    return bool(mine(chore).update(due_at=clock.now() + timing().lease))


def mine(chore: Chore) -> QuerySet[Chore]:
    """The chore, as long as the claim it was read with still stands."""
    held: QuerySet[Chore] = Chore.objects.filter(pk=chore.pk, claimed_by=chore.claimed_by)
    return held


def earliest(connection_id: int) -> datetime | None:
    """When a chore of the connection may be claimed next: while one is held, not before its lease would end."""
    now = clock.now()
    chores = list(Chore.objects.filter(connection_id=connection_id))
    held = [chore.due_at for chore in chores if _is_held(chore, now)]
    return min(held or [chore.due_at for chore in chores], default=None)


def _is_held(chore: Chore, now: datetime) -> bool:
    return chore.claimed_by is not None and chore.due_at > now
