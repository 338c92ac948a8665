"""Figures as the player takes them: one clock, the charts, and every table once however many charts draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.figure.figure import Figure, dumps

SECONDS = 12
"""One pass at speed x1."""


def clock(
    steps: NDArray[np.int64], *, linear: bool = False, rest: int | None = None, token: str = "link"
) -> dict[str, Any]:
    """Return the player's clock over recorded steps.

    Args:
        steps: (snapshot,), ascending.
        linear: whether playing time goes with steps, else a snapshot takes as long as any other.
        rest: a step to rest at instead of playing; a new `token` makes the player go there.
    """
    last = max(len(steps) - 1, 1)
    pace = steps / max(steps[-1], 1) if linear else np.arange(len(steps)) / last
    frame = None if rest is None else int(np.abs(steps - rest).argmin())
    return {
        "steps": steps.tolist(),
        "pace": [round(float(place), 5) for place in pace],
        "seconds": SECONDS,
        "autoplay": rest is None,
        "loop": True,
        "seek": None if frame is None else {"token": token, "frame": frame},
        "notes": [],
    }


def payload(clock: Mapping[str, Any], charts: Sequence[tuple[Figure, Mapping[str, Any]]]) -> str:
    """Return the JSON that `player.play` takes; a chart comes with what its card says (see `player`)."""
    rows: dict[str, str] = {}
    parts = []
    for figure, about in charts:
        tables = {name: {"version": table.version} for name, table in figure.tables.items()}
        rows |= {table.version: table.json for table in figure.tables.values()}
        parts.append(dumps({**about, "params": dict(figure.params), "spec": dict(figure.spec), "tables": tables}))
    shared = ",".join(f'"{version}":{text}' for version, text in rows.items())
    return f'{{"clock":{dumps(clock)},"rows":{{{shared}}},"charts":[{",".join(parts)}]}}'
