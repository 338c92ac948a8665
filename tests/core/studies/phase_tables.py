"""Invented tables of a phase plane, of the form that the charts take; nothing in them was measured."""

import numpy as np
import pandas as pd

from core.studies.phase_plane.charts.cells import MEASURES

STEPS = np.unique(np.concatenate([[0], np.geomspace(1, 4000, 30).astype(np.int64)]))
ALPHAS = tuple(2.0**power for power in range(-8, 9, 2))
TEMPERATURES = tuple(2.0**power for power in range(-10, 0))
WIDTH, BATCH = 64, 16
SEEDS = 5


def outcome(alpha: float, temperature: float) -> str:
    """Diverged above T_max ~ sqrt(alpha) / 4, a cell of few seeds just below it, unfinished at the coldest corner."""
    top = min(np.sqrt(alpha), 1) / 4
    if temperature > top:
        return "diverged"
    if temperature > top / 2.1:
        return "few"
    return "unfinished" if temperature < 2**-9.5 and alpha < 1 else "fitted"


def plane(seed: int = 0, alphas: tuple[float, ...] = ALPHAS) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    rows = []
    for alpha in alphas:
        top = max((t for t in TEMPERATURES if outcome(alpha, t) == "fitted"), default=np.nan)
        for temperature in TEMPERATURES:
            how = outcome(alpha, temperature)
            counts = {"fitted": (5, 0, 0), "few": (2, 3, 0), "diverged": (0, 5, 0), "unfinished": (1, 0, 4)}[how]
            row = {"n_train": 512, "batch_size": BATCH, "alpha": alpha, "temperature": temperature}
            row |= {"learning_rate": temperature * BATCH * WIDTH, "outcome": how}
            row |= dict(zip(("fitted", "diverged", "unfinished"), counts, strict=True))
            change = (0.02 + 2.5 * temperature * alpha) / alpha
            values = {
                "test_error": 0.04 - 0.002 * np.log2(alpha + 1) + 0.01 * np.sqrt(temperature),
                "steps": 40 / temperature**0.8,
                "relative_weight_change": change,
                "kernel_change": change**0.5,
                "alignment": 0.5 + 0.3 * change / (1 + change),
                "time": 40 * WIDTH * BATCH * temperature**0.2,
            }
            for name, value in values.items():
                fitted = how == "fitted"
                row[name] = value * (1 + 0.05 * random.standard_normal()) if fitted else np.nan
                row[f"{name}_deviation"] = 0.08 * value if fitted else np.nan
            row["rectified"] = temperature / top
            rows.append(row)
    return pd.DataFrame(rows)


def history(table: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for row in table.to_dict("records"):
        last = row["steps"] if np.isfinite(row["steps"]) else 300
        steps = STEPS[: int(np.searchsorted(STEPS, min(last, STEPS[-1]))) + 1]
        share = np.log1p(steps) / np.log1p(steps[-1])
        part = pd.DataFrame({"step": steps})
        for name in ("n_train", "batch_size", "alpha", "temperature"):
            part[name] = row[name]
        end = {name: row[name] if np.isfinite(row[name]) else 0.1 for name in MEASURES}
        part["test_error"] = 0.5 + share * (end["test_error"] - 0.5)
        part["train_error"] = 0.5 * (1 - share)
        part["loss"] = (1 - share) / row["alpha"]
        for name in ("relative_weight_change", "kernel_change", "alignment"):
            part[name] = share * end[name]
        for name in ("test_error", "train_error", "loss", "relative_weight_change", "kernel_change", "alignment"):
            part[f"{name}_deviation"] = 0.1 * part[name]
            if row["outcome"] == "diverged":
                part.loc[part.index[-2:], [name, f"{name}_deviation"]] = np.nan
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def lines() -> pd.DataFrame:
    rows = []
    for alpha in ALPHAS:
        rows.append(("gd_to_noise", alpha, 0.2 / alpha, False))
        rows.append(("largest_temperature", alpha, min(np.sqrt(alpha), 1) / 8, False))
        rows.append(("largest_temperature", alpha, min(np.sqrt(alpha), 1) / 6, True))
    rows += [("lazy_to_feature", 8.0, t, False) for t in TEMPERATURES[:4]]
    return pd.DataFrame(rows, columns=["name", "alpha", "temperature", "theory"])


def scaling() -> pd.DataFrame:
    random = np.random.default_rng(1)
    rows = []
    for n_train in (256, 512, 1024, 2048):
        for temperature in TEMPERATURES:
            change = 1e-2 * temperature**0.95 * n_train**0.36 * (1 + 0.03 * random.standard_normal())
            row = {"n_train": n_train, "temperature": temperature, "relative_weight_change": change}
            rows.append(row | {"relative_weight_change_deviation": 0.1 * change})
    return pd.DataFrame(rows)


def exponents() -> pd.DataFrame:
    names = ["quantity", "against", "exponent", "standard_error", "theory", "low", "high"]
    rows = [
        ("relative_weight_change", "temperature", 0.95, 0.02, 1.0, 2**-8, 2**-3),
        ("relative_weight_change", "n_train", 0.36, 0.03, np.nan, 256, 2048),
    ]
    return pd.DataFrame(rows, columns=names)


def batches() -> pd.DataFrame:
    rows = []
    for batch in (1, 4, 16, 64, 256, 1024):
        for rate in (2.0**power for power in range(-4, 8)):
            noise, first, descent = rate / batch / 20, rate / 800, 0.01
            change = max(noise if batch < 40 else 0, first, descent)
            how = "diverged" if rate > 2**6.5 else "fitted"
            row = {"batch_size": batch, "learning_rate": rate, "alpha": 2.0**15, "temperature": rate / batch / 64}
            row |= {"outcome": how, "fitted": 5 if how == "fitted" else 0, "n_train": 1024}
            values = {"relative_weight_change": change, "test_error": 0.1 + change, "steps": 10 / rate}
            rows.append(row | {name: v if how == "fitted" else np.nan for name, v in values.items()})
    return pd.DataFrame(rows)
