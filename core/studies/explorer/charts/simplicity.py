"""Test errors of the fitted networks of a plane against how much of them a linear classifier explains."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, specification
from core.figure.graded import EXTENT
from core.figure.marks import between, ends, marks_of, stacked
from core.figure.palette import MUTED
from core.figure.rows import listed, records, short

HEIGHT = 165


def figure(simplicity: pd.DataFrame) -> Figure:
    """Return the figure.

    Args:
        simplicity: alpha, temperature, seed, test_error, mu_y_share, mu_y_share_independent, error_correlation.
    """
    about = [
        f"α = {alpha:.3g}, T = {temperature:.2g}, seed {seed}: test error {error:.3f}"
        for alpha, temperature, seed, error in simplicity[["alpha", "temperature", "seed", "test_error"]].itertuples(
            index=False
        )
    ]
    shared = {
        "error": listed(simplicity["test_error"]),
        "a": listed(np.log2(simplicity["alpha"])),
        "said": about,
    }
    tables: dict[str, Rows] = {
        name: [row for row in records({"x": listed(simplicity[column]), **shared}) if row["x"] is not None]
        for name, column in (
            ("shares", "mu_y_share"),
            ("unrelated", "mu_y_share_independent"),
            ("errors", "error_correlation"),
        )
    }
    params = _ends("e", shared["error"]) | _ends("s", [r["x"] for n in ("shares", "unrelated") for r in tables[n]])
    return Figure.of(chart(), tables, params | _ends("c", [0.0, *(row["x"] for row in tables["errors"])]))


@specification(padding=72, params=ends("e", "s", "c"))
def chart() -> Chart:
    """Return the chart, the same for every plane."""
    panels = []
    for name, axis, title in (
        ("shares", "s", "share explained, μ_Y / I(F;Y)   (gray: errors independent)"),
        ("errors", "c", "correlation of F's errors with L's"),
    ):
        scale = between(f"{axis}_low", f"{axis}_high", zero=False)
        x = alt.X("x:Q", title=title, scale=scale, axis=alt.Axis(grid=False, tickCount=5))
        y = alt.Y(
            "error:Q",
            title="test error",
            scale=between("e_low", "e_high", zero=False),
            axis=alt.Axis(grid=False, tickCount=4, **EXTENT),
        )
        colours = alt.Scale(scheme=alt.SchemeParams(name="viridis", extent=[0.1, 0.95]))
        legend = alt.Legend(title="log₂ α", orient="bottom", direction="horizontal") if name == "errors" else None
        dots = marks_of(name).mark_point(filled=True, size=34, opacity=0.85, clip=True)
        layers = [dots.encode(x=x, y=y, color=alt.Color("a:Q", scale=colours, legend=legend), tooltip="said:N")]
        if name == "shares":
            gray = marks_of("unrelated").mark_point(size=22, opacity=0.7, color=MUTED, clip=True)
            layers.insert(0, gray.encode(x=x, y=y))
        panels.append(alt.layer(*layers).properties(height=HEIGHT))
    return stacked(*panels)


def _ends(axis: str, values: list[float]) -> dict[str, float]:
    """Return the params that an axis ends at, with some room."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.06 * (high - low) or 0.05
    return {f"{axis}_low": short(low - room), f"{axis}_high": short(high + room)}
