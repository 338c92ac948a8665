"""The charts of networks over the phase plane as the player takes them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.figure.figure import Figure
from core.figure.payload import clock, payload
from core.studies.phase_plane import tables as tables_of
from core.studies.phase_plane.charts import batch_plane, collapse, power_law
from core.studies.phase_plane.charts import heat as phase_heat
from core.studies.phase_plane.charts import run as phase_run
from core.studies.phase_plane.charts import sections as phase_sections
from core.studies.phase_plane.charts.cells import Cells, cells, with_rectified
from core.studies.phase_plane.charts.power_law import Axes
from core.studies.phase_plane.lines import Grid
from core.studies.phase_plane.observables import CRITICAL_CHANGE, crossing, largest_temperature
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory
from pages.phase_plane.phase_plane.view import View
from pages.shared.library import Found

Shown = Found[PhasePlaneTrajectory]

TABLES = {
    "plane": "One row a cell: how its seeds ended, and means over those that fitted.",
    "scaling": "What the power laws are of, one row a cell.",
    "exponents": "Fitted exponents with their windows, and theory's where there is one.",
    "lines": "The named lines over the plane, one row a point.",
    "history": "Means over seeds, one row a cell and recorded step.",
}
"""What can be taken away."""

LEAST_ALPHA = 1.0
"""The collapse is shown from this output scale on."""


@st.cache_resource(max_entries=24, show_spinner=False)
def _table(key: str, name: str, _trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    return tables_of.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.phase_plane`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def sliced(view: View, shown: Shown, name: str) -> pd.DataFrame:
    """Return the rows of a table at the chosen cell's training-set and batch size."""
    rows, cell = table(shown, name), view.cell
    return rows[(rows["n_train"] == cell.n_train) & (rows["batch_size"] == cell.batch_size)]


@st.cache_resource(max_entries=32, show_spinner=False)
def _cells(key: str, _view: View, _shown: Shown) -> Cells:
    plane = with_rectified(sliced(_view, _shown, "plane"), sliced(_view, _shown, "lines"))
    steps = _shown.trajectory.steps
    return cells(plane, sliced(_view, _shown, "history"), steps, _view.measure, rectified=_view.rectified)


def figures(view: View, shown: Shown) -> dict[str, Figure]:
    """Return the figures by chart id, in the order in which they stand."""
    found: dict[str, Figure] = {}
    experiment, cell = view.experiment, view.cell
    chosen, played = (cell.alpha, cell.temperature), view.when == "played step"
    if view.is_plane:
        key = f"{shown.stamp}-{cell.n_train}-{cell.batch_size}-{view.measure}-{view.rectified}"
        made = _cells(key, view, shown)
        lines = sliced(view, shown, "lines")
        plane = with_rectified(sliced(view, shown, "plane"), lines)
        found["plane"] = phase_heat.figure(made, plane, lines, played=played, chosen=chosen, switched_on=view.lines)
        found["sections"] = phase_sections.figure(made, played=played, chosen=chosen)
    if len(experiment.batch_size) > 1:
        found["batches"] = _batches(view, shown)
    history = sliced(view, shown, "history")
    own = history[(history["alpha"] == cell.alpha) & (history["temperature"] == cell.temperature)]
    found["errors"] = phase_run.errors(own, shown.trajectory.steps)
    found["changes"] = phase_run.changes(own, shown.trajectory.steps)
    if not view.is_plane:
        return _laws(view, shown) | found
    if sum(alpha >= LEAST_ALPHA for alpha in experiment.alphas) > 1:
        found["collapse"] = collapse.figure(sliced(view, shown, "plane"), LEAST_ALPHA, cell.alpha)
    return found | _laws(view, shown)


def _batches(view: View, shown: Shown) -> Figure:
    plane, cell = table(shown, "plane"), view.cell
    here = plane[(plane["n_train"] == cell.n_train) & (plane["alpha"] == cell.alpha)]
    measure = view.measure if view.measure in batch_plane.MEASURES else "relative_weight_change"
    rate = view.experiment.learning_rate(cell.temperature, cell.batch_size)
    return batch_plane.figure(here, measure, chosen=(cell.batch_size, rate))


LAWS = {
    "change_temperature": Axes("relative_weight_change", "temperature", "n_train"),
    "time_temperature": Axes("time", "temperature", "n_train"),
    "change_size": Axes("relative_weight_change", "n_train", "temperature"),
    "time_size": Axes("time", "n_train", "temperature"),
}


def _laws(view: View, shown: Shown) -> dict[str, Figure]:
    """Return the power laws that the experiment has the cells for, and the largest temperature over alpha."""
    exponents, found = table(shown, "exponents"), {}
    known = set(zip(exponents["quantity"], exponents["against"], strict=True))
    for name, axes in LAWS.items():
        if (axes.quantity, axes.against) in known and len(view.experiment.n_train) > 1:
            found[name] = power_law.figure(_lazy_points(view, shown, exponents), exponents, axes)
    if ("critical_temperature", "n_train") in known and len(view.experiment.n_train) > 1:
        axes = Axes("critical_temperature", "n_train", "alpha")
        found["critical"] = power_law.figure(_critical_points(shown), exponents, axes)
    if ("largest_temperature", "alpha") in known and view.is_plane:
        axes = Axes("largest_temperature", "alpha", "n_train")
        found["largest"] = power_law.figure(_largest_points(shown), exponents, axes)
    return found


