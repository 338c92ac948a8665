"""Which functions training ended with, over seeds: a row a function, drawn small, and how many runs found it."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.figure.figure import Chart, Figure, Rows, expr, specification
from core.figure.marks import between, marks_of, on_screen
from core.figure.palette import ACCENT, INK, MUTED
from core.figure.rows import listed

SHOWN = 11
"""Rows of functions; the rest share one more."""

ROW_HEIGHT, FEWEST_ROWS = 46, 2

PICTURE = 0.17
"""Share of the width that a small picture takes."""

BAR = 0.21, 0.98
"""Where bars start, and where the longest ends."""


def figure(outcomes: pd.DataFrame, functions: pd.DataFrame) -> Figure:
    """Return the figure of the runs over seeds.

    Args:
        outcomes: label, runs, loss, seed, chosen; a row a distinct function.
        functions: label, x, y.
    """
    ordered = outcomes.sort_values(["runs", "seed"], ascending=[False, True], kind="stable")
    shown, rest = ordered.iloc[:SHOWN], ordered.iloc[SHOWN:]
    if len(rest) == 1:
        shown, rest = ordered, rest.iloc[:0]
    total = int(ordered["runs"].sum())
    rows = _outcome_rows(shown, total)
    if len(rest):
        rows = [*rows, _other(rest, len(shown), total)]
    most = max([row["runs"] for row in rows], default=1)
    tables: dict[str, Rows] = {"outcomes": rows, "functions": _function_rows(shown, functions)}
    room = max(len(rows), FEWEST_ROWS)
    return Figure.of(chart(room), tables, {"rows": room, "most": most})


@specification(params={"rows": 1, "most": 1})
def chart(rows: int) -> Chart:
    """Return the chart of so many rows; the selection `cell` picks a row's first seed."""
    pick = alt.selection_point(name="cell", fields=["seed"], on="click", toggle=False, clear=False)
    x = alt.X("x:Q", axis=None, scale=between(0, 1))
    y = alt.Y("y:Q", axis=None, scale=between(0, "rows", reverse=True))
    bars = marks_of("outcomes")
    whole = (
        bars.transform_calculate(x="0", x2="1", y="datum.slot + 0.03", y2="datum.slot + 0.97")
        .mark_rect(fill=MUTED, cornerRadius=4, cursor="pointer", strokeWidth=1.5)
        .encode(
            x=x,
            x2="x2:Q",
            y=y,
            y2="y2:Q",
            fillOpacity=alt.condition("datum.chosen", alt.value(0.14), alt.value(0.02)),
            stroke=alt.condition("datum.chosen", alt.value(INK), alt.value("transparent")),
            tooltip=[
                alt.Tooltip("label:N", title="function"),
                alt.Tooltip("count:N", title="runs"),
                alt.Tooltip("loss:Q", format=".2~e"),
                alt.Tooltip("seed:Q", title="first seed"),
            ],
        )
        .add_params(pick)
    )
    layered = alt.layer(on_screen(whole), *_bars(bars, x, y), *_pictures(x, y), *_words(bars, x, y))
    return layered.properties(height=ROW_HEIGHT * rows)


def _bars(rows: alt.Chart, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    start, end = BAR
    bars = rows.transform_calculate(
        x=f"{start}", x2=f"{start} + {end - start} * datum.runs / most", y="datum.slot + 0.68", y2="datum.slot + 0.86"
    ).encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    colour = alt.condition("datum.chosen", alt.value(ACCENT), alt.value(MUTED))
    return [bars.mark_rect(cornerRadius=1, opacity=0.85).encode(color=colour)]


def _pictures(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    lines = (
        marks_of("functions")
        .transform_flatten(["u", "v"])
        .transform_calculate(x=f"0.012 + {PICTURE} * datum.u", y="datum.slot + 0.86 - 0.72 * datum.v")
        .encode(x=x, y=y, detail="slot:N", order="u:Q")
    )
    own = alt.condition("datum.chosen", alt.value(ACCENT), alt.value(INK))
    return [
        lines.transform_filter("datum.ghost").mark_line(strokeWidth=1, color=ACCENT, opacity=0.45),
        lines.transform_filter("!datum.ghost").mark_line(strokeWidth=1.6).encode(color=own),
    ]


def _words(rows: alt.Chart, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    start, end = BAR
    left = rows.transform_calculate(x=f"{start}", y="datum.slot + 0.38").encode(x=x, y=y)
    right = rows.transform_calculate(x=f"{end}", y="datum.slot + 0.38").encode(x=x, y=y)
    words: dict[str, Any] = {"baseline": "middle", "fontSize": 11}
    return [
        left.mark_text(align="left", color=INK, limit=expr(f"{end - start} * width - 112"), **words).encode(
            text="label:N"
        ),
        right.mark_text(align="right", color=MUTED, **words).encode(text="said:N"),
    ]


def _outcome_rows(shown: pd.DataFrame, total: int) -> list[dict[str, Any]]:
    return [
        _row(slot, row["label"], int(row["runs"]), row["loss"], int(row["seed"]), total, chosen=bool(row["chosen"]))
        for slot, row in enumerate(shown.to_dict("records"))
    ]


def _other(rest: pd.DataFrame, slot: int, total: int) -> dict[str, Any]:
    """Return the row that the rarest functions share; its seed is the first of them."""
    label = f"{len(rest)} other functions"
    loss, chosen = float(rest["loss"].median()), bool(rest["chosen"].any())
    return _row(slot, label, int(rest["runs"].sum()), loss, int(rest["seed"].iloc[0]), total, chosen=chosen)


def _row(slot: int, label: str, runs: int, loss: float, seed: int, total: int, *, chosen: bool) -> dict[str, Any]:
    count = f"{runs} of {total}"
    said = f"{count} · loss {loss:.0e}" if np.isfinite(loss) else count
    return {
        "slot": slot,
        "label": label,
        "count": count,
        "said": said.replace("e-0", "e−").replace("e-", "e−"),
        "chosen": chosen,
        "runs": runs,
        "loss": listed([loss])[0],
        "seed": seed,
    }


def _function_rows(shown: pd.DataFrame, functions: pd.DataFrame) -> Rows:
    """Return each function in a unit square, all on one scale; the chosen one also as a ghost under the others."""
    known = functions[functions["label"].isin(shown["label"]) & np.isfinite(functions["y"])]
    if known.empty:
        return []
    curves = {label: (curve["x"].to_numpy(), curve["y"].to_numpy()) for label, curve in known.groupby("label")}
    left, right = float(known["x"].min()), float(known["x"].max())
    low, high = float(known["y"].min()), float(known["y"].max())
    rows: list[dict[str, Any]] = []
    chosen = [label for label, taken in zip(shown["label"], shown["chosen"], strict=True) if taken and label in curves]
    columns = zip(shown["label"], shown["chosen"], shown["seed"].tolist(), strict=True)
    for slot, (label, taken, seed) in enumerate(columns):
        drawn = [(name, True) for name in chosen[:1] if name != label] + [(label, False)]
        for name, ghost in drawn:
            if name not in curves:
                continue
            x, y = curves[name]
            u, v = (x - left) / ((right - left) or 1), (y - low) / ((high - low) or 1)
            look = {"slot": slot, "ghost": ghost, "chosen": bool(taken), "seed": int(seed)}  # a click may meet the line
            rows.append(look | {"u": listed(u, 3), "v": listed(v, 3)})
    return rows
