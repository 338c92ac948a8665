"""Presets of the Complexity page."""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.linear_model.experiment import LinearModel
from core.study import Preset

PRESETS: Mapping[str, Preset[LinearModel]] = {
    "complexity/theorem": Preset(
        "Overfitting that forgets nothing",
        "Twenty times as many dimensions as samples: SGD from the simple classifier fits every wrong label and stays "
        "right on new data.",
        LinearModel(),
        shipped=False,
    ),
    "complexity/theorem_few": Preset(
        "Hardly more dimensions than samples",
        "Half as many dimensions again as samples: fitting the wrong labels costs about a seventh of the accuracy.",
        LinearModel(d_over_n=1.5, step_limit=20_000),
        shipped=False,
    ),
    "complexity/theorem_noise": Preset(
        "Three labels in ten wrong",
        "The same with more wrong labels to fit: the simple classifier still stays.",
        LinearModel(eta=0.3),
        shipped=False,
    ),
}
