"""The charts of three models of gradient starvation as the player takes them: theory at once, networks once trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.experiment import digest
from core.figure.figure import Figure
from core.studies.starvation import tables as frames
from core.studies.starvation.charts import model as starvation_model
from core.studies.starvation.experiment import MODELS, Starvation
from core.studies.starvation.theory import level
from core.studies.starvation.trajectory import StarvationTrajectory, snapshots
from pages.learning_dynamics.starvation.controls import kept
from pages.learning_dynamics.starvation.view import View
from pages.shared.library import Found
from pages.shared.payload import clock, payload

Shown = Found[StarvationTrajectory]

TABLES = {
    "starvation": "At the stop, over p: theory, then the networks, one row a seed.",
    "starvation_path": "The logits of both features over time.",
    "exclusive": "When each feature by itself was learned, and the ratio of the two times.",
}
"""What can be taken away of what is on screen."""

CAPTIONS = {
    "linear": "One layer, N(x) = w·x. Starved to N_w ≤ p (n_w/n_s)² N_s (dashed, proved).",
    "private": "Two layers, every neuron on one feature only. Starved most: N_w ≤ N₀ (N_s/N₀)^(p n_w/n_s) (dashed, "
    "proved).",
    "shared": "Two layers, every neuron sees both features: the weak one rides along. The line is the limit of a small "
    "start, where all neurons become one; it keeps to the linear model's bound (dashed) wherever it was run, networks "
    "nearly so. Where samples with one feature only abound, some neurons keep to that one and leave the line.",
}
HOW = (
    " Lines: theory. Small dots: networks, mean over seeds above, one a seed below. Grey vertical: the stop, when "
    "every sample with the strong feature is learned. There is no bound where the weak feature comes alone, too."
)


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(key: str, name: str, _trajectory: StarvationTrajectory) -> pd.DataFrame:
    return frames.TABLES[name](_trajectory)


def table(shown: Shown, name: str) -> pd.DataFrame:
    """Return a table of `frames.starvation`."""
    return _table(f"{shown.stamp}-{name}", name, shown.trajectory)


def figures(experiment: Starvation, shown: Shown | None, *, long: bool) -> dict[str, Figure]:
    """Return a figure a model, in the order in which they stand; without networks, of theory alone."""
    key = shown.stamp if shown is not None else f"{digest(experiment)}-theory"
    return _figures(key, long, experiment, shown)


@st.cache_resource(max_entries=24, show_spinner=False)
def _figures(key: str, long: bool, _experiment: Starvation, _shown: Shown | None) -> dict[str, Figure]:
    stops = table(_shown, "starvation") if _shown is not None else frames.at_stop(_experiment)
    path = table(_shown, "starvation_path") if _shown is not None else frames.path_theory(_experiment)
    path = path[path["p"] == _experiment.frequency]
    times = snapshots(_experiment) * _experiment.learning_rate
    now = frames.path_theory(_experiment, times)
    limits = _limits(_experiment, path, stops, times, long=long)
    own = stops[(stops["source"] == "theory") & (stops["p"] == _experiment.frequency)].set_index("model")["time"]
    stops = stops.assign(level=level(_experiment.loss, _experiment.delta), frequency=_experiment.frequency)
    return {
        model: starvation_model.figure(
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
    experiment: Starvation, path: pd.DataFrame, stops: pd.DataFrame, times: np.ndarray[Any, Any], *, long: bool
) -> dict[str, float]:
    """Return what the axes are set by, the same for all three models so that they can be compared."""
    last = frames.LAST_TIME if long else float(times[-1])
    seen = path[path["time"] <= last][["logit_strong", "logit_weak"]].to_numpy()
    learned = level(experiment.loss, experiment.delta)
    weak = stops[["logit_weak", "bound"]].to_numpy()
    return {
        "t_low": float(times[1]),
        "t_high": last,
        "logit_high": round(starvation_model.ROOM * max(float(np.nanmax(seen)), 1.2 * learned), 4),
        "weak_high": round(starvation_model.ROOM * max(float(np.nanmax(weak)), 1e-3), 4),
    }


def to_player(charts: dict[str, Figure], experiment: Starvation, shown: Shown | None) -> str:
    """Return the player's payload as JSON."""
    time = clock(snapshots(experiment), rest=kept.link_step)
    said = verdict(experiment, shown).replace("**", "")
    return payload(time, [(figure, _about(name, said, experiment, shown)) for name, figure in charts.items()])


def _about(name: str, said: str, experiment: Starvation, shown: Shown | None) -> dict[str, Any]:
    return {
        "id": name,
        "title": MODELS[name],
        "caption": CAPTIONS[name] + HOW,
        "alt": f"{MODELS[name]}. {said}",
        "scrub": None,
        "pick": None,
        "file": f"trainscope-starvation-{name}",
        "badge": _badge(name, experiment, shown),
    }


def _badge(name: str, experiment: Starvation, shown: Shown | None) -> dict[str, str]:
    if shown is None:
        return {"text": "theory alone", "tone": "quiet"}
    model = list(MODELS).index(name)
    lost = [run for run in range(experiment.runs) if shown.trajectory.outcome(run) == "diverged"]
    if lost:
        return {"text": f"{len(lost)} of {experiment.runs} seeds diverged", "tone": "alert"}
    stopped = np.isfinite(shown.trajectory["stop_time"][:, model])
    if stopped.all():
        return {"text": "learned at every p", "tone": "quiet"}
    return {"text": f"not learned at {int((~stopped.any(axis=0)).sum())} p yet", "tone": "alert"}


def view_frame(view: View) -> int:
    """Return the snapshot that a picture shows: where the player rests, else the last."""
    steps = snapshots(view.experiment)
    return len(steps) - 1 if view.step is None else int(np.abs(steps - view.step).argmin())


def verdict(experiment: Starvation, shown: Shown | None) -> str:
    """Say what comes out, in Markdown: theory's numbers, and beside them those measured on screen."""
    known = frames.at_stop(experiment)
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
    return f"{said} The two never meet: in M2 the weak one takes **{ratio:.3g}** times as long, and then is as certain."


def _measured(experiment: Starvation, shown: Shown | None) -> dict[str, float]:
    """Return each model's mean weak logit at the stop, where a network came to it."""
    if shown is None:
        return {}
    found = table(shown, "starvation")
    mine = found[(found["source"] == "measured") & (found["p"] == experiment.frequency)].dropna(subset="logit_weak")
    return {str(model): float(rows["logit_weak"].mean()) for model, rows in mine.groupby("model")}
