"""A Dask cluster that trains: what it must be, said in a sentence within seconds, and what it means when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any

SECONDS_TO_ANSWER = 5


class ClusterError(ValueError):
    """No cluster to train on: what is allowed, what came."""


class LostError(RuntimeError):
    """Workers went away in the middle."""


@contextlib.contextmanager
def connected(scheduler: str | None) -> Iterator[None]:
    """Hold the connection to a Dask cluster while it is needed."""
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise ClusterError("--backend: dask needs the package `distributed`; install it or use loky.") from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it says of a lost connection is said in a sentence
    make: Any = Client  # without annotations
    if scheduler is not None:
        _check_scheduler(scheduler)
    with make(processes=True, threads_per_worker=1) if scheduler is None else make(scheduler) as client:
        try:
            client.wait_for_workers(1, timeout=SECONDS_TO_ANSWER)
        except TimeoutError:
            raise ClusterError(
                f"--scheduler: of a Dask cluster that has workers; {scheduler} had none for {SECONDS_TO_ANSWER} s."
            ) from None
        try:
            yield
        except CancelledError:
            raise LostError("the Dask scheduler went away") from None
        except KilledWorker:
            raise LostError("several workers died while training one shard (they may have run out of memory)") from None


def _check_scheduler(address: str) -> None:
    """Find out within seconds whether a Dask scheduler answers; `Client` would wait long for one that is mute."""
    from distributed import rpc

    async def kind() -> str:
        make: Any = rpc  # without annotations
        async with make(address) as scheduler:
            return str((await scheduler.identity())["type"])

    found = ""
    with contextlib.suppress(Exception):  # what a stranger answers can end in any of them
        found = asyncio.run(asyncio.wait_for(kind(), SECONDS_TO_ANSWER))
    if found != "Scheduler":
        raise ClusterError(
            f"--scheduler: the address of a running Dask scheduler; got {address!r}, where none answers."
        )
