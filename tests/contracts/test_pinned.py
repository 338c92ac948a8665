"""Pinned runs beside the one on screen, on every part: in links, on one clock, in charts and in tables."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import vl_convert

import core
from core import pinned
from core.datasets import Source
from core.experiment import Experiment, digest
from core.part import Part, Shown
from core.store import Store
from core.studies.linear_model.experiment import LinearModel
from core.study import parts
from core.sweeps import train
from core.values import ExperimentError
from core.view import PINS, View, fields_of_run, from_query, to_query
from tests.contracts.test_parts import visit
from tests.pages.visiting import charts, fine

PARTS = parts()
TRAINED = [name for name, part in PARTS.items() if part.trainings(part.view())]
BESIDE_EACH = [name for name in TRAINED if not PARTS[name].draws_pinned]


@cache
def found(experiment: Experiment) -> Shown[Any] | None:
    """What ships of an experiment, or what takes no time to train."""
    there = Store(Path("nowhere")).load(experiment)[0]
    if there is None and isinstance(experiment, LinearModel):
        there = train(experiment, source=Source(), workers=1)
    return None if there is None else Shown(there, digest(experiment))


def views(part: Part[Any]) -> list[View]:
    """A part's views of its presets and lessons, its first one first."""
    presets = [part.view().with_preset(preset.experiment) for preset in part.presets.values()]
    return list(dict.fromkeys([part.view(), *presets, *(lesson.view for lesson in part.lessons)]))


@cache
def two(name: str) -> tuple[Any, Any]:
    """Two views of a part whose trainings ship, of other trainings if there are such."""
    part = PARTS[name]
    there = [view for view in views(part) if all(found(one) for one in part.trainings(view).values())]
    return there[0], next((view for view in there[1:] if view.experiment != there[0].experiment), there[-1])


def drawn(part: Part[Any], view: View) -> list[Shown[Any] | None]:
    return [found(experiment) for experiment in pinned.needs(part, view)]


@pytest.mark.parametrize("name", PARTS)
def test_a_pin_is_the_run_that_was_pinned_and_survives_its_link(name: str) -> None:
    part = PARTS[name]
    for view in views(part):
        both = replace(view, pinned=f"{view.pin()}|{part.view().pin()}", compared="some_chart")
        runs = both.pinned_runs()
        assert list(runs) == ["A", "B"]
        assert runs["A"].experiment == view.experiment
        assert all(getattr(runs["A"], one) == getattr(view, one) for one in fields_of_run(type(view)))
        assert (part.differs or pinned.differences)(view, runs["A"]) == []
        assert from_query(part.view, to_query(both)) == (both, [])
        assert {"pin", "compare"}.isdisjoint(to_query(view))


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize(
    "broken",
    ["x", ":", "a:1", "|", "step:3", "pin:a", "pin:" * 200, "part:explorer;v:1", "seed:two", "\0:\0", "=" * 10_000],
)
def test_a_broken_pin_costs_one_sentence_and_nothing_else(name: str, broken: str) -> None:
    part = PARTS[name]
    view = part.view()
    said = from_query(part.view, to_query(view) | {"pin": f"{view.pin()}|{broken}"})
    assert said[0] == view
    assert len(said[1]) == 1
    assert said[1][0].startswith("pin: runs as the app writes them in a link; got ")
    assert len(said[1][0]) < 200


def test_more_runs_than_have_names_are_refused() -> None:
    view = PARTS["kinks"].view()
    with pytest.raises(ExperimentError, match="pin: at most 3 runs; got 4"):
        replace(view, pinned="|".join([view.pin()] * (len(PINS) + 1)))
    with pytest.raises(ExperimentError, match="compare: the name of a chart; got 'no<such>'"):
        replace(view, compared="no<such>")


@pytest.mark.parametrize("name", BESIDE_EACH)
def test_the_compared_chart_stands_once_more_as_that_run_has_it(name: str) -> None:
    part, (view, other) = PARTS[name], two(name)
    scene = pinned.scene(part, both := replace(view, pinned=other.pin()), drawn(part, both))
    own = part.scene(view, drawn(part, view))
    theirs = part.scene(other := both.pinned_runs()["A"], drawn(part, other))
    shared = [chart for chart in own.figures if chart in theirs.figures]
    assert [*scene.figures] == [
        one for chart in own.figures for one in ([chart, f"{chart}-A"] if [chart] == shared[:1] else [chart])
    ]
    differs = ", ".join((part.differs or pinned.differences)(view, other)) or "nothing"
    assert f"**Pinned run A** differs in: {differs}" in scene.verdict
    assert theirs.verdict.split("\n\n")[0] in scene.verdict
    assert scene.steps[-1] == max(own.steps[-1], theirs.steps[-1])
    for chart, card in scene.cards.items():
        if chart.endswith("-A"):
            assert not card.pick
            assert not card.edit
            assert not card.scrub
    if shared:
        figure, alone = scene.figures[f"{shared[0]}-A"], theirs.figures[shared[0]]
        assert figure.tables == alone.tables
        for place, step in enumerate(scene.steps):
            held = int(np.flatnonzero(theirs.steps <= max(step, theirs.steps[0]))[-1])
            assert figure.frame(place) == held
        spec = figure.standalone(len(scene.steps) - 1)
        frame = next((param["value"] for param in spec["params"] if param["name"] == "frame"), None)
        assert frame in (None, len(theirs.steps) - 1)
        assert "<svg" in vl_convert.vegalite_to_svg(spec)


