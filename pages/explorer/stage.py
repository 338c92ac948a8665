"""The Explorer's three charts as the player takes them: figures of one run, a plane around it, and a pinned run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.studies.explorer import tables as explorer
from core.studies.explorer import tables as frames
from core.studies.explorer.charts import cells, information, kinks, plane
from core.studies.explorer.charts.cells import Ground, Plane
from core.studies.explorer.trajectory import PlaneTrajectory
from pages.explorer.view import View
from pages.shared.library import Found
from pages.shared.payload import clock
from pages.shared.payload import payload as to_player


@dataclass(frozen=True)
class Shown:
    """One run of a trajectory that is on screen."""

    found: Found[PlaneTrajectory]
    run: int

    @property
    def trajectory(self) -> PlaneTrajectory:
        """The trajectory that has the run."""
        return self.found.trajectory

    @property
    def place(self) -> tuple[float, float]:
        """Alpha and temperature."""
        cell = self.trajectory.cells[self.run]
        return cell.alpha, cell.temperature

    @property
    def outcome(self) -> str:
        """How the run ended."""
        return self.trajectory.outcome(self.run)

    @property
    def key(self) -> str:
        """A name for what the run shows."""
        return f"{self.found.stamp}-{self.run}"

    def table(self, name: str) -> pd.DataFrame:
        """Return the run's rows of a table of the Explorer."""
        return _table(f"{self.key}-{name}", name, self)

    def ending(self) -> str:
        """Say how and when the run ended."""
        step = f"{int(self.trajectory['end_step'][self.run]):,}"
        words = {"fitted": "fitted at step", "diverged": "diverged by step", "step_limit": "stopped unfitted at step"}
        return f"{words.get(self.outcome, 'trained to step')} {step}"


@st.cache_resource(max_entries=64, show_spinner=False)
def _table(key: str, name: str, _shown: Shown) -> pd.DataFrame:
    return explorer.TABLES[name](_shown.trajectory, [_shown.run])


@st.cache_resource(max_entries=8, show_spinner=False)
def whole_plane(stamp: str, _trajectory: PlaneTrajectory) -> Plane:
    """Return every run's row and history."""
    history = frames.history(_trajectory, range(_trajectory.experiment.runs))
    return Plane(frames.plane(_trajectory), [table for _, table in history.groupby("run", sort=False)])


def figures(view: View, shown: Shown, around: Found[PlaneTrajectory] | None, pinned: Shown | None) -> dict[str, Figure]:
    """Return the three figures by chart id."""
    on_plane = around is not None and around.trajectory.run(*shown.place, view.run.seed) is not None
    same_grid = pinned is not None and around is not None and pinned.found.stamp == around.stamp
    runs = f"{shown.key}-{pinned.key if pinned else None}"
    steps = around.trajectory.steps if around is not None else shown.trajectory.steps
    where = around.stamp if around is not None else f"{view.run.coldest}-{len(steps)}"
    return {
        "kinks": _kinks(runs, shown, pinned),
        "information": _information(f"{runs}-{view.axis}", shown, pinned, view.axis),
        "plane": plane.figure(
            _ground(f"{where}-{view.colour}", view, around, steps),
            steps,
            played=view.when == "played step",
            chosen=shown.place,
            off_grid=None if on_plane else Plane(shown.table("plane"), [shown.table("information")]),
            pinned=pinned.place if pinned is not None and same_grid else None,
        ),
    }


@st.cache_resource(max_entries=32, show_spinner=False)
def _kinks(key: str, _shown: Shown, _pinned: Shown | None) -> Figure:
    behind = None
    if _pinned is not None:
        behind = (_pinned.table("kinks"), _pinned.table("function"), _pinned.place[0])
    own = (_shown.table("kinks"), _shown.table("function"), _shown.table("points"))
    return kinks.figure(*own, _shown.trajectory.steps, _shown.place[0], behind)


