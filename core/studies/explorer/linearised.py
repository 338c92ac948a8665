"""How lazy the networks of a plane are, where another study has trained them beside their linearisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from core.experiment import Experiment
from core.observables.regimes import FEATURE_FACTOR, LAZY_DISPLACEMENT, LAZY_FACTOR, WEAKLY
from core.studies.explorer.experiment import Explorer
from core.study import presets, studies
from core.values import ExperimentError

SAME = (
    *("dataset", "n_train", "width", "depth", "activation"),
    *("alphas", "temperatures", "batch_size", "step_limit", "seeds"),
)
"""Fields that both experiments have."""
MEASURES = ("agreement", "weight_ratio")
"""What colours the plane by it: columns of the tables `linearised` and `linearised_history`."""
NAMES = ("lazy", WEAKLY, "feature learning")
"""The regimes that the plane names."""
BY_WEIGHTS = (
    f"Names: |Δw| is within a factor {LAZY_FACTOR:g} of that of the network's linearisation at initialization (lazy), "
    f"off by more (weakly nonlinear), or by more than {FEATURE_FACTOR:g} (feature learning). At small α T a "
    "linearisation may not be fitted at the step limit; |Δw| over its own is an upper bound then."
)
BY_KINKS = f"Names: the median kink has moved less than {LAZY_DISPLACEMENT:g} of the initial spread (lazy), or more."


@lru_cache(maxsize=64)
def beside_linearised(experiment: Explorer) -> Experiment | None:
    """Return the experiment that has these networks beside their linearisations, one that ships if it does.

    None where there cannot be one: on a person's own table, and on more points than a tangent kernel has room for.
    """
    kind: Any = studies()["linearised"].experiment
    try:
        own = kind(**{name: getattr(experiment, name) for name in SAME})
    except ExperimentError:
        return None
    ship = [one.experiment for one in presets().values() if one.shipped and isinstance(one.experiment, kind)]
    whole = (one for one in ship if replace(one, seeds=own.seeds) == own and set(own.seeds) <= set(one.seeds))
    found: Experiment = next(whole, own)
    return found


def plane_of(experiment: Any) -> Explorer:
    """Return the plane of the networks of such an experiment, of its first seed."""
    return Explorer(**{name: getattr(experiment, name) for name in SAME} | {"seeds": experiment.seeds[:1]})


def with_regimes(cells: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table `plane` with `MEASURES` and the regime that they tell, from the table `linearised`.

    Cells that are not in it have neither.
    """
    keys = ["alpha", "temperature", "seed"]
    own = runs[[*keys, *MEASURES, "regime"]]
    return cells.drop(columns="regime").merge(own, how="left", on=keys).fillna({"regime": ""})


def histories(cells: pd.DataFrame, history: pd.DataFrame) -> Sequence[pd.DataFrame | None]:
    """Return of each row of `plane` its rows of the table `linearised_history`; None for a run that has none."""
    found = dict(iter(history.groupby(["alpha", "temperature", "seed"], sort=False)))
    places = zip(cells["alpha"], cells["temperature"], cells["seed"], strict=True)
    return [found.get(place) for place in places]


def sentence(cells: pd.DataFrame, alpha: float, temperature: float) -> str:
    """Say of a row of the table `linearised_cells` how lazy the cell is; nothing where none of its seeds fitted."""
    cell = cells[(cells["alpha"] == alpha) & (cells["temperature"] == temperature) & (cells["fitted"] > 0)]
    if not len(cell):
        return ""
    row: Any = cell.iloc[0]
    ratio, agreement = (_with_error(row, name, digits) for name, digits in (("weight_ratio", 2), ("agreement", 3)))
    return (
        f"Against its linearisation at initialization, trained on the same batches ({row['fitted']:.0f} seeds): |Δw| "
        f"is {ratio} of the linearisation's, and the two agree on {agreement} of the test points "
        f"({row['agreement_independent']:.3f} if they erred independently)."
    )


def _with_error(row: Any, name: str, digits: int) -> str:
    value, error = row[name], row[f"{name}_error"]
    return f"{value:.{digits}f} ± {error:.{digits}f}" if error >= 0 else f"{value:.{digits}f}"
