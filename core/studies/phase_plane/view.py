"""What is shown of networks over the phase plane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from core.choices import IMAGES
from core.experiment import Experiment
from core.field import choice, choices, declared, flag, number, whole
from core.studies.phase_plane.charts.cells import MEASURES
from core.studies.phase_plane.charts.heat import LINES
from core.studies.phase_plane.experiment import MOST_CONVOLUTIONS, PhaseCell, PhasePlane
from core.studies.phase_plane.presets import PRESETS
from core.view import View

FIRST = PRESETS["phase_plane/digits"].experiment
PLACE = ("n_train", "batch_size", "alpha", "temperature")
"""What names a cell."""
AT = tuple(f"at_{name}" for name in PLACE)
"""The fields of a view that name the chosen one."""
WEIGHTS = np.array([1e6, 1e4, 1e2, 1])
"""Of distances to the nearest cell: the training set counts most, then the batch size, alpha, and T."""


@lru_cache(maxsize=16)
def _grid(experiment: PhasePlane) -> tuple[tuple[PhaseCell, ...], NDArray[np.float64]]:
    """Return the cells of the first seed, and log2 of their places, (cell, field)."""
    cells = experiment.cells[: experiment.cell_count]
    return cells, np.log2([cell[1:] for cell in cells])


def _nearest(experiment: PhasePlane, place: NDArray[np.float64]) -> PhaseCell:
    """Return the cell of the first seed that is nearest to a place, given as log2 of the fields `PLACE`, (field,)."""
    cells, places = _grid(experiment)
    return cells[int((np.abs(places - place) @ WEIGHTS).argmin())]


def _middle(experiment: PhasePlane) -> PhaseCell:
    """Return a cell in the midst of an experiment's, at the largest alpha: there the effect of noise is seen best."""
    _, places = _grid(experiment)
    middle = np.array([np.median(np.unique(column)) for column in places.T])
    middle[PLACE.index("alpha")] = places[:, PLACE.index("alpha")].max()
    return _nearest(experiment, middle)


MIDDLE = _middle(FIRST)
_bounds = {name: field.bounds for name, field in declared(PhasePlane).items()}


@dataclass(frozen=True, kw_only=True)
class PhasePlaneView(View):
    """A training, the cell whose run is played, and how the plane around it is drawn.

    The chosen cell is the one nearest to the place that is asked for; without one, a cell in the middle.
    """

    part: ClassVar[str] = "networks"

    experiment: PhasePlane = FIRST
    measure: str = choice(
        "test_error", {name: measure.title for name, measure in MEASURES.items()}, label="Colour of the plane"
    )
    when: str = choice("fitting time", ("fitting time", "played step"), label="Coloured at")
    lines: tuple[str, ...] = choices(tuple(LINES), {name: title for name, (title, _) in LINES.items()}, label="Lines")
    rectified: bool = flag(
        False,
        label="T / T_max",
        help="T in units of the largest that fits at that α, so that no part of the plane is spent on divergence.",
    )
    at_n_train: int = whole(
        MIDDLE.n_train,
        _bounds["n_train"].low,
        _bounds["n_train"].high,
        label="Training points of the chosen cell",
        hidden=True,
    )
    at_batch_size: int = whole(
        MIDDLE.batch_size,
        _bounds["batch_size"].low,
        _bounds["batch_size"].high,
        label="Batch size of the chosen cell",
        hidden=True,
    )
    at_alpha: float = number(
        MIDDLE.alpha,
        _bounds["alphas"].low,
        _bounds["alphas"].high,
        label="Output scale of the chosen cell",
        hidden=True,
    )
    at_temperature: float = number(
        MIDDLE.temperature,
        2.0**-43,  # that of the smallest learning rate, the largest batch and the widest network
        2.0**16,
        label="Temperature of the chosen cell",
        hidden=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, value in zip(AT, self.cell[1:], strict=True):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return a view of an experiment, of a cell in its middle if it is not said which."""
        assert isinstance(experiment, PhasePlane)
        middle = dict(zip(AT, _middle(experiment)[1:], strict=True))
        return super().of(experiment, **{**middle, **shown})

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; what a convolutional network cannot have gives way, as T does to a
        learning rate, or the learning rate to T, whichever was changed last."""
        now = {name: values.get(name, getattr(self.experiment, name)) for name in ("dataset", "network", "depth")}
        new = dict(values)
        if now["dataset"] not in IMAGES:
            now["network"] = new.setdefault("network", "fc")
        if now["network"] == "cnn":
            new = {"activation": "relu", **new, "depth": min(now["depth"], MOST_CONVOLUTIONS)}
        if new.get("temperatures"):
            new.setdefault("learning_rates", ())
        return super().changed(new)

    def limits(self, name: str, values: Mapping[str, Any]) -> tuple[int, int] | None:
        """Return the range of the number of convolutions."""
        return (1, MOST_CONVOLUTIONS) if name == "depth" and values["network"] == "cnn" else None

    def with_preset(self, experiment: Experiment) -> Self:
        """Return a preset's plane, drawn as this one is."""
        return self.of(experiment, **{name: getattr(self, name) for name in ("measure", "when", "lines", "rectified")})

    def uses(self, name: str) -> bool:
        """Whether there is a plane that the field colours or divides."""
        return self.is_plane or (name == "measure" and self.has_batches)

    @property
    def is_plane(self) -> bool:
        """Whether there is a plane of alpha and T."""
        return len(self.experiment.alphas) > 1 and len(self.experiment.rows) > 1

    @property
    def has_batches(self) -> bool:
        """Whether there is a plane of batch size and learning rate."""
        return len(self.experiment.batch_size) > 1

    @property
    def cell(self) -> PhaseCell:
        """The chosen cell, of the first seed."""
        return _nearest(self.experiment, np.log2([getattr(self, name) for name in AT]))