@st.cache_resource(max_entries=32, show_spinner=False)
def _information(key: str, _shown: Shown, _pinned: Shown | None, _axis: str) -> Figure:
    return information.figure(
        _shown.table("information"),
        _shown.trajectory.steps,
        _shown.ending(),
        log_steps=_axis == "log",
        pinned=_pinned.table("information") if _pinned is not None else None,
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _ground(key: str, _view: View, _around: Found[PlaneTrajectory] | None, _steps: np.ndarray) -> Ground:
    grid = _view.run.plane()
    runs = whole_plane(_around.stamp, _around.trajectory) if _around is not None else None
    return cells.ground(runs, (grid.alphas, grid.temperatures), _steps, _view.colour)


TABLES = {
    "kinks": "The kinks of the run on screen, one row a snapshot and unit.",
    "function": "F along the data line, one row a snapshot and place.",
    "points": "The training points projected on the line.",
    "information": "Bits, accuracy, loss and weight change of the run on screen, one row a snapshot.",
    "plane": "One row a run of the plane.",
}
"""What can be taken away of what is on screen."""


def screen_table(name: str, shown: Shown, around: Found[PlaneTrajectory] | None) -> pd.DataFrame:
    """Return a table as it stands on screen: of the run, or of the whole plane."""
    if name == "plane":
        return frames.plane(around.trajectory if around is not None else shown.trajectory)
    return shown.table(name)


TITLES = {
    "kinks": "Along a line through the data",
    "information": "What a linear classifier explains of it",
    "plane": "All runs of the (α, T) plane",
}
CAPTIONS = {
    "kinks": "Above: α F(s), its margins ±1 (dotted), and the training points projected on the line, class +1 at the "
    "top. Below: where each first-layer unit switches, pointing to its active side, at the height of its slope jump "
    "(in units of the first median). Faint marks at the edges lie beyond them.",
    "information": "Bits on the test points; the band is one standard error of μ_Y. Dotted: what two unrelated "
    "classifiers of these accuracies would share. Move over the chart to scrub.",
    "plane": "Click a cell to play that run. Dark and crossed: diverged. Struck through: not fitted within the step "
    "limit.",
}


def payload(view: View, charts: dict[str, Figure], shown: Shown) -> str:
    """Return the player's payload as JSON."""
    tone = "quiet" if shown.outcome == "unfinished" else "alert"
    badge = None if shown.outcome == "fitted" else {"text": shown.ending(), "tone": tone}
    alt = _alternatives(shown)

    def about(name: str) -> dict[str, Any]:
        return {
            "id": name,
            "title": TITLES[name],
            "caption": CAPTIONS[name],
            "alt": alt[name],
            "scrub": {"scale": "x", "field": "step"} if name == "information" else None,
            "pick": "cell" if name == "plane" else None,
            "file": f"trainscope-{name}",
            "badge": badge if name == "kinks" else None,
        }

    rest: int | None = st.session_state.get("link_step")
    time = clock(shown.trajectory.steps, linear=view.axis == "linear", rest=rest)
    return to_player(time, [(figure, about(name)) for name, figure in charts.items()])


def _alternatives(shown: Shown) -> dict[str, str]:
    """Say in a sentence what each chart shows at the end, for readers who do not see it."""
    last = shown.table("information").dropna(subset="test_error").iloc[-1]
    end = "before it diverged" if shown.outcome == "diverged" else "in the end"
    return {
        "kinks": f"{shown.trajectory.experiment.width} kinks on the data line; {end} the median one has moved "
        f"{last['kink_displacement']:.2g} of their initial spread.",
        "information": f"{end.capitalize()} I(F;Y) is {last['mutual_information']:.2f} bits, of which the linear "
        f"classifier explains {last['mu_y']:.2f}; accuracy {last['accuracy']:.3f}.",
        "plane": f"The run on screen lies at alpha {shown.place[0]:.4g} and T {shown.place[1]:.4g}: {shown.ending()}, "
        f"test error {last['test_error']:.3f}.",
    }
