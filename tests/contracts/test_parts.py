"""What holds of every part of a page: links whole and broken, presets, lessons, every control at its ends, tables."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.columns import columns
from core.experiment import Experiment
from core.field import Field, declared
from core.figure.figure import Figure
from core.jobs import Jobs
from core.part import Part
from core.study import parts, studies
from core.values import AwaitedError, ExperimentError, as_text
from core.view import BESIDE, View, from_query, to_query
from pages.shared.downloads import Takeaway, bundle
from pages.shared.session import fields_of
from tests.pages.visiting import fine, link, player

PARTS: Mapping[str, Part[Any]] = parts()
LESSONS = [(name, lesson.title) for name, part in PARTS.items() for lesson in part.lessons]
PRESETS = [(name, preset) for name, part in PARTS.items() for preset in part.presets]
SCRIPT = """
from core.study import parts
from pages.shared.part import draw
draw(parts()["{name}"])
"""


@pytest.fixture
def nothing_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked for takes too long to be trained unasked, but for what a visit begins with."""
    long = type("Long", (), {"long": True, "usual": 100.0, "at_most": 200.0})()
    estimate, first = Jobs.estimate, [part.trainings(part.view()).values() for part in PARTS.values()]
    monkeypatch.setattr(
        Jobs, "estimate", lambda jobs, asked: estimate(jobs, asked) if any(asked in of for of in first) else long
    )


def visit(name: str, query: Mapping[str, str]) -> AppTest:
    at = AppTest.from_string(SCRIPT.format(name=name), default_timeout=60)
    for word, text in query.items():
        at.query_params[word] = text
    return fine(at.run())


def place(part: Part[Any]) -> dict[str, str]:
    """What a link to a part says, whatever it shows."""
    switch = part.view.switch
    return {"part": part.view.part} | ({} if switch is None else {switch.word: switch.mine})


def ends(view: View, field: Field) -> list[Any]:
    """The first and the last value that a field's widget offers; none of one that takes text."""
    if field.kind == "flag":
        return [True, False]
    if field.kind == "choice":
        return [next(iter(field.options)), list(field.options)[-1]]
    if field.kind == "choices":
        return [(), tuple(field.options)]
    if field.offered:
        return [field.offered[0], field.offered[-1]]
    if field.kind == "entry":
        entries = getattr(view.experiment, field.of)  # type: ignore[attr-defined]
        return [entries[0], entries[-1]]
    if kind := {"whole": int, "number": float}.get(field.kind):
        return [kind(field.bounds.low), kind(field.bounds.high)]
    return []


@pytest.mark.parametrize("name", PARTS)
def test_its_fields_are_named_and_explained(name: str) -> None:
    view = PARTS[name].view()
    for word, field in fields_of(view).items():
        assert field.label, word
    assert {f.name for f in fields(view)} == {*declared(type(view)), "experiment", *BESIDE}


@pytest.mark.parametrize("name", PARTS)
def test_a_link_comes_back_as_it_was(name: str) -> None:
    for lesson in PARTS[name].lessons:
        assert from_query(PARTS[name].view, to_query(lesson.view)) == (lesson.view, [])


@pytest.mark.parametrize("name", PARTS)
def test_a_link_brings_speed_and_loop(name: str) -> None:
    kind = PARTS[name].view
    view = replace(kind(), step=0, speed=0.25, loop=False)
    query = to_query(view)
    assert (query["speed"], query["loop"]) == ("0.25", "false")
    assert from_query(kind, query) == (view, [])
    plain, said = from_query(kind, query | {"speed": "3", "loop": "perhaps"})
    assert plain == kind(step=0)
    assert [sentence.split(":")[0] for sentence in said] == ["speed", "loop"]


@pytest.mark.parametrize("name", PARTS)
def test_a_rest_beyond_the_end_is_one_at_the_end(name: str) -> None:
    """A training that a control has made shorter since, or a link to it."""
    first = PARTS[name].view()
    last = first.last_step
    view = replace(first, step=last + 1)
    assert view.step == last
    assert from_query(PARTS[name].view, to_query(view) | {"step": str(last + 1)}) == (view, [])


