"""The charts of gradient starvation: theory for every setting, networks once they are trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.figure.figure import Figure
from core.part import Scene, Shown, badge, cards
from core.studies.starvation import tables
from core.studies.starvation.charts import model as model_chart
from core.studies.starvation.experiment import MODELS, Starvation
from core.studies.starvation.theory import level
from core.studies.starvation.trajectory import StarvationTrajectory
from core.studies.starvation.view import StarvationView

Measured = Shown[StarvationTrajectory] | None

CAPTIONS: Mapping[str, str] = {
    "linear": "One layer, N(x) = w·x. The weak feature is bounded by N_w ≤ p (n_w/n_s)² N_s (dashed, proved).",
    "private": "Two layers, every neuron sees one feature only. The weak feature is bounded by "
    "N_w ≤ N₀ (N_s/N₀)^(p n_w/n_s) (dashed, proved).",
    "shared": "Two layers, every neuron sees both features: the weak one rides along. The line is the limit of a small "
    "initialization, where all neurons become one. It kept to the linear model's bound (dashed) wherever it was run, "
    "and networks nearly did. Where many samples have one feature only, some neurons specialize in it and leave the "
    "line.",
}
HOW = (
    " Lines: theory. Small dots: networks, in the upper panel their mean over seeds, in the lower one each seed. Grey "
    "vertical line: the stop, when every sample with the strong feature is learned. There is no bound where the weak "
    "feature also comes alone."
)


def scene(view: StarvationView, drawn: Sequence[Measured]) -> Scene:
    """Return a chart a model, of theory alone before there are networks."""
    experiment, shown = view.experiment, drawn[0]
    said = verdict(experiment, shown)
    about = cards(
        {model: (name, CAPTIONS[model] + HOW) for model, name in MODELS.items()},
        said,
        badge={model: _badge(model, experiment, shown) for model in MODELS},
    )
    steps = StarvationTrajectory.scheduled(experiment)
    return Scene(figures=_figures(view, shown), cards=about, steps=steps, verdict=said)


def _figures(view: StarvationView, shown: Measured) -> dict[str, Figure]:
    experiment = view.experiment
    stops = tables.at_stop(experiment) if shown is None else shown.table("starvation")
    path = tables.path_theory(experiment) if shown is None else shown.table("starvation_path")
    path = path[path["p"] == experiment.frequency]
    times = StarvationTrajectory.scheduled(experiment) * experiment.learning_rate
    now = tables.path_theory(experiment, times)
    limits = _limits(view, path, stops, times)
    own = stops[(stops["source"] == "theory") & (stops["p"] == experiment.frequency)].set_index("model")["time"]
    stops = stops.assign(level=level(experiment.loss, experiment.delta), frequency=experiment.frequency)
    return {
        model: model_chart.figure(
            name,
            path[path["model"] == model],
            stops[stops["model"] == model].assign(stop=float(own[model])),
            times,
            now[now["model"] == model],
            limits,
        )
        for model, name in MODELS.items()
    }


def _limits(
    view: StarvationView, path: pd.DataFrame, stops: pd.DataFrame, times: NDArray[np.float64]
) -> dict[str, float]:
    """Return what the axes are set by, the same for all three models so that they can be compared."""
    last = tables.LAST_TIME if view.long else float(times[-1])
    seen = path[path["time"] <= last][["logit_strong", "logit_weak"]].to_numpy()
    learned = level(view.experiment.loss, view.experiment.delta)
    weak = stops[["logit_weak", "bound"]].to_numpy()
    return {
        "t_low": float(times[1]),
        "t_high": last,
        "logit_high": round(model_chart.ROOM * max(float(np.nanmax(seen)), 1.2 * learned), 4),
        "weak_high": round(model_chart.ROOM * max(float(np.nanmax(weak)), 1e-3), 4),
    }


def _badge(model: str, experiment: Starvation, shown: Measured) -> Mapping[str, str]:
    if shown is None:
        return badge("theory only, so far")
    lost = [run for run in range(experiment.runs) if shown.trajectory.outcome(run) == "diverged"]
    if lost:
        return badge(f"{len(lost)} of {experiment.runs} seeds diverged", alert=True)
    stopped = np.isfinite(shown.trajectory["stop_time"][:, list(MODELS).index(model)])  # (run, frequency)
    if stopped.all():
        return badge("learned at every p")
    return badge(f"not learned at {int((~stopped.any(axis=0)).sum())} p yet", alert=True)


def verdict(experiment: Starvation, shown: Measured) -> str:
    """Say what comes out, in Markdown: theory's numbers, and with them those measured."""
    known = tables.at_stop(experiment)
    known = known[known["p"] == experiment.frequency].set_index("model")
    measured = _measured(experiment, shown)
    parts = []
    for model, name in MODELS.items():
        row = known.loc[model]
        networks = f" (networks {measured[model]:.3f})" if model in measured else ""
        parts.append(f"**{row['logit_weak']:.3f}** in {name}{networks}, probability {row['probability_weak']:.3f}")
    learned = level(experiment.loss, experiment.delta)
    said = (
        f"p = {experiment.frequency:g}: when the strong feature is learned, its samples at a logit of {learned:.3g}, "
        f"the weak one by itself is at a logit of {'; '.join(parts)}."
    )
    if experiment.q_sw > 0:
        return said
    ratio = (known["time_weak"] / known["time"])["private"]
    return f"{said} The two never meet: in M2 the weak one takes **{ratio:.3g}** times as long, and is then as certain."


def _measured(experiment: Starvation, shown: Measured) -> dict[str, float]:
    """Return each model's mean weak logit at the stop, where a network reached it."""
    if shown is None:
        return {}
    found = shown.table("starvation")
    mine = found[(found["source"] == "measured") & (found["p"] == experiment.frequency)].dropna(subset="logit_weak")
    return {str(model): float(rows["logit_weak"].mean()) for model, rows in mine.groupby("model")}
