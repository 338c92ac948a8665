"""The Explorer's plane from several seeds, as the phase plane has trained it: found where it is the same, and said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.part import Shown
from core.store import Store
from core.studies.explorer.other_seeds import of_more_seeds, sentence
from core.studies.explorer.part import PART
from core.studies.explorer.presets import PRESETS
from core.studies.explorer.view import ExplorerView
from core.trajectory import Trajectory

DIGITS = PRESETS["explorer/digits"].experiment


def test_it_is_found_for_the_same_networks_only() -> None:
    found: Any = of_more_seeds(DIGITS)
    assert len(found.seeds) == 8
    assert found.alphas == DIGITS.alphas
    assert of_more_seeds(replace(DIGITS, seeds=(5,))) == found
    for changed in ({"width": 32}, {"batch_size": 8}, {"n_train": 256}, {"depth": 2}, {"alphas": (1.0,)}):
        assert of_more_seeds(replace(DIGITS, **changed)) is None


def test_the_sentence_says_how_many_fit_and_how_they_differ() -> None:
    table = pd.DataFrame({"alpha": [1.0, 1.0, 4.0], "temperature": [0.1, 0.2, 0.1], "fitted": [8, 1, 0]})
    for name in ("test_error", "relative_weight_change"):
        table[name], table[f"{name}_deviation"] = [0.0312, 0.02, np.nan], [0.004, np.nan, np.nan]
    assert sentence(table, 8, 1.0, 0.1).startswith("8 of 8 seeds fit this cell: test error 0.031 ± 0.004")
    assert sentence(table, 8, 1.0, 0.2) == "1 of 8 seeds fits this cell."
    assert sentence(table, 8, 4.0, 0.1) == "Of 8 seeds none fits this cell."
    assert not sentence(table, 8, 4.0, 0.2)


def test_it_stands_above_the_charts_with_and_without_a_pinned_run(tmp_path: Path) -> None:
    view = ExplorerView()

    def shown(experiment: Any) -> Shown[Trajectory] | None:
        found, _ = Store(tmp_path).load(experiment)
        return None if found is None else Shown(found)

    for one in (view, replace(view, pinned=replace(view, alpha=DIGITS.alphas[2]).pin())):
        drawn = [shown(experiment) for experiment in (*PART.trainings(one).values(), *PART.looks(one))]
        said, lazy = PART.scene(one, drawn).notes
        assert "of 8 seeds fit this cell: test error 0.0" in said
        assert lazy.startswith("Against its linearisation at initialization, trained on the same batches (5 seeds): ")
        assert PART.scene(one, drawn[:-1]).notes == (lazy,)
        assert not PART.scene(one, [*drawn[:-2], None, None]).notes
