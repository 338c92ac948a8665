"""What is shown of the linear model that overfits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.field import flag
from core.studies.linear_model.experiment import LinearModel
from core.studies.linear_model.presets import PRESETS
from core.view import View

FIRST = PRESETS["complexity/theorem"].experiment


@dataclass(frozen=True, kw_only=True)
class LinearView(View):
    """A training, and which labels it is measured by."""

    part: ClassVar[str] = "theorem"

    experiment: LinearModel = FIRST
    clean: bool = flag(
        False,
        label="Measure μ_Y by true labels",
        help="Off: Y is the label of a new point, flipped as often as the training labels are. On: its true label.",
    )
