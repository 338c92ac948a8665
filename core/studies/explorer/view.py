"""What is shown of the Explorer: one run of a plane, the plane around it, and up to three pinned runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from core.choices import DATASETS
from core.datasets import CATALOGUE
from core.experiment import Experiment
from core.field import choice, declared, number, seed
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.linearised import plane_of
from core.studies.explorer.measures import MEASURES
from core.studies.explorer.presets import PRESETS
from core.values import log2_grid
from core.view import View, with_own_table

FIRST = PRESETS["explorer/digits"].experiment
ALPHAS = log2_grid(-8, 10, 12)
EARLIER = {"csv": "csv_digest"}
"""Words of links that had another name."""


@dataclass(frozen=True, kw_only=True)
class ExplorerView(View):
    """A run at `alpha` and `temperature` from one seed, the 12 x 12 plane around it, and how the two are drawn."""

    part: ClassVar[str] = "explorer"
    opens: ClassVar[bool] = True
    unlinked: ClassVar[tuple[str, ...]] = ("alphas", "temperatures", "seeds")
    trained: ClassVar[tuple[str, ...]] = ("alpha", "temperature", "seed", "coldest")

    experiment: Explorer = FIRST
    seed: int = seed(
        label="Seed",
        help="Draws the training set, the weights and the batches. The same seed gives the same run.",
        section="Network and training",
    )
    alpha: float = number(
        ALPHAS[5],
        2.0**-14,
        2.0**15,
        label="Output scale α",
        help="The hinge loss asks for y F ≥ 1/α. Large α barely moves the weights (lazy); small α makes the network "
        "learn features.",
        section="Where in the plane",
    )
    temperature: float = number(
        log2_grid(-10, -1, 12)[5],
        2.0**-24,
        2.0**6,
        label="Temperature T",
        help="The noise of SGD: T = learning rate / (batch size · width), the step size being that on the mean loss of "
        "a batch.",
        section="Where in the plane",
    )
    coldest: float = number(-10.0, -24, -3, label="log₂ of the plane's lowest temperature", hidden=True)
    """The plane spans 2^9 from there."""
    colour: str = choice(
        "test_error", {name: measure.title for name, measure in MEASURES.items()}, label="Colour of the plane"
    )
    when: str = choice("fitting time", ("fitting time", "played step"), label="Coloured at")
    axis: str = choice("log", ("log", "linear"), label="Step axis")

    @classmethod
    def of(cls, experiment: Experiment, **shown: Any) -> Self:
        """Return the view of a plane, of the run in its middle if it is not said which."""
        assert isinstance(experiment, Explorer)
        alphas, temperatures = experiment.alphas, experiment.temperatures
        usual = {
            "seed": experiment.seeds[0],
            "alpha": alphas[(len(alphas) - 1) // 2],
            "temperature": temperatures[(len(temperatures) - 1) // 2],
            "coldest": round(math.log2(temperatures[0]), 2),
        }
        own = usual | shown
        grid = log2_grid(own["coldest"], own["coldest"] + 9, 12)
        return super().of(replace(experiment, alphas=ALPHAS, temperatures=grid, seeds=(own["seed"],)), **own)

    def changed(self, values: Mapping[str, Any]) -> Self:
        """Return the view with other values; a table belongs to the data set `csv` alone."""
        return super().changed(with_own_table(self.experiment, values))

    def limits(self, name: str, values: Mapping[str, Any]) -> tuple[int, int] | None:
        """Return the range of the training points, as many as the data set has, and of a batch of them."""
        bounds = declared(Explorer)[name].bounds if name in ("n_train", "batch_size") else None
        if bounds is None:
            return None
        most = CATALOGUE[values["dataset"]].n_train_max if name == "n_train" else values["n_train"]
        return int(bounds.low), min(int(bounds.high), int(most or bounds.high))

    @classmethod
    def translated(cls, query: Mapping[str, str]) -> Mapping[str, str]:
        """Return a link in today's words: `csv` was the name of `csv_digest`, and a line was written `3-17`."""
        words = {EARLIER.get(name, name): text for name, text in query.items()}
        if (line := words.get("line", "")).replace("-", "").isascii():
            words["line"] = line.replace("-", ",")
        return {name: text for name, text in words.items() if text or name not in ("line", "csv_digest")}

    def with_preset(self, experiment: Experiment) -> Self:
        """Return a preset's plane, drawn as this one is; one of linearisations shows how lazy its networks are."""
        if not isinstance(experiment, Explorer):
            return self.of(plane_of(experiment), colour="weight_ratio", when=self.when, axis=self.axis)
        return self.of(experiment, colour=self.colour, when=self.when, axis=self.axis)

    @property
    def point(self) -> Explorer:
        """The run by itself."""
        return self.experiment.at(self.alpha, self.temperature)

    @property
    def learning_rate(self) -> float:
        """T * batch_size * width."""
        return self.experiment.learning_rate(self.temperature)


def differences(one: ExplorerView, other: ExplorerView) -> list[str]:
    """Return the settings in which two runs differ, as `name value (here value)`."""
    fields = {**declared(Explorer), **declared(ExplorerView)}
    named = [*(name for name in declared(Explorer) if name not in ExplorerView.unlinked), *ExplorerView.trained[:3]]
    found = []
    for name in named:
        mine, theirs = (
            getattr(view if name in ExplorerView.trained else view.experiment, name) for view in (one, other)
        )
        if name == "csv_digest":
            found += ["another table"] if mine and theirs and mine != theirs else []
        elif mine != theirs:
            found.append(f"{_lowered(fields[name].label)} {_shown(name, theirs)} (here {_shown(name, mine)})")
    return found


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:]


def _shown(name: str, value: Any) -> str:
    """Return a setting as a person reads it."""
    if name == "dataset":
        return DATASETS[value]
    if name in ("alpha", "temperature"):
        return f"{value:.4g}"
    if name == "line":
        return "through " + " and ".join(map(str, value)) if value else "through the class means"
    return str(value)[:12]
