"""When to try again after a fault that passes. Pure: randomness and time come in as arguments."""

from datetime import timedelta

#: First minutes quickly, then as rarely as an outage of hours deserves; the last step repeats for ever.
STEPS = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800, 7200))

#: From this try on, the row carries a warning: it is no longer a hiccup.
WARN_AFTER = len(STEPS)


def pause(tries: int, *, luck: float, scale: float = 1.0) -> timedelta:
    """How long to wait after ``tries`` failed tries (at least one).

    ``luck`` in [0, 1) spreads the wait over 80 to 120 % so that a thousand documents do not return in one second;
    ``scale`` shrinks it for the fast profile.
    """
    step = STEPS[min(tries, len(STEPS)) - 1]
    return step * scale * (0.8 + 0.4 * luck)
