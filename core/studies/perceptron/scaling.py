"""How the perceptron's final state scales with its training set: what is read in which phase, and exponents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pandas as pd

from core.observables.power_laws import power_law, wide_enough
from core.studies.perceptron.theory import exponent

NOISY, CALM = 32.0, 0.25
"""T / kappa from which on a run is all noise, and up to which it is gradient descent (T_c / kappa is 2 to 4)."""

STEEP = 32.0
"""Learning rate over T_c n_train kappa from which on a full batch is all first step (T_c B* is 3 kappa B*, B* below
n_train)."""

TEMPERATURES: Mapping[str, float] = {"weight_norm": 1.0, "time": 1.0, "lambda": 0.0}
"""Exponents in T at the largest training set, where noise decides."""


def scaling(runs: pd.DataFrame) -> pd.DataFrame:
    """Return one row a chi, quantity, training-set size (or temperature) and seed.

    Args:
        runs: chi, n_train, alpha, batch_size, learning_rate, temperature, seed, outcome, and what was measured.

    Against n_train: `signal`, `noise_norm` and `time` over T, and `test_error`, at the smallest batch size and the
    largest T (T / kappa >= NOISY); `gd_norm` |w| / kappa at the smallest T / kappa (<= CALM); `critical_temperature`
    T_c / kappa, from |w| of both; `critical_batch` B*, from |w| / T of noise and |w| / learning_rate of the full batch.
    Against temperature (T / kappa, at the largest n_train): `weight_norm` and `time` over kappa, and `lambda`.
    """
    fitted = runs[runs["outcome"] == "fitted"]
    fitted = fitted.assign(hot=fitted["temperature"] * fitted["alpha"])
    small = fitted[fitted["batch_size"] == runs["batch_size"].min()]
    noisy = _extreme(small[small["hot"] >= NOISY], "hot", largest=True)
    calm = _extreme(small[small["hot"] <= CALM], "hot", largest=False)
    full = fitted[fitted["batch_size"] == fitted["n_train"]]
    first = full[full["learning_rate"] * full["alpha"] >= STEEP * full["n_train"]]
    first = _extreme(first, "learning_rate", largest=True)
    heat = noisy["temperature"]
    found = {
        "signal": noisy["signal"] / heat,
        "noise_norm": noisy["noise_norm"] / heat,
        "time": noisy["time"] / heat,
        "test_error": noisy["test_error"],
        "gd_norm": calm["weight_norm"] * calm["alpha"],
    }
    by_noise = noisy["weight_norm"] / heat
    found["critical_temperature"] = found["gd_norm"] / by_noise
    found["critical_batch"] = by_noise / (first["weight_norm"] / first["learning_rate"])
    parts = [
        pd.DataFrame({"value": values.dropna()}).reset_index().assign(quantity=name, against="n_train")
        for name, values in found.items()
    ]
    sized = pd.concat(parts, ignore_index=True).rename(columns={"n_train": "size"})
    table = pd.concat([sized, _over_temperature(small)], ignore_index=True)
    return table[["chi", "quantity", "against", "size", "seed", "value"]]


def exponents(scaling: pd.DataFrame) -> pd.DataFrame:
    """Return the fitted exponents of `scaling`, with standard errors clustered over seeds, and theory's.

    A window that is too narrow for a fit (`core.observables.power_laws.NARROWEST`) has a row without an exponent.
    """
    rows = []
    for key, of in scaling.groupby(["chi", "quantity", "against"], sort=False):
        chi, quantity, against = cast("tuple[float, str, str]", key)
        law = power_law(of["size"].tolist(), of["value"].tolist(), of["seed"].tolist())
        if law is not None:
            theory = exponent(quantity, chi) if against == "n_train" else TEMPERATURES[quantity]
            low, high = float(of["size"].min()), float(of["size"].max())
            slope, error, factor = law.exponent, law.standard_error, law.prefactor
            if not wide_enough(low, high):
                slope = error = factor = float("nan")
            rows.append((quantity, against, slope, error, theory, low, high, chi, factor))
    names = ("quantity", "against", "exponent", "standard_error", "theory", "low", "high", "chi", "prefactor")
    return pd.DataFrame(rows, columns=list(names))


def _extreme(of: pd.DataFrame, by: str, *, largest: bool) -> pd.DataFrame:
    """Return of each chi, n_train and seed the run with the largest or smallest value, by these three."""
    ordered = of.sort_values([by, "alpha"], ascending=not largest, kind="stable")
    first: pd.DataFrame = ordered.drop_duplicates(["chi", "n_train", "seed"]).set_index(["chi", "n_train", "seed"])
    return first


def _over_temperature(small: pd.DataFrame) -> pd.DataFrame:
    """Return the rows against T / kappa: every noisy run of the largest training set of the smallest batch size."""
    of = small[(small["hot"] >= NOISY) & (small["n_train"] == small["n_train"].max())]
    measured = {
        "weight_norm": of["weight_norm"] * of["alpha"],
        "time": of["time"] * of["alpha"],
        "lambda": of["lambda"],
    }
    parts = [
        of[["chi", "seed"]].assign(size=of["hot"], value=values, quantity=name, against="temperature")
        for name, values in measured.items()
    ]
    found: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return found
