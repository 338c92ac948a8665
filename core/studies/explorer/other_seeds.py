"""The same plane from several seeds, where another study has trained it: how much of a cell is the seed's.

The networks of the phase plane with one batch size and one training-set size are those of the Explorer, bit for bit;
they keep errors and norms alone, so that eight seeds of them ship in a tenth of the room that one takes here.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from core.experiment import Experiment
from core.studies.explorer.experiment import Explorer
from core.study import presets

SAME = ("dataset", "width", "depth", "activation", "alphas", "temperatures", "step_limit")
"""Fields that both experiments have."""
ONE = ("n_train", "batch_size")
"""Those of which the other may have several."""


@lru_cache(maxsize=64)
def of_more_seeds(experiment: Explorer) -> Experiment | None:
    """Return a shipped experiment of the same networks from several seeds, if there is one."""
    for preset in presets().values():
        other = preset.experiment
        if preset.shipped and not isinstance(other, Explorer) and _is_same(experiment, other):
            return other
    return None


def sentence(plane: pd.DataFrame, seeds: int, alpha: float, temperature: float) -> str:
    """Say how a cell's test error varies over seeds; nothing where none has fitted, or where there is no such cell.

    Args:
        plane: alpha, temperature, fitted, test_error and its deviation: means over the seeds that fitted.
    """
    cell = plane[(plane["alpha"] == alpha) & (plane["temperature"] == temperature)]
    if not len(cell):
        return ""
    row, fitted = cell.iloc[0], int(cell["fitted"].iloc[0])
    if not fitted:
        return f"Of {seeds} seeds none fits this cell."
    if not row["test_error_deviation"] >= 0:
        return f"{fitted} of {seeds} seeds fit{'s' if fitted == 1 else ''} this cell."
    return (
        f"{fitted} of {seeds} seeds fit this cell: test error {row['test_error']:.3f} ± "
        f"{row['test_error_deviation']:.3f} (standard deviation over seeds), |Δw| / |w₀| "
        f"{row['relative_weight_change']:.2g} ± {row['relative_weight_change_deviation']:.1g}."
    )


def _is_same(experiment: Explorer, other: Experiment) -> bool:
    mine = [(getattr(experiment, name),) if name in ONE else getattr(experiment, name) for name in (*SAME, *ONE)]
    connected = getattr(other, "network", "fc") == "fc"
    return (
        connected
        and mine == [getattr(other, name, None) for name in (*SAME, *ONE)]
        and len(getattr(other, "seeds", ())) > 1
    )