def _lazy_points(view: View, shown: Shown, exponents: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that lazy power laws are of: the largest alpha and the smallest batch size."""
    plane, experiment = table(shown, "plane"), view.experiment
    rows = plane[(plane["alpha"] == experiment.alphas[-1]) & (plane["batch_size"] == experiment.batch_size[0])]
    window = exponents[(exponents["quantity"] == "relative_weight_change") & (exponents["against"] == "temperature")]
    if not len(window):  # which temperatures the fit over sizes took is then not known
        return rows.assign(used=False)
    low, high = float(window["low"].iloc[0]), float(window["high"].iloc[0])
    return rows.assign(used=rows["temperature"].between(low * 0.999, high * 1.001))


def _critical_points(shown: Shown) -> pd.DataFrame:
    """Return each seed's T_c by the size of the training set, which the exponent is fitted to."""
    grid = Grid(shown.trajectory)
    rows = [
        (n_train, grid.alphas[-1], crossing(grid.temperatures[0], change, CRITICAL_CHANGE))
        for of_seed in grid.change[:, :, 0, -1]
        for n_train, change in zip(grid.experiment.n_train, of_seed, strict=True)
    ]
    return pd.DataFrame(rows, columns=["n_train", "alpha", "critical_temperature"])


def _largest_points(shown: Shown) -> pd.DataFrame:
    """Return each seed's largest T by alpha and size of the training set, likewise."""
    grid = Grid(shown.trajectory)
    rows = [
        (n_train, alpha, temperature)
        for of_seed in largest_temperature(grid.fitted[:, :, 0], grid.temperatures[0])
        for n_train, of_size in zip(grid.experiment.n_train, of_seed, strict=True)
        for alpha, temperature in zip(grid.alphas, of_size, strict=True)
    ]
    return pd.DataFrame(rows, columns=["n_train", "alpha", "largest_temperature"])


TITLES = {
    "plane": "The (α, T) plane",
    "sections": "Cross-sections",
    "batches": "Batch size and learning rate",
    "errors": "The chosen cell: errors",
    "changes": "The chosen cell: loss, weights, kernel",
    "collapse": "One curve in the lazy regime",
    "change_temperature": "Weight change against T",
    "time_temperature": "Time to fit against T",
    "change_size": "Weight change against P",
    "time_size": "Time to fit against P",
    "critical": "Where noise begins to matter, against P",
    "largest": "The largest temperature, against α",
}
CAPTIONS = {
    "plane": "Means over the seeds that fitted. Dark and crossed: most seeds diverged; struck through: most were "
    "stopped before they fitted; ring: too few fitted for a mean. Click a cell to play it. On the axis T / T_max an α "
    "has no place whose largest T the grid does not reach.",
    "sections": "Through the cell under the pointer on the plane, else the chosen one. Bands: one standard deviation "
    "over seeds. At the foot: × diverged, ○ too few seeds, − not fitted.",
    "batches": "Names stand where the local exponents of |Δw| in the learning rate and in B are near (1, −1), (1, 0) "
    "and (0, 0). Click a cell to play it.",
    "errors": "Means over seeds with a band of one standard deviation; a seed that has fitted keeps its last state. "
    "Move over the chart to scrub.",
    "changes": "The loss as a share of its first value 1/α; weights and kernel relative to the start.",
    "collapse": "α |Δw| / |w₀| against T α for every α from 1 on. Points off the common curve have left the lazy "
    "regime. Ringed: the chosen α.",
    "change_temperature": "Shaded: the window of the fit, above the plateau of gradient descent and below the escape "
    "from the lazy regime. Click a point to play its run.",
    "time_temperature": "t* = learning rate · steps at which every point was fitted.",
    "change_size": "At each T of the window; the exponent is common to all of them.",
    "time_size": "At each T of the window, likewise.",
    "critical": f"T_c of each seed is where |Δw| / |w₀| passes {CRITICAL_CHANGE:g}. Theory: minus the exponent in P "
    "over that in T, both as measured here.",
    "largest": "Of each seed. Below α = 1 theory's slope is (D − 1)/(D + 1) for D hidden layers; above, none.",
}


def to_player(view: View, charts: dict[str, Figure], shown: Shown) -> str:
    """Return the player's payload as JSON."""
    rest: int | None = st.session_state.get("n_link_step")
    time = clock(shown.trajectory.steps, rest=rest)
    about = {name: _about(name) for name in charts}
    about["errors"]["badge"] = badge(view, shown)
    return payload(time, [(figure, about[name]) for name, figure in charts.items()])


def _about(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": TITLES[name],
        "caption": CAPTIONS[name],
        "alt": TITLES[name],
        "scrub": {"scale": "x", "field": "step"} if name in ("errors", "changes") else None,
        "pick": "cell" if name in ("plane", "batches", *LAWS) else None,
        "cursor": "hover" if name == "plane" else None,
        "edit": None,
        "wide": False,
        "broad": False,
        "file": f"trainscope-{name}",
        "badge": None,
    }


def chosen_row(view: View, shown: Shown) -> dict[str, Any]:
    """Return the chosen cell's row of `plane`."""
    plane, cell = sliced(view, shown, "plane"), view.cell
    row = plane[(plane["alpha"] == cell.alpha) & (plane["temperature"] == cell.temperature)].iloc[0]
    return dict(row)


def badge(view: View, shown: Shown) -> dict[str, str]:
    """Say how the chosen cell's seeds ended."""
    row, seeds = chosen_row(view, shown), len(view.experiment.seeds)
    if row["diverged"]:
        return {"text": f"{row['diverged']} of {seeds} diverged", "tone": "alert"}
    return {"text": f"{row['fitted']} of {seeds} fitted", "tone": "quiet" if row["fitted"] == seeds else "alert"}
