"""The engine's durations, as settings, with their reasons."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Timing:
    #: A worker that says nothing for this long is taken for dead. Renewed while its call runs.
    lease: timedelta
    #: A request that timed out may still be saved; Intuit cuts off at 120 s and 180 s were seen.
    ghost_wait: timedelta
    #: An unknown outcome is looked up after this long, then at growing steps.
    first_look: timedelta
    #: The tick asks PostgreSQL at least this often, bell or no bell.
    tick: timedelta
    #: Shrinks the retry steps.
    backoff_scale: float
    #: Multiplies the providers' limits; the sandbox must be told the same.
    limit_scale: float

    @property
    def renewal(self) -> timedelta:
        return self.lease / 3


NORMAL = Timing(
    lease=timedelta(seconds=30),
    ghost_wait=timedelta(seconds=300),
    first_look=timedelta(seconds=5),
    tick=timedelta(seconds=1),
    backoff_scale=1.0,
    limit_scale=1.0,
)
#: For tests: everything shorter, limits twenty times as wide.
FAST = Timing(
    lease=timedelta(seconds=3),
    ghost_wait=timedelta(seconds=6),
    first_look=timedelta(milliseconds=200),
    tick=timedelta(milliseconds=200),
    backoff_scale=0.02,
    limit_scale=20.0,
)

PROFILES = {"normal": NORMAL, "fast": FAST}


def timing() -> Timing:
    """The profile chosen by ``RIVET_PROFILE``."""
    return PROFILES[settings.RIVET_PROFILE]
