"""Xero's limits as data. https://developer.xero.com/documentation/guides/oauth2/limits/"""

from integrations.ports import CallKind, Limits, RateLimit, Role

LIMITS = Limits(
    # The allowance of the day (1,000 or 5,000 by tier) is not paced: its end is told by a 429 that names the wait.
    rates=(RateLimit(name="minute", calls=60, seconds=60, counts=frozenset(CallKind)),),
    concurrency=5,
    # Fifty elements is what Xero advises.
    batch={
        Role.CUSTOMER: 50,
        Role.VENDOR: 50,
        Role.BILL: 50,
        Role.INVOICE: 50,
        Role.RETAINAGE_JOURNAL: 50,
    },
    # Xero forgets a key six minutes after the first call; a minute is kept as margin.
    key_lifetime_seconds=300,
    # 3.5 MB on the older page, less what holds the parcels together.
    body_bytes=3_400_000,
    connect_seconds=5,
    read_seconds=60,
)

#: A minute window that names no wait ends within it.
THROTTLE_SECONDS = 30
#: Too many requests at once: the next slot is free in a moment.
CONCURRENCY_SECONDS = 2
