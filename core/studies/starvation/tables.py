"""The tables of gradient starvation: the theory of three models, and what was measured on their networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import expit  # type: ignore[import-untyped]

from core.studies.starvation import theory
from core.studies.starvation.experiment import MODELS, Starvation
from core.studies.starvation.theory import Floats, Flow
from core.studies.starvation.trajectory import StarvationTrajectory

GRID = tuple(round(0.02 * step, 2) for step in range(1, 50))
"""Frequencies of the weak feature at which theory is tabulated, along with the experiment's own."""
LAST_TIME = 1e12
TIMES = np.geomspace(1e-2, LAST_TIME, 225)


def frequencies(experiment: Starvation) -> tuple[float, ...]:
    """Return where theory has its curves over p: the mixture's own first, then all others ascending."""
    own = experiment.frequency
    return (own, *sorted({*GRID, *experiment.p} - {own}))


@lru_cache(maxsize=16)
def flows(experiment: Starvation) -> Mapping[str, Flow]:
    """Return each model's flow at all `frequencies`; the first one, the mixture's own, goes to `LAST_TIME`."""
    mixed = theory.mixture(frequencies(experiment), experiment.alone, experiment.strong_norm, experiment.weak_norm)
    learned = theory.level(experiment.loss, experiment.delta)
    starts = {"linear": 0.0, "private": experiment.start, "shared": experiment.shared_start}
    return {model: theory.flow(model, mixed, experiment.loss, starts[model], learned, LAST_TIME) for model in MODELS}


@lru_cache(maxsize=16)
def at_stop(experiment: Starvation) -> pd.DataFrame:
    """Return theory's rows of `starvation`: one a model and frequency."""
    p = np.array(frequencies(experiment))
    order = np.argsort(p)
    parts = []
    for model, flow in flows(experiment).items():
        stop, reached = np.where(np.isfinite(flow.stop), flow.stop, np.nan), _finite(flow.reached[1])
        found = _rows(experiment, model, p, flow.stopped[0], flow.stopped[1], stop, reached)
        parts.append(found.assign(source="theory", seed=pd.array([pd.NA] * len(p), "Int64")).iloc[order])
    return pd.concat(parts, ignore_index=True)


def starvation(trajectory: StarvationTrajectory) -> pd.DataFrame:
    """Return one row a model and frequency of theory, then one a model, seed and frequency measured: at the stop."""
    experiment, p = trajectory.experiment, np.array(trajectory.experiment.frequencies)
    parts = [at_stop(experiment)]
    for number, model in enumerate(MODELS):
        for run, seed in enumerate(experiment.seeds):
            strong, weak = trajectory["stop_logit"][run, number].T
            time, reached = trajectory["stop_time"][run, number], trajectory["reached"][run, number, :, 1]
            found = _rows(experiment, model, p, strong, weak, time, reached)
            parts.append(found.assign(source="measured", seed=pd.array([seed] * len(p), "Int64")))
    return pd.concat(parts, ignore_index=True)


def _rows(
    experiment: Starvation, model: str, p: Floats, strong: Floats, weak: Floats, time: Floats, reached: Floats
) -> pd.DataFrame:
    """Return rows of a model over p, each argument being (frequency,)."""
    columns = {
        "p": p,
        "delta": experiment.delta,
        "loss": experiment.loss,
        "time": time,
        "logit_strong": strong,
        "logit_weak": weak,
        "probability_weak": expit(weak),
        "bound": bound(experiment, model, p),
        "time_weak": reached,
    }
    return pd.DataFrame({"model": model} | columns)


def bound(experiment: Starvation, model: str, p: Floats) -> Floats:
    """Return what N_w at the stop cannot be above (linear, private) or was not in all flows run (shared), (frequency,).

    NaN where some samples have the weak feature only: they teach it whatever the strong one does.
    """
    if experiment.q_w > 0:
        return np.full(len(p), np.nan)
    learned = theory.level(experiment.loss, experiment.delta)
    return theory.bound(model, p, experiment.strong_norm, experiment.weak_norm, learned, experiment.start)


def path_theory(experiment: Starvation, times: Floats = TIMES) -> pd.DataFrame:
    """Return theory's rows of `starvation_path`: one a model and time, of the mixture's own frequency."""
    parts = []
    for model, flow in flows(experiment).items():
        strong, weak = flow.at(times)
        parts.append(_path_rows(model, experiment.frequency, times, strong, weak).assign(source="theory"))
    return pd.concat(parts, ignore_index=True).assign(seed=pd.array([pd.NA] * (len(MODELS) * len(times)), "Int64"))


def starvation_path(trajectory: StarvationTrajectory) -> pd.DataFrame:
    """Return logits over time: theory of the mixture's own p, then a row a model, seed, p and snapshot."""
    experiment = trajectory.experiment
    times = trajectory.steps * experiment.learning_rate
    parts = [path_theory(experiment)]
    for number, model in enumerate(MODELS):
        for run, seed in enumerate(experiment.seeds):
            for case, p in enumerate(experiment.frequencies):
                strong, weak = trajectory["logit"][:, run, number, case].T
                found = _path_rows(model, p, times, strong, weak)
                parts.append(found.assign(source="measured", seed=pd.array([seed] * len(times), "Int64")))
    return pd.concat(parts, ignore_index=True)


def _path_rows(model: str, p: float, times: Floats, strong: Floats, weak: Floats) -> pd.DataFrame:
    columns = {"p": p, "time": times, "logit_strong": strong, "logit_weak": weak, "probability_weak": expit(weak)}
    return pd.DataFrame({"model": model} | columns)


def exclusive(trajectory: StarvationTrajectory) -> pd.DataFrame:
    """Return when each feature by itself reached the level, rows as in `starvation`, and the ratio of the two times.

    clock_ratio is what the ratio is if the features never meet: q_s n_s^k / (q_w n_w^k), k = 2 in the linear model and
    1 with private neurons; empty elsewhere.
    """
    experiment = trajectory.experiment
    strong = [_finite(flow.reached[0])[np.argsort(frequencies(experiment))] for flow in flows(experiment).values()]
    measured = trajectory["reached"][:, :, :, 0].transpose(1, 0, 2)  # (model, run, frequency)
    rows = starvation(trajectory)[["model", "p", "source", "seed", "time_weak"]]
    rows.insert(4, "time_strong", np.concatenate([*strong, measured.ravel()]))
    return rows.assign(ratio=rows["time_weak"] / rows["time_strong"], clock_ratio=_clock_ratio(experiment, rows))


def _clock_ratio(experiment: Starvation, rows: pd.DataFrame) -> Floats:
    if experiment.q_sw > 0:
        return np.full(len(rows), np.nan)
    power = rows["model"].map({"linear": 2.0, "private": 1.0, "shared": np.nan}).to_numpy(np.float64)
    p = rows["p"].to_numpy()
    return np.asarray((1 - p) / p * (experiment.strong_norm / experiment.weak_norm) ** power)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


TABLES: Mapping[str, Callable[[StarvationTrajectory], pd.DataFrame]] = {
    "starvation": starvation,
    "starvation_path": starvation_path,
    "exclusive": exclusive,
}
"""The tables by the name of their CSV file."""
