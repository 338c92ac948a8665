"""The tables of a network of one's own: those of every comparison, and what came along with the recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from core.comparison.tables import examples, explainers, four_cells, information
from core.recorded.recorded import CURVES
from core.studies.own_network.trajectory import QUANTILES, OwnNetworkTrajectory


def recording(trajectory: OwnNetworkTrajectory) -> pd.DataFrame:
    """Return one row a recorded step: losses, weight change and margins, empty where they did not come along."""
    names = [f"margin_{100 * share:.0f}" for share in QUANTILES]
    columns = {name: trajectory.curve(name) for name in CURVES}
    margins = dict(zip(names, trajectory["margin"].astype(np.float64).T, strict=True))
    return pd.DataFrame({"step": trajectory.steps} | columns | margins)


def kinks(trajectory: OwnNetworkTrajectory) -> pd.DataFrame:
    """Return one row a recorded step and first-layer unit: where on the data line it switches."""
    places = trajectory["kink"]
    snapshots, neurons = places.shape
    return pd.DataFrame(
        {
            "step": np.repeat(trajectory.steps, neurons),
            "neuron": np.tile(np.arange(neurons), snapshots),
            "position": places.ravel().astype(np.float64),
        }
    )


TABLES: Mapping[str, Callable[[OwnNetworkTrajectory], pd.DataFrame]] = {
    "information": information,
    "explainers": explainers,
    "four_cells": four_cells,
    "examples": examples,
    "recording": recording,
    "kinks": kinks,
}
"""The tables by the name of their CSV file."""
