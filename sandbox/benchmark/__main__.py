"""`python -m sandbox.benchmark [--seconds 5] [--documents 1000000]`"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from sandbox.benchmark.fill import multiply
from sandbox.benchmark.load import Figures, fire
from sandbox.benchmark.requests import BENCHES, QuickBooksBench, XeroBench
from sandbox.benchmark.running import Running, started


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.benchmark", description="Prints what the sandbox can take, alone.")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each load lasts")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--documents", type=int, default=0, help="also measure with so many documents per company")
    parser.add_argument("--provider", choices=[*BENCHES], action="append", help="only this one")
    given = parser.parse_args()
    providers = given.provider or [*BENCHES]
    writes(providers, given.seconds, given.connections)
    if given.documents:
        many(providers, given.documents, given.seconds)


def writes(providers: list[str], seconds: float, connections: int) -> None:
    """Singles and batches, with the books and counting only."""
    with tempfile.TemporaryDirectory() as folder, started("--data", folder) as (running, _):
        for provider in providers:
            for counting in (False, True):
                bench = BENCHES[provider](running, counting=counting)
                note = ", counting" if counting else ""
                singles = fire(running, bench.single, seconds=seconds, connections=connections)
                show(f"{provider} singles{note}", singles, 1)
                batches = fire(running, bench.batch, seconds=seconds, connections=connections)
                show(f"{provider} batches of {bench.batch_size}{note}", batches, bench.batch_size)


def many(providers: list[str], documents: int, seconds: float) -> None:
    """Start-up, a query by number and a single write with very many documents in each company."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        benches: list[XeroBench | QuickBooksBench] = []
        with started("--data", name) as (running, _):
            for provider in providers:
                bench = BENCHES[provider](running)
                fire(running, bench.single, seconds=0.2, connections=1)
                benches.append(bench)
        begun = time.perf_counter()
        for provider, bench in zip(providers, benches, strict=True):
            multiply(folder, provider, bench.company, documents)
        print(f"\n{documents:,} documents per company, made in {time.perf_counter() - begun:.0f} s")
        with started("--data", name) as (running, took):
            print(f"start-up {took:.2f} s")
            for provider, bench in zip(providers, benches, strict=True):
                _with_many(running, provider, bench, documents, seconds)


def _with_many(
    running: Running, provider: str, bench: XeroBench | QuickBooksBench, documents: int, seconds: float
) -> None:
    source = random.Random(1)  # noqa: S311  repeatable on purpose

    def query() -> bytes:
        return bench.by_number(f"M-{source.randint(1, documents)}")

    show(f"{provider} query by number", fire(running, query, seconds=seconds, connections=1), 1)
    bench.numbers = iter(range(10**6, 10**9))
    show(f"{provider} singles", fire(running, bench.single, seconds=seconds, connections=4), 1)


def show(name: str, figures: Figures, each: int) -> None:
    good = figures.statuses[200]
    line = f"{name:36} {good * each / figures.seconds:8,.0f} documents/s  {good / figures.seconds:6,.0f} calls/s"
    if figures.processor_seconds:
        line += f"  {good * each / figures.processor_seconds:8,.0f} per second of its processor"
    print(f"{line}  median {figures.percentile(0.5):6.1f} ms  p99 {figures.percentile(0.99):6.1f} ms", flush=True)
    if good != figures.calls:
        print(f"  statuses {dict(figures.statuses)}, for example {figures.sample[:300]!r}")


if __name__ == "__main__":
    main()
