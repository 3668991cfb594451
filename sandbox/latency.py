"""How long answers take: nothing by default, or a log-normal spread (median and 99th percentile)."""

import random
from math import log


class Latency:
    """Delays by really sleeping, whatever the sandbox's clock says."""

    P99_SIGMAS = 2.326

    def __init__(self) -> None:
        self.median_ms: float | None = None
        self.p99_ms: float | None = None
        self.scale = 1.0
        self._random = random.Random(1)  # noqa: S311  a repeatable spread, not a secret

    def set(self, median_ms: float | None, p99_ms: float | None, scale: float = 1.0) -> None:
        """No median switches latency off; without a 99th percentile every answer takes the median.

        `scale` shortens or stretches a whole profile: 0.1 makes it ten times quicker.
        """
        self.median_ms, self.p99_ms, self.scale = median_ms, p99_ms, scale

    def seconds(self) -> float:
        """The next delay."""
        if not self.median_ms:
            return 0.0
        if not self.p99_ms or self.p99_ms <= self.median_ms:
            return self.scale * self.median_ms / 1000
        sigma = log(self.p99_ms / self.median_ms) / self.P99_SIGMAS
        return self.scale * self._random.lognormvariate(log(self.median_ms), sigma) / 1000
