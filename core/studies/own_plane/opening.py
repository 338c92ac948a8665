"""A file that somebody brings, as an experiment of this study; and the form in which it is kept."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.recorded.bounded import arrays_of
from core.recorded.opened import keep_content, kept_content
from core.studies.own_plane.experiment import OwnPlane
from core.studies.own_plane.reading import Runs, read
from core.trajectory import OUTCOMES, Array


def opened(content: bytes, uploads: Path) -> tuple[OwnPlane, list[str]] | None:
    """Check a table of runs, keep it, and return its experiment and what it holds; None if it is of another kind.

    Raises:
        core.datasets.DataError: it is refused; nothing is kept.
    """
    runs = read(content)
    if runs is None:
        return None
    digest = keep_content(encoded(runs), uploads)
    return OwnPlane(table=digest, step_limit=int(runs.step.max())), held(runs)


def encoded(runs: Runs) -> bytes:
    """Return runs as an npz file, the same bytes for the same runs."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays(runs))
    return buffer.getvalue()


def arrays(runs: Runs) -> Mapping[str, Array]:
    """Return the arrays by which runs are kept."""
    return {
        "column_name": np.array(runs.columns),
        "value": runs.values,
        "run_number": runs.run,
        "seed": runs.seed,
        "at_step": runs.step,
        "ended": runs.ended,
    }


def kept(digest: str, uploads: Path | None) -> Mapping[str, Array]:
    """Return the arrays of runs that were stored, or that ship; raise DataError if they are not on this machine."""
    return arrays_of(kept_content(digest, uploads))


def held(runs: Runs) -> list[str]:
    """Say what a table of runs holds."""
    x, y, *values = runs.columns
    count, seeds = int(runs.run.max()) + 1, len(np.unique(runs.seed))
    said = [f"{count:,} runs over {x} and {y}, of {seeds:,} seed{'s' if seeds > 1 else ''}."]
    if len(runs.run) > count:
        said.append(f"{len(runs.run):,} rows: each run at several steps, the last of them {runs.step.max():,}.")
    said.append(f"Values: {', '.join(values[:8])}{', …' if len(values) > 8 else ''}.")
    last = np.append(np.diff(runs.run) > 0, True)
    counts = np.bincount(runs.ended[last], minlength=len(OUTCOMES))
    if counts[0] < count:
        ends = ", ".join(f"{n:,} {OUTCOMES[k].replace('_', ' ')}" for k, n in enumerate(counts) if n)
        said.append(f"Outcomes: {ends}.")
    if runs.left_out:
        said.append(f"Left out, as no numbers: {', '.join(runs.left_out[:8])}.")
    return said
