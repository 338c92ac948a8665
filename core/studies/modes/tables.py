"""The tables of the study of modes: what the networks did, and what theory predicts.

Theory is exact for orthogonal classes and infinitely small steps: `core.theory.modes`, after Tachet des Combes et al.
2018 (1809.06848). Times are recorded ones, the same for both sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
import pandas as pd

from core.studies.modes.experiment import COMPARED, MODES, Modes
from core.studies.modes.theory import curves, neurons, one_layer, start
from core.studies.modes.trajectory import MODELS, THRESHOLDS, ModesTrajectory
from core.theory.modes import Floats, inflection, soft_error

RELU, LINEAR = range(len(MODELS))

EVENTS = (*(f"N = {threshold:.4g}" for threshold in THRESHOLDS), "zero loss", "steepest fall")
"""What `clocks` has the time of."""


def theory(experiment: Modes) -> pd.DataFrame:
    """Return one row a loss, mode and recorded time of the network, in theory."""
    times = ModesTrajectory.scheduled(experiment) * experiment.learning_rate
    logit = np.stack([np.stack([one.logit(times) for one in curves(experiment, loss)], axis=1) for loss in COMPARED], 1)
    return _rows(times, logit, "theory")


def one_layer_theory(experiment: Modes) -> pd.DataFrame:
    """Return the same for one layer; NaN where the classes are not orthogonal."""
    times = ModesTrajectory.scheduled(experiment) * experiment.learning_rate
    return _rows(times, np.stack([one_layer(experiment, loss, times) for loss in COMPARED], axis=1), "theory")


def modes(trajectory: ModesTrajectory) -> pd.DataFrame:
    """Return one row a source, loss, mode and recorded time, in that order, of the network."""
    measured = _rows(trajectory.times, trajectory["logit"][:, :, RELU], "measured")
    return pd.concat([measured, theory(trajectory.experiment)], ignore_index=True)


def one_layer_table(trajectory: ModesTrajectory) -> pd.DataFrame:
    """Return the same of one layer."""
    measured = _rows(trajectory.times, trajectory["logit"][:, :, LINEAR], "measured")
    return pd.concat([measured, one_layer_theory(trajectory.experiment)], ignore_index=True)


def losses(trajectory: ModesTrajectory) -> pd.DataFrame:
    """Return the rows of `modes` with what the two losses make of the logit: their value, and the confidence.

    The time at which the hinge loss reached zero, measured or in theory, has a row, too.
    """
    found = _with_zeros(trajectory, modes(trajectory))
    n = found["logit"].to_numpy()
    value = np.where(found["loss"] == "hinge", np.maximum(1 - n, 0), np.logaddexp(0, -n))
    return found.assign(confidence=soft_error(-n), loss_value=np.where(np.isnan(n), np.nan, value))


def _with_zeros(trajectory: ModesTrajectory, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with a row more where the hinge loss reaches zero; measured, the logit stays as it is."""
    zeros = clocks(trajectory).query("event == 'zero loss' and loss == 'hinge'")
    last = trajectory["logit"][-1, COMPARED.index("hinge"), RELU].astype(np.float64)  # (mode,)
    for source, when, logit in (("measured", "time_measured", last), ("theory", "time_theory", np.ones_like(last))):
        at = pd.DataFrame({"time": zeros[when].to_numpy(), "mode": tuple(MODES), "loss": "hinge", "source": source})
        table = pd.concat([table, at.assign(logit=logit, error=soft_error(logit)).dropna()])
    place = {name: place for place, name in enumerate(("measured", "theory", *COMPARED, *MODES))}
    return table.sort_values(
        ["source", "loss", "mode", "time"],
        key=lambda column: column if column.name == "time" else column.map(place),
        kind="stable",
        ignore_index=True,
    )


