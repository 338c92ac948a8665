"""What is shown of a table of one's own runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.experiment import Experiment
from core.field import choice, number, word
from core.studies.own_plane.experiment import OwnPlane
from core.studies.own_plane.presets import PRESETS
from core.view import View

FIRST = PRESETS["phase_plane/own_runs"].experiment
FARTHEST = 1e15


def _column(label: str, help: str) -> Any:
    allowed = "the name of a column, of at most 60 letters, or nothing"
    return word("", r"[^\n<>\[\]]{0,60}", allowed, label=label, help=help, section="Your runs", hidden=True)


def _place(label: str) -> Any:
    return number(0.0, -FARTHEST, FARTHEST, label=label, hidden=True)


@dataclass(frozen=True, kw_only=True)
class OwnPlaneView(View):
    """A table, the columns that make a plane of it, the chosen cell, and the window of a power law.

    A column that the table does not have gives way to the one that it came with, a place to the nearest cell.
    """

    part: ClassVar[str] = "runs"
    all_at_once: ClassVar[tuple[str, ...]] = ("table", "step_limit")

    experiment: OwnPlane = FIRST
    x: str = _column("Across", "The column along the horizontal axis.")
    y: str = _column("Up", "The column along the vertical axis.")
    value: str = _column("Value", "The column that colours the plane.")
    at_x: float = _place("Chosen cell, across")
    at_y: float = _place("Chosen cell, up")
    along: str = choice(
        "across", ("across", "up"), label="Power law along", help="The axis against which the value is fitted."
    )
    fit_low: float = number(
        0.0, 0.0, FARTHEST, label="Fit from", help="Where the window of the fit begins; 0: at the first cell."
    )
    fit_high: float = number(
        0.0, 0.0, FARTHEST, label="Fit to", help="Where the window of the fit ends; 0: at the last cell."
    )

    def with_preset(self, experiment: Experiment) -> Self:
        """Return a table's plane; columns of the one before that it has, too, stay."""
        return self.of(experiment, **{name: getattr(self, name) for name in ("x", "y", "value", "along")})


def picked(view: OwnPlaneView, pick: Mapping[str, Any]) -> OwnPlaneView:
    """Return the view of the cell that was clicked."""
    fields: Mapping[str, Any] = pick["fields"]
    return view.changed({f"at_{name}": float(fields[f"at_{name}"]) for name in ("x", "y")})
