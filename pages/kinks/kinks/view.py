"""What a visitor of the Kinks page looks at, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from core.links import opened
from core.links import written as written_link
from core.presets import settings_text
from core.studies.kinks.experiment import LIMITS, Kinks
from core.studies.kinks.presets import PRESETS as KINKS
from core.studies.kinks.tables import REFERENCES
from core.values import ExperimentError

FIRST = KINKS["kinks/zig5"].experiment
LAZY_SIGMA = KINKS["kinks/zig5_lazy"].experiment.sigma
STRIP_SEEDS = KINKS["kinks/seeds"].experiment.seeds
CODES: Mapping[str, str] = dict(zip(("dots", "norm", "limit", "lazy", "greedy"), REFERENCES, strict=True))
"""How a link names the references."""
SETTINGS = tuple(f.name for f in fields(Kinks) if f.name != "seeds")
"""The settings of one training; how many seeds the strip has is no matter of the person's."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A training, what is drawn beside it, and the step at which it rests (None: it plays)."""

    experiment: Kinks = FIRST
    references: tuple[str, ...] = ()
    twin: bool = False
    """Whether the same data from a large start are shown beside."""
    strip: bool = False
    """Whether what 64 seeds come to is shown."""
    step: int | None = None

    def of_strip(self) -> Kinks:
        """Return the seeds of the strip."""
        return replace(self.experiment, seeds=STRIP_SEEDS)

    def of_twin(self) -> Kinks:
        """Return the same data from a large start, in pairs of opposite sign; of a lazy run, from a small one."""
        own = self.experiment
        if own.sigma >= 1:
            return replace(own, sigma=FIRST.sigma, paired=False)
        return replace(own, sigma=LAZY_SIGMA, paired=True, width=own.width + own.width % 2)


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting, so that a default that changes later changes no old link."""
    query = written_link("line", view.experiment, SETTINGS)
    query["beside"] = ",".join(code for code, name in CODES.items() if name in view.references)
    query |= {name: settings_text(getattr(view, name)) for name in ("twin", "strip")}
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    link = opened(query, "line", (*SETTINGS, "beside", "twin", "strip", "step"), first=True)
    view = View(
        experiment=link.experiment(FIRST, SETTINGS, together=("x", "y")),
        references=tuple(CODES[code] for code in link.some("beside", CODES, ())),
        twin=link.flag("twin"),
        strip=link.flag("strip"),
        step=link.whole("step", LIMITS["step_limit"].high),
    )
    return view, link.said


def differences(one: Kinks, other: Kinks) -> list[str]:
    """Return the settings in which two trainings differ, as `name value (here value)`."""
    found = []
    for name in SETTINGS:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine != theirs:
            found.append("the points" if name in ("x", "y") else f"{name} {_said(theirs)} (here {_said(mine)})")
    return list(dict.fromkeys(found))


def read_points(text: str) -> tuple[Sequence[float], Sequence[float]]:
    """Return x and y of points written one a line, numbers apart by commas, semicolons, tabs or spaces.

    A first line of words is a header. Raises ExperimentError for any other line that is not two numbers.
    """
    x, y = [], []
    for number, line in enumerate(part for part in text.splitlines() if part.strip()):
        words = line.replace(",", " ").replace(";", " ").split()
        try:
            here, height = (float(word) for word in words)
        except ValueError:
            if number == 0 and len(words) == 2 and not any(word[0] in "+-.0123456789" for word in words):
                continue
            raise ExperimentError("points", "two numbers a line, x and y", line.strip()) from None
        x.append(here)
        y.append(height)
    return x, y


def written(x: Sequence[float], y: Sequence[float]) -> str:
    """Return points as `read_points` takes them."""
    return "\n".join(f"{here:g}, {height:g}" for here, height in zip(x, y, strict=True))


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()