@pytest.mark.parametrize(("name", "preset"), PRESETS)
def test_a_presets_link_comes_back_and_says_every_setting(name: str, preset: str) -> None:
    part = PARTS[name]
    view = part.view().with_preset(part.presets[preset].experiment)
    query = to_query(view)
    assert from_query(part.view, query) == (view, [])
    assert {"v", "part"} <= set(query)


@pytest.mark.parametrize("name", PARTS)
def test_a_link_to_another_part_is_none_of_ours(name: str) -> None:
    part = PARTS[name]
    assert from_query(part.view, {"part": "elsewhere", "width": "nan"}) == (part.view(), [])


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if part.view.switch is not None])
def test_parts_in_one_place_are_told_apart_by_a_word(name: str) -> None:
    switch, here = PARTS[name].view.switch, PARTS[name].view.part
    assert switch is not None
    others = [part.view for part in PARTS.values() if part.view.part == here and part.view.switch is not None]
    assert {view.switch.mine for view in others if view.switch is not None} == set(switch.options)
    for query in ({"part": here}, {"part": here, switch.word: "elsewhere"}):
        sentences = [from_query(view, query | {"step": "soon"})[1] for view in others]
        assert sum(map(bool, sentences)) == 1, "one of them answers"


@pytest.mark.parametrize("name", PARTS)
def test_every_field_that_is_broken_in_a_link_gets_one_sentence(name: str) -> None:
    part = PARTS[name]
    query = to_query(part.view())
    for word in [*query.keys() - {"v", *place(part)}]:
        view, said = from_query(part.view, query | {word: "![x](http://example.org/x.png)"})
        assert len(said) == 1, (word, said)
        assert said[0].startswith(f"{word}: "), said
        assert "got" in said[0] or "ignored" in said[0]
        assert isinstance(view, View)


@pytest.mark.parametrize("words", [{"v": "7"}, {f"word{i}": "x" for i in range(60)}, {"step": "soon"}])
@pytest.mark.parametrize("name", PARTS)
def test_a_broken_link_gives_sentences_and_still_draws(name: str, words: dict[str, str], nothing_trains: None) -> None:
    part = PARTS[name]
    at = visit(name, place(part) | words)
    assert len(at.warning) == 1
    assert 1 <= at.warning[0].value.count("\n\n") + 1 <= 13


CONTROLS = [
    (name, field)
    for name, part in PARTS.items()
    for field, declaration in fields_of(part.view()).items()
    if not declaration.hidden and ends(part.view(), declaration)
]


@pytest.mark.parametrize(("name", "field"), CONTROLS)
def test_every_control_at_its_ends_changes_its_own_field_and_no_other(
    name: str, field: str, nothing_trains: None
) -> None:
    """What a control moves beside its own field, the part's view says by itself (`changed`)."""
    part = PARTS[name]
    before = part.view()
    for value in ends(before, fields_of(before)[field]):
        at = visit(name, to_query(before))
        key = f"{part.key}_{field}"
        if key not in at.session_state:
            continue
        states = {one: f"{part.key}_{one}" for one in fields_of(before)}
        now = {one: at.session_state[state] for one, state in states.items() if state in at.session_state}
        if (narrowed := before.limits(field, now)) is not None:
            value = min(max(value, narrowed[0]), narrowed[1])
        at.session_state[key] = value
        fine(at.run())
        if at.error:
            assert "got" in at.error[0].value  # settings that do not go together, in a sentence
            continue
        counted = fields_of(before)[field].counted == "up to"
        try:
            expected = before.changed({field: tuple(range(1, int(value) + 1)) if counted else value})
        except AwaitedError:  # a table of one's own
            assert at.info
            continue
        except ExperimentError:  # a control has moved to what another allows, which is said
            assert at.warning
            assert from_query(part.view, link(at))[1] == []
            continue
        assert from_query(part.view, link(at)) == (expected, [])


@pytest.mark.parametrize(("name", "title"), LESSONS)
def test_a_lesson_shows_its_view(name: str, title: str, nothing_trains: None) -> None:
    part = PARTS[name]
    at = visit(name, to_query(part.view()))
    fine(at.button(key=f"lesson-{title}").click().run())
    (lesson,) = (lesson for lesson in part.lessons if lesson.title == title)
    assert from_query(part.view, link(at)) == (lesson.view, [])


