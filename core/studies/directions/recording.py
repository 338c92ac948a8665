"""What is kept of a network on many inputs while it trains: the motion if it is the first run, and the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.observables.directions import OTHER_COSINES, cosines, groups, heavy_units
from core.observables.extremal import Extremal, angles, unit
from core.recording import MotionRecording
from core.trajectory import Array

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


class DirectionRecording(MotionRecording):
    """The arrays of one run (see `trajectory.AXES`)."""

    def __init__(self, width: int, still: Mapping[str, Array] | None = None, direction: Array | None = None) -> None:
        """Begin; of the first run, `still` is what does not move, and `direction` (unit, dim) the extremal directions.

        Of the others neither is given, and their motion is not kept.
        """
        super().__init__(runs=1)
        self.still, self.direction = still or {}, direction
        self.ends |= {
            **{name: np.full(1, np.nan) for name in ("end_time", "end_loss", "test_error", *COUNTED)},
            "end_radius": np.full((1, width), np.nan, np.float32),
            "end_sign": np.zeros((1, width), np.int8),
        }

    @property
    def motion(self) -> bool:
        """Whether snapshots are kept."""
        return self.direction is not None

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The arrays so far."""
        return {**super().arrays, **self.still}

    def write(self, step: int, now: Network) -> None:
        """Keep a snapshot."""
        self.ends["end_step"][0], self.ends["end_time"][0], self.ends["end_loss"][0] = step, now.time, now.loss
        if self.direction is None:
            return
        finite = bool(np.isfinite(now.weight).all())
        found = groups(cosines(now.weight), now.sign, now.radius) if finite else None
        shown = now.weight if now.weight.shape[1] == self.still["extremal"].shape[1] else now.weight[:, :0]
        self.show(
            step,
            time=np.array(now.time),
            loss=np.array(now.loss),
            directions=np.array(found.count if found else np.nan),
            effective_directions=np.array(found.effective if found else np.nan),
            radius=now.radius.astype(np.float32),
            angle=angles(unit(now.weight), self.direction).astype(np.float32),
            weight=shown.astype(np.float32),
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
