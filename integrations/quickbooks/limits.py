"""QuickBooks Online's limits as data.

https://developer.intuit.com/app/developer/qbo/docs/learn/limits-and-throttles
"""

from integrations.ports import CallKind, Limits, RateLimit, Role

_EVERY = frozenset(CallKind)

LIMITS = Limits(
    rates=(
        RateLimit(name="second", calls=10, seconds=1, counts=_EVERY),
        RateLimit(name="minute", calls=500, seconds=60, counts=_EVERY),
        RateLimit(name="batch", calls=40, seconds=60, counts=frozenset({CallKind.BATCH})),
    ),
    # The page says ten a second; older pages said ten at once. Half of it satisfies both readings.
    concurrency=5,
    batch={
        Role.CUSTOMER: 30,
        Role.VENDOR: 30,
        Role.ITEM: 30,
        Role.BILL: 30,
        Role.INVOICE: 30,
        Role.RETAINAGE_JOURNAL: 30,
    },
    # How long a requestid is remembered is not published; a day is what Intuit's own examples presume.
    key_lifetime_seconds=24 * 60 * 60,
    # Not published, so Xero's is taken.
    body_bytes=3_400_000,
    connect_seconds=5,
    # The server gives up after 120 s; answers up to 180 s were seen.
    read_seconds=185,
)

#: Intuit asks for a minute's silence after a 429 that names no time.
THROTTLE_SECONDS = 60
#: A company under maintenance or being moved comes back in minutes.
MAINTENANCE_SECONDS = 300
