"""What a visitor has set: one table of F, L and Y as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.links import LINK_SCHEMA, opened
from core.studies.complexity.error_overlap import constant_table, joint_error_limits, marks, overlap_table, xor_table
from core.values import ExperimentError, parse_number

POINTS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Sizes of the test set."""

CASES = {"not_l": "F is not L", "constant": "F is constant", "xor": "Y = F xor L"}
"""Tables that the sliders cannot make, by their name in a link."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A table of the family of error_overlap, or one of `CASES`, and how many test points there are.

    place: where the joint error lies between the least and the most that the accuracies allow, in percent.
    """

    accuracy_f: float = 0.95
    accuracy_l: float = 0.85
    place: float = 60.0
    points: int = 1_000
    case: str = ""

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


RANGES = {"accuracy_f": (0.5, 1.0), "accuracy_l": (0.5, 1.0), "place": (0.0, 100.0)}
"""What the sliders and a link may say."""


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters."""
    query = {"v": str(LINK_SCHEMA), "part": "measure"}
    query |= {name: f"{getattr(view, name):.6g}" for name in (*RANGES, "points")}
    return query | ({"case": view.case} if view.case else {})


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link, settings = opened(query, "measure", (*RANGES, "points", "case")), {}
    for name in (*RANGES, "points"):
        settings[name] = link.read(name, partial(_number, name), getattr(View(), name))
    return View(case=link.choice("case", CASES, ""), **settings), link.said


def _number(name: str, text: str) -> float | int:
    number = float(parse_number(name, text))
    if name == "points":
        if number not in POINTS:
            raise ExperimentError(name, f"one of {', '.join(map(str, POINTS))}", text)
        return int(number)
    low, high = RANGES[name]
    if not low <= number <= high:
        raise ExperimentError(name, f"from {low:g} to {high:g}", text)
    return number
