"""The charts of a table of one's own runs: the plane, sections through a cell, a power law, and curves over steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from core.figure.figure import Figure
from core.observables.power_laws import NARROWEST
from core.part import Card, Scene, Shown, badge, spoken
from core.studies.own_plane.charts import curves, fit, plane, sections
from core.studies.own_plane.charts.places import Place, is_log, spelled
from core.studies.own_plane.tables import Columns, Section, columns_of
from core.studies.own_plane.tables import curves as curves_of
from core.studies.own_plane.tables import fit as fit_of
from core.studies.own_plane.tables import plane as plane_of
from core.studies.own_plane.trajectory import OwnPlaneTrajectory
from core.studies.own_plane.view import OwnPlaneView

Opened = Shown[OwnPlaneTrajectory]
TOO_NARROW = f"no exponent: the window spans less than a factor of {NARROWEST:g}"


@dataclass(frozen=True)
class Chosen:
    """A table, at the columns and the cell of a view."""

    view: OwnPlaneView
    shown: Opened

    @cached_property
    def columns(self) -> Columns:
        """The columns that the plane is made of."""
        return columns_of(self.shown.trajectory, self.view.x, self.view.y, self.view.value)

    @property
    def ends(self) -> pd.DataFrame:
        """A row a run, in its last state."""
        trajectory = self.shown.trajectory
        return self.shown.once("ends", lambda: trajectory.rows[trajectory.last])

    @property
    def plane(self) -> pd.DataFrame:
        """A row a cell."""
        return self.shown.once(("plane", self.columns), lambda: plane_of(self.ends, self.columns))

    @cached_property
    def place(self) -> Place:
        """The chosen cell: the nearest to what is asked for, on the axes as they are drawn; for 0, 0 the middle one."""
        far = np.zeros(len(self.plane))
        asked = {"x": self.view.at_x, "y": self.view.at_y}
        middle = not any(asked.values()) and not (self.plane[["x", "y"]] == 0).all(axis=1).any()
        for name, wanted in asked.items():
            values = self.plane[name].to_numpy(np.float64)
            wanted = float(np.median(np.unique(values))) if middle else wanted
            log = is_log(values)
            wanted = max(wanted, float(values.min())) if log else wanted
            at, centre = (np.log(values), np.log(wanted)) if log else (values, wanted)
            far += np.abs(at - centre) / np.ptp(at)
        row: Any = self.plane.iloc[int(far.argmin())]
        return float(row["x"]), float(row["y"])

    @property
    def section(self) -> Section:
        """The line along which a power law is fitted."""
        x, y, _ = self.columns
        across = self.view.along == "across"
        return Section(x, y, self.place[1]) if across else Section(y, x, self.place[0])

    @cached_property
    def fit(self) -> pd.DataFrame:
        """The power law, one row."""
        return fit_of(self.ends, self.columns, self.section, (self.view.fit_low, self.view.fit_high))

    @property
    def curves(self) -> pd.DataFrame:
        """The value of the chosen cell over steps."""
        return curves_of(self.shown.trajectory.rows, self.columns, self.place)


def scene(view: OwnPlaneView, drawn: Sequence[Opened | None]) -> Scene:
    """Return the charts of a view."""
    shown = drawn[0]
    assert shown is not None
    here = Chosen(view, shown)
    x, y, value = map(spelled, here.columns)
    steps, cells = shown.trajectory.steps, here.plane
    figures: dict[str, Figure] = {
        "plane": plane.figure(cells, here.columns[:2], here.place),
        "sections": sections.figure(cells, here.columns, here.place),
    }
    cards = {
        "plane": Card(
            title=f"{value} over {x} and {y}",
            caption="Means over the seeds that fitted; a mark says why a cell has none. {Click a cell for its sections"
            + (" and curves.}" if shown.trajectory.is_long else ".}"),
            pick="cell",
        ),
        "sections": Card(
            title="Cross-sections",
            caption="A line for each value of the other axis, lighter as it rises; the chosen one is bold. Bands: one "
            "standard deviation over seeds.",
        ),
    }
    if (law := fit.figure(cells, here.fit, view.along)) is not None:
        figures["fit"] = law
        narrow = bool(np.isnan(here.fit["exponent"].iloc[0]))
        cards["fit"] = Card(
            title=f"A power of {spelled(here.section.along)}",
            caption="Through the chosen cell, on logarithmic axes. Shaded: the window of the fit, which the settings "
            "below choose. The standard error is over seeds.",
            badge=badge(TOO_NARROW) if narrow else None,
        )
    if shown.trajectory.is_long and len(here.curves):
        figures["curves"] = curves.figure(here.curves, steps)
        cards["curves"] = Card(
            title=f"The chosen cell: {value}",
            caption="Mean over its seeds, with a band from the least to the greatest. Move over the chart to scrub.",
            scrub="x",
        )
    said = _said(here)
    cards = {name: replace(card, alt=spoken(card.title, said)) for name, card in cards.items()}
    return Scene(figures=figures, cards=cards, steps=steps, verdict=said, notes=_notes(here))


def _said(here: Chosen) -> str:
    """Say what the chosen cell holds, and the power law through it."""
    (x, y, value), place = map(spelled, here.columns), here.place
    row: Any = here.plane[(here.plane["x"] == place[0]) & (here.plane["y"] == place[1])].iloc[0]
    spread = f" ± {row['deviation']:.3g} over seeds" if np.isfinite(row["deviation"]) else ""
    mean = f"{value} = **{row['mean']:,.4g}**{spread}" if np.isfinite(row["mean"]) else f"no mean of {value}"
    said = f"At {x} = {place[0]:,.4g}, {y} = {place[1]:,.4g}: {mean}, {row['fitted']} of {row['runs']} runs fitted."
    law: Any = here.fit.iloc[0]
    if np.isfinite(law["exponent"]):
        error = f" ± {law['standard_error']:.2g}" if np.isfinite(law["standard_error"]) else ", of one seed"
        said += f" Exponent in {spelled(law['against'])}: **{law['exponent']:.3g}**{error}, "
        said += f"fitted from {law['low']:,.4g} to {law['high']:,.4g}."
    return said


def _notes(here: Chosen) -> tuple[str, ...]:
    """Say it if a cell holds several runs of one seed, as over other axes than those that the table came with."""
    twice = here.ends.duplicated([here.columns.x, here.columns.y, "seed"]).any()
    return (
        ("Cells hold several runs of a seed, which differ in other columns: a band is over all of them.",)
        if twice
        else ()
    )