@pytest.mark.parametrize("name", TRAINED)
def test_its_page_pins_what_is_on_screen_and_lets_it_go(name: str) -> None:
    at = visit(name, {})
    shown = list(charts(at))
    for label in ("Pin this run", "Unpin A"):
        fine(next(button for button in at.button if button.label == label).click().run())
        beside = [] if PARTS[name].draws_pinned or label == "Unpin A" else [f"{shown[0]}-A"]
        assert [chart for chart in charts(at) if chart not in shown] == beside


@pytest.mark.parametrize("name", BESIDE_EACH)
def test_tables_of_all_runs_stand_one_after_the_other(name: str) -> None:
    part, (view, other) = PARTS[name], two(name)
    both = replace(view, pinned=other.pin())
    rows = pinned.tables(part, both, drawn(part, both))
    assert [*rows] == [f"compared_{table}" for table in part.tables]
    mine, theirs = found(view.experiment), found(other.experiment)
    assert mine is not None
    assert theirs is not None
    for table in part.tables:
        whole = rows[f"compared_{table}"][1]()
        assert list(whole.columns[:2]) == ["pinned", "differs_in"]
        counts = whole["pinned"].value_counts()
        assert counts.get("", 0) == len(mine.table(table))
        assert counts.get("A", 0) == len(theirs.table(table))
    assert pinned.tables(part, view, drawn(part, view)) == {}


def test_a_run_that_is_not_there_is_said_to_be_missing() -> None:
    part = PARTS["complexity"]
    view, _ = two("complexity")
    missing = view.changed({"seeds": (987,)})
    both = replace(view, pinned=missing.pin())
    scene = pinned.scene(part, both, drawn(part, both))
    assert [*scene.figures] == [*part.scene(view, drawn(part, view)).figures]
    assert "**Pinned run A** differs in: seeds 987 (here 0,1,2)." in scene.verdict
    assert scene.verdict.endswith("Not trained yet.")
    assert pinned.tables(part, both, drawn(part, both)) == {}


def test_another_chart_is_compared_where_that_is_asked_for_and_one_that_is_not_there_is_said() -> None:
    part = PARTS["kinks"]
    view, other = two("kinks")
    asked = replace(view, pinned=other.pin(), compared="loss")
    assert [*pinned.scene(part, asked, drawn(part, asked)).figures][-2:] == ["loss", "loss-A"]
    strange = replace(asked, compared="lss")
    scene = pinned.scene(part, strange, drawn(part, strange))
    assert scene.notes[-1].startswith("compare: one of network, ")
    assert "network-A" in scene.figures


def test_charts_with_an_axis_of_steps_end_together() -> None:
    part = PARTS["kinks"]
    view, other = two("kinks")
    asked = replace(view, pinned=other.pin(), compared="loss")
    figures = pinned.scene(part, asked, drawn(part, asked)).figures
    assert figures["loss"].params["last_step"] == figures["loss-A"].params["last_step"]
    ends = [part.scene(one, drawn(part, one)).steps[-1] for one in (view, other)]
    assert figures["loss"].params["last_step"] == max(ends) > min(ends)


def test_a_view_may_rest_where_only_a_pinned_run_has_come() -> None:
    view, _ = two("kinks")
    longer = replace(view, experiment=replace(view.experiment, step_limit=view.experiment.step_limit + 500))
    both = replace(view, pinned=longer.pin(), step=10**9)
    assert both.step == longer.last_step
    assert replace(view, step=10**9).step == view.last_step
    assert from_query(type(view), to_query(both)) == (both, [])


def test_a_run_loaded_by_its_link_has_what_is_compared() -> None:
    view, other = two("kinks")
    run = core.load("?" + urlencode(to_query(replace(view, pinned=other.pin()))))
    assert "network-A" in run.scene.figures
    assert set(run.tables["compared_loss"]["pinned"]) == {"", "A"}
    again = core.load("kinks/zig5", pinned=other.pin())
    assert again.view.pinned == other.pin()
