"""Many visitors of a hosted app at once, by real WebSocket sessions: `python -m tests.benchmarks.load`.

Starts `pages/host.py` in public mode on an empty cache and prints, for one and for many sessions, how long an
interaction takes, what the app's process holds, and how many links ended in an exception. A
visitor looks at the charts between two interactions, 10 s on average; what happens when nobody does is printed, too.
Fifty visitors come to two app processes on one cache folder, as behind a proxy that keeps each with its own.
`--short` takes three minutes on an idle machine; the tests run less still.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from core.study import parts
from core.view import to_query
from tests.benchmarks.visitors import Host, cell, host, untrained

PAUSE = 10.0
"""Seconds between two interactions of one visitor on average, exponentially distributed."""


async def interactions(
    hosts: Sequence[Host], sessions: int, each: int, training: int = 0, pause: float = 0
) -> list[float]:
    """Return how long so many interactions of every visitor take, in seconds, from the shortest to the longest.

    Args:
        hosts: app processes; a visitor stays with one.
        sessions: visitors, who all have a run of the script behind them.
        each: interactions of a visitor that are timed.
        training: further visitors, who ask for runs that are not there, all the time.
        pause: seconds that a visitor waits before an interaction, on average.
    """

    async def visitor(number: int) -> list[float]:
        rng = random.Random(number)
        took = []
        async with hosts[number % len(hosts)].session() as session:
            await asyncio.sleep(rng.uniform(0, pause))
            await session.run(cell(number))
            for k in range(each):
                await asyncio.sleep(rng.expovariate(1 / pause) if pause else 0)
                took.append(await session.run(cell(number * each + k)))
        return took

    async def trains(number: int) -> None:
        async with hosts[number % len(hosts)].session() as session:
            for again in range(10_000):
                await session.run(untrained(number + training * again))
                await asyncio.sleep(1)

    busy = [asyncio.create_task(trains(number)) for number in range(training)]
    found = await asyncio.gather(*(visitor(number) for number in range(sessions)))
    for task in busy:
        task.cancel()
    await asyncio.gather(*busy, return_exceptions=True)
    return sorted(second for times in found for second in times)


async def pages(own: Host) -> list[str]:
    """Have one visitor see every page; return the exceptions."""
    async with own.session() as session:
        for part in parts().values():
            await session.run(to_query(part.view()), page=part.view.part)
        return session.exceptions


async def views(own: Host, count: int) -> list[str]:
    """Have visitors open links to different runs, a new session each; return the exceptions."""
    found = []
    for number in range(count):
        async with own.session() as session:
            await session.run(cell(number) | {"step": str(number)})
            found += session.exceptions
    return found


def said(times: Sequence[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"median {median(times):.2f} s, 95th percentile {late(times):.2f} s"


def late(times: Sequence[float]) -> float:
    """Return the 95th percentile of times from the shortest to the longest."""
    return times[int(0.95 * (len(times) - 1))]


def ratios(times: Sequence[float], alone: Sequence[float]) -> str:
    """Return how many times longer they are."""
    return f"{median(times) / median(alone):.1f} and {late(times) / late(alone):.1f} times"


async def measure(own: Host, more: Host, short: bool) -> None:
    """Print the figures of one app process, and of two."""
    alone = await interactions([own], 1, 20)
    print(f"1 session: {said(alone)}", flush=True)
    print(f"after every page: {len(await pages(own))} exceptions, {own.megabytes} MB", flush=True)
    await interactions([more], 1, 3)
    one, two = [own], [own, more]
    short_of = ((one, 12, 4, 0, PAUSE), (one, 12, 4, 0, 0), (two, 12, 4, 2, PAUSE))
    for hosts, sessions, each, training, pause in (
        short_of if short else ((one, 12, 8, 0, PAUSE), (one, 12, 8, 0, 0), (two, 50, 6, 4, PAUSE))
    ):
        times = await interactions(hosts, sessions, each, training, pause)
        print(
            f"{sessions} sessions that pause {pause:.0f} s, {training} visitors who train, {len(hosts)} processes: ",
            end="",
        )
        print(f"{said(times)}; {ratios(times, alone)} one alone", flush=True)
    for total in (40, 80) if short else (500, 1000):
        raised = await views(own, total // 2)
        print(f"{total // 2} links more: {len(raised)} exceptions, {own.megabytes} MB, ", end="")
        print(f"{own.threads} threads, {own.descriptors} descriptors", flush=True)


def main() -> None:
    """Start a host and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with host(Path(folder)) as own:
            print(f"ready after {time.perf_counter() - began:.1f} s, {own.megabytes} MB", flush=True)
            with host(Path(folder)) as more:
                asyncio.run(measure(own, more, options.short))


if __name__ == "__main__":
    main()
