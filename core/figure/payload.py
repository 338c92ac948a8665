"""Figures as the player takes them: one clock, the charts, and every table once however many charts draw it.

The form of the payload is written down in `core/figure/player/types.d.ts`, where the script's types are checked by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.figure.figure import Figure, dumps

Pace = Literal["even", "steps", "logarithm"]

SECONDS = 12
"""One pass at speed x1."""


def clock(
    steps: NDArray[np.int64],
    *,
    pace: Pace = "even",
    notes: Sequence[str] = (),
    rest: int | None = None,
    token: str = "link",
    speed: float = 1,
    loop: bool = True,
    attend: int | None = None,
    lesson: str = "",
) -> dict[str, Any]:
    """Return the player's clock over recorded steps.

    Args:
        steps: (snapshot,), ascending.
        pace: whether every snapshot is played for as long, or playing time is proportional to steps or their logarithm.
        notes: lines of small print under the charts.
        rest: a step to rest at instead of playing.
        token: a new one makes the player do as it is told here; from then on it is the reader's.
        speed: times that of a pass of 12 s.
        loop: whether it starts over at the end.
        attend: another number brings the player into view.
        lesson: what to see, which stands with the charts while they are presented.
    """
    frame = None if rest is None else int(np.abs(steps - rest).argmin())
    return {
        "steps": steps.tolist(),
        "pace": [round(float(place), 5) for place in _places(steps, pace)],
        "seconds": SECONDS,
        "autoplay": rest is None,
        "speed": speed,
        "loop": loop,
        "seek": {"token": token, "frame": frame},
        "notes": list(notes),
        "attend": attend,
        "lesson": lesson,
    }


def _places(steps: NDArray[np.int64], pace: Pace) -> NDArray[np.float64]:
    """Return where in playing time, 0 to 1, the snapshots stand, (snapshot,)."""
    if pace == "steps":
        return np.asarray(steps / max(steps[-1], 1))
    if pace == "logarithm":
        return np.asarray(np.log(np.maximum(steps, 1)) / np.log(max(steps[-1], 2)))
    return np.arange(len(steps)) / max(len(steps) - 1, 1)


def payload(
    clock: Mapping[str, Any], charts: Sequence[tuple[Figure, Mapping[str, Any]]], elsewhere: Collection[str] = ()
) -> str:
    """Return the JSON that the player takes; a chart comes with what its card says.

    Rows of tables whose versions are `elsewhere` are left out.
    """
    rows: dict[str, str] = {}
    parts = []
    for figure, about in charts:
        tables = {name: {"version": table.version} for name, table in figure.tables.items()}
        rows |= {one.version: one.json for one in figure.tables.values() if one.version not in elsewhere}
        own = {} if figure.other is None else {"steps": figure.other.steps}
        parts.append(
            dumps({**about, "params": dict(figure.params), "spec": dict(figure.spec), "tables": tables, **own})
        )
    shared = ",".join(f'"{version}":{text}' for version, text in rows.items())
    return f'{{"clock":{dumps(clock)},"rows":{{{shared}}},"charts":[{",".join(parts)}]}}'
