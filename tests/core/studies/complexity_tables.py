"""Invented tables for the charts of the page Complexity: plausible in shape, measured of nothing."""

import base64
import struct
import zlib
from typing import Any

import numpy as np
import pandas as pd

STEPS = np.unique(np.concatenate([[0], np.round(np.geomspace(1, 8000, 60)).astype(np.int64)]))[:50]
MEANS = (
    "mutual_information_test",
    "mutual_information_train",
    "conditional_information",
    "mu_y",
    "mu_y_independent",
    "accuracy_test",
    "accuracy_train",
    "explained_share",
    "retained_share",
)


def facts(**other: Any) -> dict[str, Any]:
    found = {"explainer": "linear classifier", "explainer_information": 0.51, "explainer_accuracy": 0.891}
    found |= {"noise_floor": 0.0048, "noise_floor_mutual": 0.0031, "matched_step": 620.0, "seeds": 5, "chance": 0.502}
    return found | other


def curves(steps: np.ndarray = STEPS, *, seed: int = 0) -> pd.DataFrame:
    """A run whose mu_Y follows I(F;Y) up to L's and stays there, with a shaky start."""
    rng = np.random.default_rng(seed)
    time = np.log1p(steps) / np.log1p(steps[-1])
    linear, later = 1 / (1 + np.exp(-18 * (time - 0.55))), 1 / (1 + np.exp(-20 * (time - 0.85)))
    mu = 0.5 * linear + 0.01 * rng.normal(size=len(steps)) * (time < 0.9)
    beyond = 0.03 * linear + 0.34 * later + 0.004
    columns = {"mu_y": mu, "conditional_information": beyond, "mutual_information_test": mu + beyond}
    columns["mutual_information_train"] = np.minimum(1, 1.08 * (mu + beyond) + 0.1 * later)
    columns["mu_y_independent"] = np.maximum(0, 0.62 * mu + 0.08 * later)
    columns["accuracy_test"] = 0.49 + 0.38 * linear + 0.1 * later
    columns["accuracy_train"] = 0.49 + 0.4 * linear + 0.11 * later
    masked = columns["mutual_information_test"] < 0.02
    columns["explained_share"] = np.where(masked, np.nan, mu / columns["mutual_information_test"])
    columns["retained_share"] = mu / 0.51
    columns["explained_share_independent"] = np.where(
        masked, np.nan, columns["mu_y_independent"] / columns["mutual_information_test"]
    )
    columns["retained_share_independent"] = columns["mu_y_independent"] / 0.51
    table = pd.DataFrame({"step": steps, **columns})
    for name in MEANS:
        width = 0.03 * np.sin(np.pi * time) + 0.004
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - width, table[name] + width
    table["standard_error"] = 0.025
    return table.assign(bootstrap_low=mu - 0.05, bootstrap_high=mu + 0.05)


def plane(cells: int = 48, frames: int = 50, count: int = 400) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The grid, L's boundary and the points of a disc whose boundary bends as training goes on."""
    rng = np.random.default_rng(0)
    side = (np.arange(cells) + 0.5) / cells * 2.2 - 1.1
    x1, x2 = (axis.ravel() for axis in np.meshgrid(side, side))
    time = np.linspace(0, 1, frames)

    def output(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        bent = 0.4 * np.sin(2 * np.pi * a[:, None]) * np.clip(3 * time - 1, 0, 1)
        return (0.3 + 4 * time) * (b[:, None] - bent - 0.5 * (1 - time) * a[:, None] - 0.6 * (1 - time) ** 4)

    level = np.clip(np.floor(5 + 5 * np.tanh(output(x1, x2))), 0, 9).astype(int)
    grid = pd.DataFrame({"x1": x1, "x2": x2, "level": ["".join(map(str, row)) for row in level]})
    edges = pd.DataFrame({"x1": [-1.1, 0.0], "x2": [0.35, 0.0], "x1_end": [0.0, 1.1], "x2_end": [0.0, -0.35]})
    angle, radius = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0, 1, count))
    p, q = radius * np.cos(angle), radius * np.sin(angle)
    label = np.where((q > 0.4 * np.sin(2 * np.pi * p)) ^ (rng.uniform(size=count) < 0.05), 1, -1)
    right = (output(p, q) > 0) == (label > 0)[:, None]
    points = pd.DataFrame({"x1": p, "x2": q, "label": label, "explainer_right": (q > -0.32 * p) == (label > 0)})
    return grid, edges, points.assign(right=bits(right))


def bits(right: np.ndarray) -> list[str]:
    return ["".join("1" if one else "0" for one in row) for row in right]


def staircase(count: int = 6, steps: np.ndarray = STEPS) -> tuple[pd.DataFrame, pd.DataFrame]:
    time = np.log1p(steps) / np.log1p(steps[-1])
    names = [f"width_{2**i}" for i in range(count)]
    middle = np.linspace(0.35, 0.85, count)
    value = 1 / (1 + np.exp(-16 * (time[None] - middle[:, None])))  # (explainer, step)
    heat = pd.DataFrame(
        {"explainer": np.repeat(names, len(steps)), "step": np.tile(steps, count), "value": value.ravel()}
    )
    heat["masked"] = np.tile(time < 0.2, count)
    reached = [float(steps[row >= 0.95][0]) if (row >= 0.95).any() else np.nan for row in value]
    rows = pd.DataFrame({"explainer": names, "title": [f"{2**i} hidden units" for i in range(count)]})
    rows["order"] = np.arange(count)
    rows["explainer_information"] = np.linspace(0.3, 0.8, count)
    return heat, rows.assign(reached_step=reached, selected=[i == 1 for i in range(count)])


def picture(seed: int, size: int = 28) -> str:
    """A blurred blob as a PNG in a data URI."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:size, :size] / size - 0.5
    grey = sum(np.exp(-80 * ((x - a) ** 2 + (y - b) ** 2)) for a, b in rng.uniform(-0.3, 0.3, (5, 2)))
    pixels = np.uint8(255 * np.clip(grey, 0, 1))
    raw = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


def examples(count: int = 96, steps: np.ndarray = STEPS, *, pictures: bool = True) -> pd.DataFrame:
    learned = np.sort(np.random.default_rng(1).integers(3, len(steps) + 6, count))  # past the end: never
    right = np.arange(len(steps))[None] >= learned[:, None]
    at = [float(steps[frame]) if frame < len(steps) else np.nan for frame in learned]
    table = pd.DataFrame({"example": np.arange(count) * 7, "label": [f"digit {i % 10}" for i in range(count)]})
    table["explainer_right"] = np.arange(count) % 4 != 3
    return table.assign(
        learned_step=at, right=bits(right), url=[picture(i) if pictures else None for i in range(count)]
    )


def cells(steps: np.ndarray = STEPS) -> pd.DataFrame:
    time = np.log1p(steps) / np.log1p(steps[-1])
    kept = 0.87 * (0.5 + 0.48 / (1 + np.exp(-14 * (time - 0.5))))
    beyond = 0.13 * (0.4 + 0.5 / (1 + np.exp(-14 * (time - 0.8))))
    shares = {"both_right": kept, "only_network": beyond, "only_explainer": 0.87 - kept, "both_wrong": 0.13 - beyond}
    return pd.DataFrame({"step": steps, **shares})
