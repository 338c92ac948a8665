"""The power laws that an experiment has the cells for, as charts of the fits and of the points behind them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from core.figure.figure import Figure
from core.observables.power_laws import NARROWEST
from core.part import Shown
from core.studies.phase_plane.charts import onsets, power_law
from core.studies.phase_plane.charts.power_law import Axes
from core.studies.phase_plane.lines import Grid
from core.studies.phase_plane.observables import CRITICAL_CHANGE, crossing, largest_temperature
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory
from core.studies.phase_plane.view import PhasePlaneView

Found = Shown[PhasePlaneTrajectory]

LAWS: Mapping[str, Axes] = {
    "change_temperature": Axes("relative_weight_change", "temperature", "n_train"),
    "time_temperature": Axes("time", "temperature", "n_train"),
    "change_size": Axes("relative_weight_change", "n_train", "temperature"),
    "time_size": Axes("time", "n_train", "temperature"),
    "critical": Axes("critical_temperature", "n_train", "alpha"),
    "largest": Axes("largest_temperature", "alpha", "n_train"),
}
LAZY = tuple(name for name in LAWS if name not in ("critical", "largest"))
"""Those whose points are cells, which can be played."""
TOO_NARROW = f"no exponent: the window spans less than a factor of {NARROWEST:g}"


def laws(view: PhasePlaneView, shown: Found) -> dict[str, Figure]:
    """Return the charts of the power laws: those of the lazy regime where there are several training-set sizes, and the
    largest temperature against alpha where there is a plane."""
    exponents = shown.table("exponents")
    known = set(zip(exponents["quantity"], exponents["against"], strict=True))
    fitted = exponents[exponents["exponent"].notna()]
    found = {}
    for name, axes in LAWS.items():
        there = view.is_plane if name == "largest" else len(view.experiment.n_train) > 1
        if there and (axes.quantity, axes.against) in known:
            found[name] = power_law.figure(_points(name, view, shown), fitted, axes)
    if len(view.experiment.n_train) > 1 and len(rows := shown.table("onsets")):
        found["onsets"] = onsets.figure(rows, float(Grid(shown.trajectory).temperatures[0].max()))
    return found


def _points(name: str, view: PhasePlaneView, shown: Found) -> pd.DataFrame:
    if name == "critical":
        return shown.once("critical points", lambda: _critical_points(shown.trajectory))
    if name == "largest":
        return shown.once("largest points", lambda: _largest_points(shown.trajectory))
    return _lazy_points(view, shown)


def _lazy_points(view: PhasePlaneView, shown: Found) -> pd.DataFrame:
    """Return the cells that lazy power laws are of: the largest alpha and the smallest batch size."""
    plane, exponents, experiment = shown.table("plane"), shown.table("exponents"), view.experiment
    rows = plane[(plane["alpha"] == experiment.alphas[-1]) & (plane["batch_size"] == experiment.batch_size[0])]
    window = exponents[(exponents["quantity"] == "relative_weight_change") & (exponents["against"] == "temperature")]
    if not len(window):  # which temperatures the fit over sizes took is then not known
        return rows.assign(used=False)
    low, high = float(window["low"].iloc[0]), float(window["high"].iloc[0])
    return rows.assign(used=rows["temperature"].between(low * 0.999, high * 1.001))


def _critical_points(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return each seed's T_c by the size of the training set, which the exponent is fitted to."""
    grid = Grid(trajectory)
    rows = [
        (n_train, grid.alphas[-1], crossing(grid.temperatures[0], change, CRITICAL_CHANGE))
        for of_seed in grid.change[:, :, 0, -1]
        for n_train, change in zip(grid.experiment.n_train, of_seed, strict=True)
    ]
    return pd.DataFrame(rows, columns=["n_train", "alpha", "critical_temperature"])


def _largest_points(trajectory: PhasePlaneTrajectory) -> pd.DataFrame:
    """Return each seed's largest T by alpha and size of the training set, which the exponent is fitted to."""
    grid = Grid(trajectory)
    rows = [
        (n_train, alpha, temperature)
        for of_seed in largest_temperature(grid.fitted[:, :, 0], grid.temperatures[0])
        for n_train, of_size in zip(grid.experiment.n_train, of_seed, strict=True)
        for alpha, temperature in zip(grid.alphas, of_size, strict=True)
    ]
    return pd.DataFrame(rows, columns=["n_train", "alpha", "largest_temperature"])
