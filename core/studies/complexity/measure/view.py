"""What is shown of the measure mu_Y: one table of F, L and Y."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from core.experiment import Untrained
from core.field import choice, number, whole
from core.studies.complexity.error_overlap import constant_table, joint_error_limits, marks, overlap_table, xor_table
from core.view import View

NOTHING = Untrained()
ACCURACIES = tuple(share / 200 for share in range(100, 201))
CASES = {"none": "", "not_l": "F is not L", "constant": "F is constant", "xor": "Y = F xor L"}
"""Tables that the sliders cannot make, and what a person reads of each."""


@dataclass(frozen=True, kw_only=True)
class MeasureView(View):
    """A table of the family of `error_overlap`, or one of `CASES`, and how many test points there are."""

    part: ClassVar[str] = "measure"
    trained: ClassVar[tuple[str, ...]] = ("accuracy_f", "accuracy_l", "place", "points", "case")

    experiment: Untrained = NOTHING
    accuracy_f: float = number(
        0.95,
        0.5,
        1,
        label="Accuracy of F, the network",
        section="Two classifiers",
        offered=ACCURACIES,
        form="{:.3f}",
    )
    accuracy_l: float = number(
        0.85,
        0.5,
        1,
        label="Accuracy of L, the explainer",
        section="Two classifiers",
        offered=ACCURACIES,
        form="{:.3f}",
    )
    place: float = number(
        60.0,
        0,
        100,
        label="Errors in common",
        help="From the fewest points that both can get wrong at these accuracies (0 %) to the most (100 %). A click on "
        "the curve sets it, too.",
        section="Two classifiers",
        offered=tuple(half / 2 for half in range(201)),
        form="{:.3g} %",
    )
    points: int = whole(
        1_000,
        50,
        50_000,
        label="Points N",
        help="The numbers are those of the population; N says how far an estimate from N points may be off.",
        section="Test set",
        offered=(50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000),
        form="{:,}",
    )
    case: str = choice("none", CASES, label="Special case", hidden=True)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; a slider leads back from a table that the sliders cannot make."""
        moved = {"accuracy_f", "accuracy_l", "place"} & values.keys()
        return super().changed({**({"case": "none"} if moved else {}), **values})

    def table(self) -> NDArray[np.float64]:
        """Return the shares (F, L, Y)."""
        if self.case == "not_l":
            return overlap_table(1 - self.accuracy_l, self.accuracy_l, 0.0)
        if self.case == "constant":
            return constant_table(self.accuracy_l)
        return xor_table() if self.case == "xor" else self._of_the_family()

    def _of_the_family(self) -> NDArray[np.float64]:
        least, most = joint_error_limits(self.accuracy_f, self.accuracy_l)
        joint = least + self.place / 100 * (most - least)
        return overlap_table(self.accuracy_f, self.accuracy_l, min(joint, most))

    def at(self, relation: str) -> float:
        """Return the place of a relation of F and L, a key of `marks`."""
        least, most = joint_error_limits(self.accuracy_f, self.accuracy_l)
        joint = marks(self.accuracy_f, self.accuracy_l)[relation]
        return 100 * (joint - least) / (most - least) if most > least else 0.0


def special_cases(view: MeasureView) -> Mapping[str, tuple[str, str, MeasureView]]:
    """Return tables worth knowing at the accuracies of a view: a title, what to see, and the view, by name."""
    family = replace(view, case="none")
    same = replace(family, accuracy_f=view.accuracy_l, place=100.0)
    return {
        "same": ("F = L", "Nothing is left once L is known: I(F;Y|L) = 0, and μ_Y = I(F;Y).", same),
        "not_l": (
            CASES["not_l"],
            "μ_Y is blind to the names of the labels: the same as F = L, at an accuracy of one minus L's.",
            replace(same, case="not_l"),
        ),
        "noisy_copy": (
            "Noisy copy",
            "The worse classifier repeats the better one but for coin flips: μ_Y is as large as these accuracies "
            "allow. Nested errors are not the most.",
            replace(family, place=family.at("noisy_copy")),
        ),
        "independent": (
            "Independent given Y",
            "What two unrelated classifiers of these accuracies share: the line that a claim has to beat.",
            replace(family, place=family.at("independent")),
        ),
        "perfect": (
            "F = Y",
            "A perfect F keeps all of I(L;Y), whatever L is: retention says nothing there.",
            replace(family, accuracy_f=1.0),
        ),
        "constant": (
            CASES["constant"],
            "F says nothing: every term is 0.",
            replace(family, accuracy_f=0.5, place=50.0, case="constant"),
        ),
        "xor": (
            CASES["xor"],
            "Neither alone says anything about Y, both together say all: μ_Y = −1 bit.",
            replace(family, accuracy_f=0.5, accuracy_l=0.5, place=50.0, case="xor"),
        ),
    }
