"""What the machine gives: processors, and the memory that a group of processes holds. Linux says more than others."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

PROCESSES = Path("/proc")
QUOTA = Path("/sys/fs/cgroup/cpu.max")


def processors() -> int:
    """Return how many processors this process may use: by its affinity, and by its container's quota."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):  # no quota: "max"
        quota, period = QUOTA.read_text().split()
        allowed = min(allowed, max(1, int(quota) // int(period)))
    return allowed


def members(group: int) -> Iterator[Path]:
    """Yield the folders in /proc of the processes of a group that still run."""
    for entry in PROCESSES.iterdir() if PROCESSES.exists() else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                state, _, own = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(own) == group and state != "Z":
                    yield entry


def memory_of(group: int) -> int:
    """Return the bytes that a group of processes holds, what several share once; 0 where the system does not say."""
    return sum(_proportional(entry) for entry in members(group))


def _proportional(entry: Path) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = (entry / "smaps_rollup").read_text().splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    return 0


def yield_to_others(nice: int) -> None:
    """Lower this process's priority, and that of those it starts, and let memory that runs out end it first."""
    with contextlib.suppress(OSError):
        os.nice(nice)
    for name, value in (("oom_score_adj", "500"), ("autogroup", str(nice))):  # each session has an autogroup of its own
        with contextlib.suppress(OSError):
            (PROCESSES / "self" / name).write_text(value)
