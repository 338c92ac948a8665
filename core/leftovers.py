"""What interrupted work leaves in the cache folder, and when it is deleted.

A leftover goes once this process has seen it unchanged for some time by a clock that never jumps: a file's own time may
be of another machine, or of before a clock was set.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.atomic import UNFINISHED
from core.store import Store

UNFINISHED_SECONDS = 3600.0
"""Of a file that was being written, and of the folder of a job that nobody remembers."""
DAMAGED_SECONDS = 86_400.0
DAMAGED_BYTES = 100_000_000
GONE_SECONDS = 130.0
"""Of the files that a visit brought, once it has ended: Streamlit lets a lost connection come back for two minutes."""
UPLOAD_BYTES = 1_000_000_000
"""Of the uploaded files that everybody may reach; beyond that the oldest go."""


@dataclass
class Leftovers:
    """What was seen of a store's leftovers."""

    store: Store
    _seen: dict[Path, tuple[float, float]] = field(default_factory=dict)
    """When each was first seen as it is, and how it was: the time of its latest change."""

    def sweep(self, here: Callable[[str], bool], jobs: Collection[Path], now: float | None = None) -> list[Path]:
        """Delete what is due, and return it.

        Args:
            here: whether a visit goes on.
            jobs: folders of jobs that are remembered.
            now: seconds of the clock that never jumps.
        """
        now = time.monotonic() if now is None else now
        folder, uploads = self.store.folder, self.store.uploads
        damaged = list(folder.glob("**/*.damaged"))
        candidates = (*self._candidates(here, jobs), *((path, DAMAGED_SECONDS) for path in damaged))
        found = {path: (seconds, _changed(path)) for path, seconds in candidates}
        unchanged = {path: seen for path, seen in self._seen.items() if path in found and seen[1] == found[path][1]}
        self._seen = {path: (now, changed) for path, (_, changed) in found.items()} | unchanged
        due = [path for path, (since, _) in self._seen.items() if now - since >= found[path][0]]
        due += _beyond(damaged, DAMAGED_BYTES)
        due += _beyond((path for path in uploads.glob("*") if path.is_file()), UPLOAD_BYTES)
        for path in dict.fromkeys(due):
            self._seen.pop(path, None)
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    path.unlink()
        return due

    def _candidates(self, here: Callable[[str], bool], jobs: Collection[Path]) -> Iterator[tuple[Path, float]]:
        folder = self.store.folder
        for place in (".", "shards/*", "uploads", "uploads/*", "data"):
            yield from ((path, UNFINISHED_SECONDS) for path in folder.glob(f"{place}/{UNFINISHED}"))
        yield from ((path, UNFINISHED_SECONDS) for path in folder.glob("jobs/*") if path not in jobs)
        for path in self.store.uploads.glob("*"):
            if path.is_dir() and here(path.name):
                with contextlib.suppress(OSError):
                    os.utime(path)  # another app on this volume sees by it that the visit goes on
            elif path.is_dir():
                yield path, GONE_SECONDS


def _changed(path: Path) -> float:
    """Return when a file, or any file of a folder, was last changed, in seconds since the epoch; 0 if it is gone."""
    times = [0.0]
    for one in (path, *path.glob("*")):
        with contextlib.suppress(OSError):
            times.append(one.stat().st_mtime)
    return max(times)


def _beyond(paths: Iterable[Path], bound: int) -> list[Path]:
    """Return the oldest files beyond a bound of bytes."""
    facts = []
    for path in paths:
        with contextlib.suppress(OSError):
            facts.append((path.stat().st_mtime, path.stat().st_size, path))
    excess, due = sum(size for _, size, _ in facts) - bound, []
    for _, size, path in sorted(facts):
        if excess > 0:
            due.append(path)
            excess -= size
    return due
