"""A run as a file: what its name ends with says of which kind."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.atomic import write
from core.tables import to_csv, to_parquet
from core.values import ExperimentError

if TYPE_CHECKING:
    from core.runs import Run

TABLES, PICTURES, ANIMATIONS = (".csv", ".parquet", ".tex"), (".png", ".svg", ".pdf"), (".gif", ".apng")
KINDS = (".html", *ANIMATIONS, *PICTURES, *TABLES)
PAGE, ANIMATION = ("app_url",), ("first", "last", "fps", "width", "theme")
"""What a page and an animation take besides."""
MOST_ROWS = 50
"""Of a table in LaTeX."""


def save(run: Run, path: Path, *, chart: str | None = None, table: str | None = None, **how: Any) -> Path:
    """Write a run's page, a chart or a table, whole or not at all; see `Run.save`.

    Args:
        run: what is written.
        path: its ending is one of `KINDS`.
        chart: one chart; without it all of them, but a picture is of the first.
        table: the table; the file's own name, if none is named.
        how: of a page `app_url`; of an animation `first` and `last` step, `fps`, `width`, `theme` and `report`; of a
            picture `width` in millimetres.

    Raises:
        ExperimentError: a kind of file, a chart, a table or a value that there is not.
    """
    checked(path, how)
    if path.suffix in TABLES:
        content = _table(run, path, table)
    elif path.suffix == ".html":
        from core.export.page import page

        content = page(run, tuple(run.charts(chart)), **how).encode()
    else:
        content = _chart(run, path, chart, **how)
    write(path, content)
    return path


def checked(path: Path, how: Iterable[str]) -> None:
    """Find out before a training whether there is such a kind of file, and whether it takes what is asked of it.

    Raises:
        ExperimentError: there is none, or it does not.
    """
    if path.suffix not in KINDS:
        raise ExperimentError("file", f"a name that ends with one of {', '.join(KINDS)}", path.name)
    takes = {".html": PAGE, **dict.fromkeys(ANIMATIONS, (*ANIMATION, "report")), **dict.fromkeys(PICTURES, ("width",))}
    for name in how:
        if name not in (allowed := takes.get(path.suffix, ())):
            raise ExperimentError("option", f"of {path.suffix} {', '.join(allowed) or 'there is none'}", name)


def _table(run: Run, path: Path, name: str | None) -> bytes:
    name = name or path.stem
    if name not in run.tables:
        raise ExperimentError("table", f"one of {', '.join(run.tables)}", name)
    rows = run.tables[name]
    if path.suffix == ".csv":
        return to_csv(rows)
    return to_parquet(rows) if path.suffix == ".parquet" else latex(rows).encode()


def latex(rows: pd.DataFrame) -> str:
    """Return a table with the rules of booktabs.

    Raises:
        ExperimentError: it has more rows than a page.
    """
    if len(rows) > MOST_ROWS:
        raise ExperimentError("table", f"one of at most {MOST_ROWS} rows in LaTeX", f"{len(rows)} rows")
    signs = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"})

    def cell(value: Any) -> str:
        if value is None or value != value:
            return ""
        return f"{value:.4g}" if isinstance(value, float) else str(value).translate(signs)

    alignment = "".join("r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in rows.dtypes)
    lines = [" & ".join(map(cell, row)) + r" \\" for row in [tuple(rows.columns), *rows.itertuples(index=False)]]
    body = "\n".join([r"\toprule", lines[0], r"\midrule", *lines[1:], r"\bottomrule"])
    return f"\\begin{{tabular}}{{{alignment}}}\n{body}\n\\end{{tabular}}\n"


def _chart(run: Run, path: Path, name: str | None, **how: Any) -> bytes:
    figures, cards, steps = run.charts(name), run.scene.cards, run.scene.steps
    if path.suffix in ANIMATIONS:
        from core.export.animation import animation, frames_between

        frames = frames_between(steps, how.pop("first", None), how.pop("last", None))
        return animation({cards[name].title: figure for name, figure in figures.items()}, frames, path, **how)
    from core.figure.drawing import picture

    (name, figure), *_ = figures.items()
    drawn = picture(figure, run.scene.frame(run.view.step), cards[name].title, **how)
    return drawn.content(path.suffix.removeprefix("."))