@pytest.mark.parametrize(("name", "preset"), PRESETS)
def test_a_preset_is_drawn_and_marked(name: str, preset: str, nothing_trains: None) -> None:
    part = PARTS[name]
    at = visit(name, to_query(part.view()))
    fine(at.button(key=f"preset-{preset}").click().run())
    view = part.view().with_preset(part.presets[preset].experiment)
    assert from_query(part.view, link(at)) == (view, [])


@pytest.mark.parametrize("name", PARTS)
def test_every_chart_has_a_card_and_every_table_its_columns(name: str, asked: list[Experiment]) -> None:
    part = PARTS[name]
    at = visit(name, to_query(part.view()))
    cards = player(at, most=10_000_000)["charts"]
    assert cards
    for card in cards.values():
        assert card["title"]
        assert card["alt"]
    names = [button.proto.label for button in at.get("download_button")]
    if names:
        assert names == [*(f"{table}.csv" for table in part.tables), *names[len(part.tables) :]]
        assert names[-1] == "Everything (zip)"
    for table in part.tables:
        assert table in studies()[name].tables()


def moving_lengths(figure: Figure) -> set[int]:
    """How many snapshots each list has of which a chart draws the one now."""
    moving = set(re.findall(r"datum\.(\w+)\[frame\]", json.dumps(figure.spec)))
    rows = (row for table in figure.tables.values() for row in table.rows)
    return {len(row[name]) for row in rows for name in moving if isinstance(row.get(name), list)}


class Drawn:
    """A picture that takes no time."""

    def content(self, form: str) -> bytes:
        return form.encode()


@pytest.mark.parametrize("rests", [False, True], ids=["playing", "at rest"])
@pytest.mark.parametrize("name", PARTS)
def test_the_pictures_in_the_zip_are_those_on_screen(name: str, rests: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """At rest those of the step, else the last; a chart may hold fewer snapshots than are stored."""
    part = PARTS[name]
    view, taken = part.view(), list[Takeaway]()
    monkeypatch.setattr("pages.shared.part.take_away", taken.append)
    asked = list[tuple[Figure, int, str, float]]()
    monkeypatch.setattr("pages.shared.downloads.picture", lambda *of: (asked.append(of), Drawn())[1])
    monkeypatch.setattr("pages.shared.downloads.files", lambda trajectory: ())
    step = max(view.experiment.step_limit // 300, 1)
    at = visit(name, to_query(replace(view, step=step) if rests else view))
    screen = player(at, most=10_000_000)
    (what,) = taken
    steps, seek = screen["clock"]["steps"], screen["clock"]["seek"]
    assert what.frame == (seek["frame"] if rests else len(steps) - 1)
    assert list(screen["charts"]) == list(what.scene.figures)
    for chart, figure in what.scene.figures.items():
        versions = {table: own["version"] for table, own in screen["charts"][chart]["tables"].items()}
        assert versions == {table: own.version for table, own in figure.tables.items()}
        assert moving_lengths(figure) <= {len(steps)}
    with zipfile.ZipFile(io.BytesIO(bundle(what))) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("figures/")]
        filled = {f"{table}.csv" for table, (_, rows) in what.tables.items() if len(rows())}
        assert {name for name in archive.namelist() if name.endswith(".csv")} == filled
    titles = {chart: card["title"] for chart, card in screen["charts"].items()}
    assert asked == [
        (figure, what.frame, titles[chart], width)
        for chart, figure in what.scene.figures.items()
        for width in (85, 178)
    ]
    page = next(iter(studies()[name].presets)).partition("/")[0] + "-" if name in studies() else ""
    assert len(set(pictures)) == len(pictures) == 6 * len(what.scene.figures)
    for chart in what.scene.figures:
        mine = [picture for picture in pictures if picture.startswith(f"figures/trainscope-{page}{chart}-")]
        assert [picture.rpartition("mm")[2] for picture in mine] == 2 * [".svg", ".png", ".pdf"]


def test_every_column_of_a_table_is_in_the_dictionary() -> None:
    assert columns()
    assert all(as_text(meaning[1]) for meaning in columns().values())
