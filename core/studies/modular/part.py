"""Modular addition: the first part of the Grokking page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.part import Lesson, Part, late
from core.studies.modular.presets import PRESETS
from core.studies.modular.view import ModularView

INTRODUCTION = (
    "**The output scale α alone decides how long after fitting a network generalizes: no weight decay is needed.** "
    "A network with quadratic units learns (a + b) mod p from some of all pairs (Gromov 2023, "
    "[2301.02679](https://arxiv.org/abs/2301.02679)). Kumar et al. 2023 "
    "([2310.06110](https://arxiv.org/abs/2310.06110)) report that the delay comes with lazy training at the "
    "beginning: large α fits the training pairs with the features that it has, before it learns better ones. "
    "The predictor is F = f − f₀, the learning rate η₀ / α²."
)


def _at(preset: str, alpha: float, **shown: Any) -> ModularView:
    return ModularView.of(PRESETS[f"grokking/{preset}"].experiment, alpha=alpha, **shown)


LESSONS = (
    Lesson(
        "Fits early, generalizes late",
        "α = 16. The training error is 0 while the test error is still near 1; the test loss first rises. The test "
        "error falls long after. Nothing shrinks the weights: their norm grows.",
        _at("modular", 16.0),
    ),
    Lesson(
        "No delay at small α",
        "α = 1/4, the same initial weights: the test error falls with the training error.",
        _at("modular", 0.25),
    ),
    Lesson(
        "One measure of progress",
        "Against the test error, inverse participation ratios at all α fall on one curve, though the kernel moves "
        "a hundred times as far at small α. α changes how early the training error is 0, not what is learned.",
        _at("modular", 8.0, against="test_error"),
    ),
    Lesson(
        "The lazy limit",
        "α = 64: the training error is 0, the test error stays near 1 in all these steps.",
        _at("modular_lazy", 64.0),
    ),
    Lesson(
        "What if f₀ is not subtracted?",
        "α = 64 again. The network has to unlearn its large initial output, which takes feature learning: it "
        "generalizes, and the norm of its weights falls.",
        _at("modular_unsubtracted", 64.0),
    ),
    Lesson(
        "Too few pairs",
        "Half of all pairs, α = 4: the network fits them and does not generalize. There is a smallest fraction, and "
        "near it delays are longest.",
        _at("modular_few", 4.0),
    ),
    Lesson(
        "Toward the critical fraction",
        "A network in each cell: of an α, on a fraction of the pairs. At every α the delay grows as the fraction "
        "falls, until no network generalizes within these steps; at larger α that happens at larger fractions.",
        _at("modular_plane", 4.0, at_fraction=0.7),
    ),
    Lesson(
        "Cross-entropy is no shortcut",
        "α = 16. The training error is 0 early on and the test error stays high: once the softmax is saturated, "
        "features hardly move.",
        _at("modular_cross_entropy", 16.0),
    ),
)


def _picked(view: ModularView, pick: Mapping[str, Any]) -> ModularView:
    """Return the view of the output scale, or of the cell of a plane, that was clicked."""
    named = {"alpha": "alpha", "fraction": "at_fraction"}
    return view.changed({named[name]: float(value) for name, value in pick["fields"].items() if name in named})


def _notes(view: ModularView) -> Mapping[str, str]:
    experiment = view.experiment
    alphas = ", ".join(f"{alpha:g}" for alpha in experiment.alphas)
    trained = experiment.n_train(view.at_fraction)
    return {
        "Data": f"{trained} pairs are trained on, {experiment.p**2 - trained} are the test set.",
        "Optimizer": f"α trained: {alphas}. The command line and the link take others.",
    }


PART = Part(
    view=ModularView,
    title="Modular addition",
    key="gm",
    introduction=INTRODUCTION,
    presets=PRESETS,
    lessons=LESSONS,
    sections=("Data", "Network", "Optimizer"),
    notes=_notes,
    scene=late("core.studies.modular.scene"),
    picked=_picked,
    tables={
        "modular": "Every network at every recorded step.",
        "modular_delays": "When every network fitted and generalized, and what was measured then.",
        "modular_spectra": "The power spectra of eight neurons at every recorded step, of the first seed.",
    },
)