def neuron_paths(trajectory: ModesTrajectory) -> pd.DataFrame:
    """Return one row a loss, neuron and recorded time: measured, and in theory."""
    experiment, times = trajectory.experiment, trajectory.times
    owner = start(experiment).owner
    known = np.stack([neuron_theory(experiment, loss, times) for loss in COMPARED])  # (loss, 2, unit, time)
    measured = (trajectory[name].transpose(1, 2, 0).ravel().astype(np.float64) for name in ("first", "head"))
    index = {
        "loss": np.repeat(COMPARED, experiment.width * len(times)),
        "mode": np.tile(np.repeat(np.array(tuple(MODES))[owner], len(times)), len(COMPARED)),
        "neuron": np.tile(np.repeat(np.arange(experiment.width), len(times)), len(COMPARED)),
        "time": np.tile(times, len(COMPARED) * experiment.width),
    }
    columns = dict(zip(("y", "z"), measured, strict=True))
    return pd.DataFrame(index | columns | {"y_theory": known[:, 0].ravel(), "z_theory": known[:, 1].ravel()})


def neuron_theory(experiment: Modes, loss: str, times: Floats) -> Floats:
    """Return y and z of every neuron at times, (2, unit, time)."""
    owner = start(experiment).owner
    found = np.empty((2, experiment.width, len(times)))
    for mode, one in enumerate(curves(experiment, loss)):
        found[:, owner == mode] = np.stack(one.neurons.weights(one.clock_at(times)))
    return found


def clocks_theory(experiment: Modes) -> pd.DataFrame:
    """Return one row a loss, mode and event: its time in theory; NaN where it is not reached in the training time."""
    at_first, rows = neurons(experiment), []
    for loss in COMPARED:
        for mode, one in enumerate(curves(experiment, loss)):
            times = [
                one.time_to(threshold) if threshold <= 1 or loss != "hinge" else np.inf for threshold in THRESHOLDS
            ]
            end = one.time_to(1.0) if loss == "hinge" else np.inf
            about = {
                "loss": loss,
                "mode": tuple(MODES)[mode],
                "p": experiment.shares[mode],
                "norm": experiment.norms[mode],
                "rate": experiment.rates[mode],
                "start_logit": float(at_first[mode].logit(0)),
                "kappa": at_first[mode].kappa,
            }
            when = [time if time <= experiment.last_time else np.nan for time in (*times, end)]
            when.append(inflection(one, loss)[0])
            rows += [about | {"event": event, "time_theory": time} for event, time in zip(EVENTS, when, strict=True)]
    return pd.DataFrame(rows)


def clocks(trajectory: ModesTrajectory) -> pd.DataFrame:
    """Return `clocks_theory` with the measured times, and their relative difference."""
    known = clocks_theory(trajectory.experiment)
    zero = trajectory["zero_step"][:, RELU]
    stopped = np.where(zero >= 0, zero * trajectory.experiment.learning_rate, np.nan)
    steepest = trajectory["steepest_time"][:, RELU]
    crossing = trajectory["crossing"][:, RELU].copy()
    beyond = np.array(THRESHOLDS) > 1
    crossing[COMPARED.index("hinge"), :, beyond] = np.nan
    measured = np.concatenate([crossing, stopped[..., None], steepest[..., None]], axis=2).ravel()
    measured = np.where(known["event"].eq("steepest fall") & known["loss"].eq("hinge"), np.nan, measured)
    columns = {"time_measured": measured, "difference": measured / known["time_theory"] - 1}
    return known.assign(**columns)


def _rows(times: Floats, logit: Floats, source: str) -> pd.DataFrame:
    """Return rows by loss, mode and time, from (time, loss, mode)."""
    index = product(COMPARED, MODES, times.tolist())
    table = pd.DataFrame(index, columns=["loss", "mode", "time"]).assign(source=source)
    n = logit.transpose(1, 2, 0).ravel()
    return table[["time", "mode", "loss", "source"]].assign(logit=n, error=soft_error(n))


TABLES: Mapping[str, Callable[[ModesTrajectory], pd.DataFrame]] = {
    "modes": modes,
    "losses": losses,
    "clocks": clocks,
    "neurons": neuron_paths,
    "one_layer": one_layer_table,
}
"""The tables by the name of their CSV file."""
