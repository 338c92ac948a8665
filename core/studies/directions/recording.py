"""What is kept of a network on many inputs while it trains: the motion if it is the first run, and the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.studies.directions.alignment import Extremal, angles, unit
from core.studies.directions.counting import OTHER_COSINES, cosines, groups, heavy_units
from core.trajectory import UNFINISHED, Array

Floats = NDArray[np.float64]
COUNTED = ("end_directions", "end_directions_95", "end_directions_999", "end_effective_directions", "active_units")


@dataclass(frozen=True, eq=False)
class Network:
    """A network at a step."""

    time: float
    loss: float
    weight: Floats  # (unit, dim): v
    head: Floats  # (unit,)

    @property
    def radius(self) -> Floats:
        """|a| |v|, (unit,)."""
        return np.asarray(np.abs(self.head) * np.linalg.norm(self.weight, axis=1))

    @property
    def sign(self) -> NDArray[np.int8]:
        """That of a, (unit,)."""
        return np.sign(self.head).astype(np.int8)


@dataclass(eq=False)
class DirectionRecording:
    """The arrays of one run (see `trajectory.AXES`)."""

    width: int
    still: Mapping[str, Array] = field(default_factory=dict)
    """Of the first run, what does not move; empty for others, whose motion is not kept."""
    direction: Array | None = None  # (unit, dim): the units' extremal directions, of the first run
    snapshots: list[dict[str, Array]] = field(default_factory=list)

    def __post_init__(self) -> None:
        unknown = ("end_time", "end_loss", "test_error", *COUNTED)
        self.ends: dict[str, Array] = {
            "outcome": np.full(1, UNFINISHED, np.int8),
            "end_step": np.zeros(1, np.int32),
            **{name: np.full(1, np.nan) for name in unknown},
            "end_radius": np.full((1, self.width), np.nan, np.float32),
            "end_sign": np.zeros((1, self.width), np.int8),
        }

    @property
    def motion(self) -> bool:
        """Whether snapshots are kept."""
        return self.direction is not None

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays so far."""
        names = self.snapshots[0] if self.snapshots else ()
        moved = {name: np.stack([one[name] for one in self.snapshots]) for name in names}
        return {**moved, **self.still, **self.ends}

    def write(self, step: int, now: Network) -> None:
        """Keep a snapshot; a step kept before is not kept twice."""
        self.ends["end_step"][0], self.ends["end_time"][0], self.ends["end_loss"][0] = step, now.time, now.loss
        if self.direction is None or (self.snapshots and self.snapshots[-1]["step"] == step):
            return
        finite = bool(np.isfinite(now.weight).all())
        found = groups(cosines(now.weight), now.sign, now.radius) if finite else None
        shown = now.weight if now.weight.shape[1] == self.still["extremal"].shape[1] else now.weight[:, :0]
        self.snapshots.append(
            {
                "step": np.array(step, np.int32),
                "time": np.array(now.time),
                "loss": np.array(now.loss),
                "directions": np.array(found.count if found else np.nan),
                "effective_directions": np.array(found.effective if found else np.nan),
                "radius": now.radius.astype(np.float32),
                "angle": angles(unit(now.weight), self.direction).astype(np.float32),
                "weight": shown.astype(np.float32),
            }
        )

    def end(self, step: int, now: Network, outcome: int, test_error: float) -> None:
        """Note how the run ended, and count its directions; what is not finite has none."""
        self.write(step, now)
        self.ends["outcome"][0], self.ends["test_error"][0] = outcome, test_error
        self.ends["end_radius"][0], self.ends["end_sign"][0] = now.radius, now.sign
        if not np.isfinite(now.weight).all():
            return
        alike = cosines(now.weight)
        found = groups(alike, now.sign, now.radius)
        others = [groups(alike, now.sign, now.radius, cosine=cosine).count for cosine in OTHER_COSINES]
        counts = (found.count, *others, found.effective, len(heavy_units(now.radius)))
        for name, count in zip(COUNTED, counts, strict=True):
            self.ends[name][0] = count


def what_stays(
    extremal: Extremal, sign: NDArray[np.int8], x: Floats, labels: Floats, *, flat: bool
) -> dict[str, Array]:
    """Return the arrays of the first run that do not move.

    Args:
        extremal: of its units.
        sign: of a at the start, (unit,).
        x: its training inputs, (point, dim).
        labels: (point,).
        flat: whether the inputs are two and a constant.
    """
    shown = slice(None) if flat else slice(0)
    return {
        "sign": sign,
        "group": extremal.group.astype(np.int32),
        "extremal": extremal.direction[:, shown].astype(np.float32),
        "rate": extremal.rate.astype(np.float64),
        "point": (x[:, :2] if flat else x[:, :0]).astype(np.float32),
        "label": labels.astype(np.int8),
    }
