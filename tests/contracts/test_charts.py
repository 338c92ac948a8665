"""What every chart keeps: it is drawn whole, without a warning of Vega, from a constant spec and finite rows."""

import ast
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from altair.utils import schemapi
from altair.vegalite.v6.schema.core import load_schema

from core.figure.drawing import COLUMN, PIXELS_PER_MM, for_print, picture, svg
from core.figure.figure import CLOCK, THEME, TYPE, Figure
from core.figure.outlines import lacking
from core.study import FOLDERS
from tests.contracts.drawn import DRAWN

CORE = Path(__file__).parents[2] / "core"
PLACES = [path for where in ("studies/*/charts/*.py", "comparison/charts/*.py") for path in sorted(CORE.glob(where))]
CHARTS = {f"{path.parent.parent.name}.{path.stem}": path for path in PLACES if "@specification" in path.read_text()}
DRAWN_AS = {"point": "symbol", "circle": "symbol", "square": "symbol", "tick": "rect", "bar": "rect"}
"""The mark of Vega that a mark of Vega-Lite becomes, where it has another name."""


@cache
def figures(study: str) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = defaultdict(list)
    for chart, figure in DRAWN[study]():
        found[chart].append(figure)
    return dict(found)


def last_frame(figure: Figure) -> int:
    """The last entry of the columns that have one a frame, as a list or as a string of signs."""
    values = [v for table in figure.tables.values() for row in table.rows[:3] for v in row.values()]
    frames = [v for v in values if isinstance(v, list) or (isinstance(v, str) and re.fullmatch("[-+0-9pn]{2,}", v))]
    return max(map(len, frames), default=1) - 1


def views(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every layer with the name that Vega-Lite gives its marks."""
    if "vconcat" in spec:
        for i, panel in enumerate(spec["vconcat"]):
            for name, layer in views(panel):
                yield name if "name" in layer else f"concat_{i}_{name}", layer
    else:
        layers = enumerate(spec["layer"])
        yield from ((f"{layer.get('name', f'layer_{i}')}_marks", layer) for i, layer in layers)


def drawn(figure: Figure, frame: int) -> Iterator[tuple[str, str, int]]:
    """Every mark of the scene: the name of its layer, its type, and of how many items it is."""
    spec = figure.standalone(frame)
    for view in spec.get("vconcat", [spec]):
        view["width"] = 420
    waiting = [vl_convert.vegalite_to_scenegraph(spec, show_warnings=True)["scenegraph"]]
    while waiting:
        mark = waiting.pop()
        if str(mark.get("name", "")).endswith("_marks"):
            yield mark["name"], mark["marktype"], len(mark["items"])
        waiting += [part for item in mark.get("items", ()) for part in item.get("items", ())]


def calculations(part: Any) -> Iterator[dict[str, str]]:
    if isinstance(part, dict):
        if "calculate" in part:
            yield part
        for value in part.values():
            yield from calculations(value)
    elif isinstance(part, list):
        for value in part:
            yield from calculations(value)


def test_every_chart_is_drawn_here() -> None:
    assert set(DRAWN) == set(FOLDERS)
    assert {chart for study in FOLDERS for chart in figures(study)} == set(CHARTS)


def test_every_other_module_is_a_part_of_a_chart() -> None:
    for path in PLACES:
        study = path.parent.parent.name
        if path.stem != "__init__" and f"{study}.{path.stem}" not in CHARTS:
            users = [other for other in path.parent.glob("*.py") if path.stem in _imported(other)]
            assert users, f"{study}.{path.stem}: no chart uses it"


def _imported(path: Path) -> set[str]:
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    modules = {(node.module or "").rpartition(".")[2] for node in nodes}
    return modules | {alias.name for node in nodes for alias in node.names}


@pytest.mark.parametrize("study", FOLDERS)
def test_every_layer_is_drawn_and_vega_has_nothing_to_say(study: str, capfd: pytest.CaptureFixture[str]) -> None:
    for chart, found in figures(study).items():
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for figure in found:
            last = last_frame(figure)
            for frame in sorted({0, last // 2, last} if figure is found[0] else {last}):
                for name, kind, items in drawn(figure, frame):
                    counts[name, kind] += items
        for name, layer in views(found[0].standalone(0)):
            mark = layer["mark"]["type"]
            answers = any("param" in str(step.get("filter")) for step in layer.get("transform", ()))
            if not answers:  # else it shows what is under the pointer
                assert counts[name, DRAWN_AS.get(mark, mark)], f"{chart}: {name}, {layer['mark']}, is never drawn"
        said = capfd.readouterr()
        assert said.err + said.out == "", chart


@pytest.mark.parametrize("study", FOLDERS)
def test_specs_keep_vega_lites_schema(study: str) -> None:
    """A page does not look: that takes longer than to build the chart."""
    for found in figures(study).values():
        schemapi.validate_jsonschema(found[0].spec, load_schema())


@pytest.mark.parametrize("study", FOLDERS)
def test_specs_are_constant_and_rows_are_finite(study: str) -> None:
    for chart, found in figures(study).items():
        specs = {json.dumps(figure.spec): figure.spec for figure in found}
        for figure in found:
            assert figure.spec is specs[json.dumps(figure.spec)], f"{chart}: equal specs are one"
            declared = {param["name"] for param in figure.spec["params"] if "select" not in param}
            assert set(figure.params) == declared - set(CLOCK) - set(THEME) - set(TYPE), chart
            for table in figure.tables.values():
                assert "NaN" not in table.json


@pytest.mark.parametrize("study", FOLDERS)
def test_a_picture_is_of_numbers_and_moves_if_its_chart_has_a_clock(study: str) -> None:
    ids = re.compile(r"(clip|gradient_)[0-9]+")
    for chart, found in figures(study).items():
        clocked = [figure for figure in found if "frame" in {param["name"] for param in figure.spec["params"]}]
        moved = False
        for figure in [found[0], *clocked]:
            pictures = [ids.sub("", svg(figure, frame)) for frame in (0, last_frame(figure))]
            assert not any(re.search("NaN|undefined", picture) for picture in pictures), chart
            moved = pictures[0] != pictures[1]
            if moved:
                break
        assert moved == any(last_frame(figure) > 0 for figure in clocked), chart


@pytest.mark.parametrize("study", FOLDERS)
def test_a_chart_is_printed_without_the_clock_and_within_its_width(study: str) -> None:
    for chart, found in figures(study).items():
        figure = found[0]
        for step in calculations(for_print(figure, 0)):
            at_clock = re.search(r"\b(steps|times|xs)\[frame\]", step["calculate"])
            assert not at_clock, f"{chart}: {step} stands at the clock, and only a screen has one"
        drawn = picture(figure, last_frame(figure), chart)
        assert drawn.pixels == COLUMN * PIXELS_PER_MM, f"{chart} is wider than a column"
        words = [html.unescape(text) for text in re.findall(r'aria-label="([^"]*)"', drawn.svg)]
        assert words[0] == chart
        assert not set().union(*map(lacking, words)), chart
        assert not any(re.search("NaN|undefined", text) for text in words), chart


RAW = re.compile(r"[a-z]_[a-z]")
"""A name of the program's: `step_limit`, but not μ_Y."""


@pytest.mark.parametrize("study", FOLDERS)
def test_nothing_is_told_in_the_names_of_the_program(study: str) -> None:
    for chart, found in figures(study).items():
        told = [tip for _, layer in views(found[0].spec) for tip in tips(layer)]
        assert not [tip for tip in told if RAW.search(tip.get("title", tip["field"]))], chart
        for figure in found:
            rows = (row for table in figure.tables.values() for row in table.rows)
            values = {str(row[tip["field"]]) for row in rows for tip in told if isinstance(row.get(tip["field"]), str)}
            assert not [value for value in values if RAW.search(value)], chart
            words = [html.unescape(text) for text in re.findall(r">([^<>]+)</text>", svg(figure, last_frame(figure)))]
            assert not [text for text in words if RAW.search(text)], chart


def tips(layer: dict[str, Any]) -> list[dict[str, str]]:
    """What a layer says under the pointer."""
    found = layer.get("encoding", {}).get("tooltip", [])
    return [tip for tip in (found if isinstance(found, list) else [found]) if "field" in tip]


@pytest.mark.parametrize("study", FOLDERS)
def test_no_calculation_writes_over_what_it_reads_again_at_the_next_frame(study: str) -> None:
    """A drawing of one frame cannot tell: Vega keeps the row, and the next frame finds a number where a list was."""
    for chart, found in figures(study).items():
        for step in calculations(found[0].spec):
            assert not re.search(rf"\bdatum\.{step['as']}\b", step["calculate"]), f"{chart}: {step}"
