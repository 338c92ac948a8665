"""A small page around the player for the browser tests: three charts of invented numbers, nothing trained.

`?extra=` adds a fourth: `picks` offers rows to be chosen (and the units of the first chart), `edit` has points to be
moved by hand, `edit-stack` the same in a vconcat, `edit-axes` the same on an axis that edits stretch, `shared` draws
the rows of the first chart a second time, `rowless` lacks its rows, `growing` needs more room after a click on the
plane; `fast` has a speed and a loop of its own instead.
`?edits=refused` answers every edit with the old points.
"""

import json
import time
from typing import Any

import numpy as np
import streamlit as st

from pages.shared.callback import to_its_end
from pages.shared.player import play

FRAMES, UNITS, GRID = 80, 256, 12
DISTINCT = np.unique(np.round(np.geomspace(1, 20_000, 200)).astype(int))
STEPS = [0, *DISTINCT[np.linspace(0, len(DISTINCT) - 1, FRAMES - 1).astype(int)].tolist()]
PACE = np.linspace(0, 1, len(STEPS)).round(5).tolist()
AT = "datum.{0}[frame]*(1-tween)+datum.{0}[min(frame+1,last)]*tween"


def rounded(values: np.ndarray) -> list[Any]:
    return np.round(values, 4).tolist()


def kinks(seed: int) -> dict[str, Any]:
    """Triangles that drift to two places on a line, and the function between them."""
    rng, time = np.random.default_rng(seed), np.linspace(0, 1, len(STEPS))
    start, goal = rng.uniform(-2, 2, UNITS), rng.choice([-0.8, 0.6], UNITS) + rng.normal(0, 0.08, UNITS)
    pull = 1 - np.exp(-5 * time[None, :] * rng.uniform(0.2, 1, UNITS)[:, None])  # (unit, frame)
    s = start[:, None] * (1 - pull) + goal[:, None] * pull
    jump = rng.uniform(0.1, 1, UNITS)[:, None] * (0.2 + pull)
    grid = np.linspace(-2, 2, 101)
    f = np.tanh(4 * np.outer(grid + 0.8, time)) - np.tanh(5 * np.outer(grid - 0.6, time))  # (place, frame)
    units = [
        {"number": i, "s": rounded(a), "h": rounded(b), "up": i % 2}
        for i, (a, b) in enumerate(zip(s, jump, strict=True))
    ]
    line = [{"at": round(float(a), 3), "f": rounded(b)} for a, b in zip(grid, f, strict=True)]
    return {
        "units": {"version": f"units-{seed}", "rows": units},
        "line": {"version": f"line-{seed}", "rows": line},
    }


def kinks_spec(y_title: str) -> dict[str, Any]:
    x = {"field": "x", "type": "quantitative", "title": "place along the line, s"}
    x["scale"] = {"domain": [-2.2, 2.2], "nice": False}
    return {
        "params": [{"name": "frame", "value": 0}, {"name": "tween", "value": 0}, {"name": "last", "value": 1},
                   {"name": "ink", "value": "black"}],
        "height": 260,
        "layer": [
            {"data": {"name": "line"},
             "mark": {"type": "line", "color": {"expr": "ink"}, "strokeWidth": 1.5, "clip": True},
             "transform": [{"calculate": AT.format("f"), "as": "y"}],
             "encoding": {"x": {**x, "field": "at"},
                          "y": {"field": "y", "type": "quantitative", "title": y_title,
                                "scale": {"domain": [-0.2, 2.2]}}}},
            {"data": {"name": "units"},
             "mark": {"type": "point", "filled": True, "size": 36, "opacity": 0.55, "clip": True},
             "transform": [{"calculate": AT.format("s"), "as": "x"},
                           {"calculate": AT.format("h"), "as": "y"}],
             "encoding": {"x": x, "y": {"field": "y", "type": "quantitative"},
                          "shape": {"field": "up", "type": "nominal", "legend": None,
                                    "scale": {"domain": [0, 1], "range": ["triangle-up", "triangle-down"]}},
                          "color": {"field": "up", "type": "nominal", "legend": None,
                                    "scale": {"domain": [0, 1], "range": ["#3b7dd8", "#e07b39"]}}}},
        ],
    }  # fmt: skip


def curves() -> dict[str, Any]:
    time = np.log1p(np.array(STEPS)) / np.log1p(STEPS[-1])
    rows = [
        {"step": s, "value": round(float(v), 4), "curve": name}
        for name, tau in (("accuracy", 0.2), ("explained", 0.45))
        for s, v in zip(STEPS, 1 - np.exp(-((time / tau) ** 3)), strict=True)
    ]
    return {"curves": {"version": "1", "rows": rows}, "now": {"version": "1", "rows": [{}]}}


THOUSANDS = "datum.value < 1000 ? datum.value : datum.value / 1000 + 'k'"
CURVES_SPEC: dict[str, Any] = {
    "params": [{"name": "clock_step", "value": 0}, {"name": "ink", "value": "black"}],
    "height": 260,
    "layer": [
        {"data": {"name": "curves"}, "mark": {"type": "line", "strokeWidth": 2},
         "encoding": {"x": {"field": "step", "type": "quantitative", "scale": {"type": "symlog"},
                            "axis": {"values": [0, 10, 100, 1000, 10000], "labelExpr": THOUSANDS}},
                      "y": {"field": "value", "type": "quantitative", "title": "bits"},
                      "color": {"field": "curve", "type": "nominal",
                                "legend": {"orient": "top", "title": None},
                                "scale": {"range": ["#3b7dd8", "#e07b39"]}}}},
        {"data": {"name": "now"}, "mark": {"type": "rule", "color": {"expr": "ink"}, "opacity": 0.6},
         "transform": [{"calculate": "clock_step", "as": "at"}],
         "encoding": {"x": {"field": "at", "type": "quantitative", "title": "step"}}},
    ],
}  # fmt: skip


def plane() -> dict[str, Any]:
    time = np.linspace(0, 1, len(STEPS))
    rows = [
        {
            "alpha": a,
            "temperature": t,
            "v": rounded(0.5 * np.exp(-time * (1 + a / 3)) + 0.3 * np.sin(t / 4) * time),
        }
        for a in range(GRID)
        for t in range(GRID)
    ]
    return {"plane": {"version": "1", "rows": rows}}


def plane_spec(height: int) -> dict[str, Any]:
    return {
        "params": [{"name": "frame", "value": 0}],
        "height": height,
        "layer": [{
            "params": [{"name": "cell",
                        "select": {"type": "point", "fields": ["alpha", "temperature"], "toggle": False}}],
            "data": {"name": "plane"}, "mark": "rect",
            "transform": [{"calculate": "datum.v[frame]", "as": "error"}],
            "encoding": {
                "x": {"field": "alpha", "type": "ordinal", "axis": {"labelAngle": 0}},
                "y": {"field": "temperature", "type": "ordinal", "sort": "descending"},
                "color": {"field": "error", "type": "quantitative", "title": "test error",
                          "scale": {"domain": [0, 0.6], "scheme": "viridis"},
                          "legend": {"orient": "top", "gradientLength": {"expr": "width"},
                                     "gradientThickness": 8}},
            },
        }],
    }  # fmt: skip


STACK_SPEC: dict[str, Any] = {
    "params": [{"name": "clock_step", "value": 0}],
    "vconcat": [
        {"data": {"name": "curves"}, "mark": "line", "height": 70,
         "transform": [{"filter": f"datum.curve === '{curve}'"}],
         "encoding": {"x": {"field": "step", "type": "quantitative", "scale": {"type": "symlog"}},
                      "y": {"field": "value", "type": "quantitative"}}}
        for curve in ("accuracy", "explained")
    ],
}  # fmt: skip


ROWS_SPEC: dict[str, Any] = {
    "height": 80,
    "data": {"name": "rows"}, "mark": {"type": "bar"},
    "params": [{"name": "row", "select": {"type": "point", "fields": ["name"], "toggle": False}}],
    "encoding": {"x": {"field": "value", "type": "quantitative"}, "y": {"field": "name", "type": "nominal"}},
}  # fmt: skip


def growing(chosen: bool) -> dict[str, Any]:
    """Bars whose names, and whose legend, take more room once a cell was chosen."""
    names = ["a name as long as this", "another of some length", "and a third one"] if chosen else ["a"]
    rows = [{"name": name, "value": 1000 if chosen else 1} for name in names]
    return {"bars": {"version": f"bars-{chosen}", "rows": rows}}


GROWING_SPEC: dict[str, Any] = {
    "height": 80,
    "data": {"name": "bars"}, "mark": "bar",
    "encoding": {"x": {"field": "value", "type": "quantitative"},
                 "y": {"field": "name", "type": "nominal", "axis": {"title": None, "labelFontSize": 9}},
                 "color": {"field": "name", "type": "nominal", "title": None, "legend": {"orient": "bottom"}}},
}  # fmt: skip


Points = tuple[tuple[float, float], ...]
POINTS: Points = ((-0.6, 0.3), (0.0, -0.4), (0.6, 0.5))


ABOVE: dict[str, Any] = {
    "height": 40,
    "data": {"name": "points"},
    "encoding": {"x": {"field": "y", "type": "quantitative"}, "y": {"field": "x", "type": "quantitative"}},
}


def points_layer() -> dict[str, Any]:
    x = {"field": "x", "type": "quantitative", "scale": {"domain": [-1, 1], "nice": False}}
    high = {"expr": "high"}
    y = {"field": "y", "type": "quantitative", "scale": {"domainMin": -1, "domainMax": high, "nice": False}}
    return {
        "height": 200, "data": {"name": "points"}, "encoding": {"x": x, "y": y},
        "layer": [{"mark": {"type": "line", "color": "#888888"}},
                  {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 150, "color": "#ff00aa"}}],
    }  # fmt: skip


def points_chart(points: Points, edits: int, stacked: bool, stretched: bool) -> dict[str, Any]:
    table = {"version": f"points-{edits}", "rows": [{"x": x, "y": y} for x, y in points]}
    scale = "concat_1_{}" if stacked else "{}"
    spec = {"vconcat": [points_layer()["layer"][0] | ABOVE, points_layer()]} if stacked else points_layer()
    return {
        "id": "points", "title": "Points to move", "alt": "Three points", "tables": {"points": table},
        "spec": spec | {"params": [{"name": "high", "value": 1}]},
        "params": {"high": 1 + edits if stretched else 1},
        "edit": {"table": "points",
                 "x": {"scale": scale.format("x"), "field": "x"}, "y": {"scale": scale.format("y"), "field": "y"},
                 "bounds": {"x": [-0.9, 0.9], "y": [-0.8, 0.8]}, "fewest": 2, "most": 4, "apart": 0.1},
    }  # fmt: skip


@st.cache_data
def payload(
    seed: int, height: int, seek: str | None, extra: str, autoplay: bool, points: Points, edits: int, busy: bool
) -> str:
    last = {"last": len(STEPS) - 1}
    charts: list[dict[str, Any]] = [
        {"id": "kinks", "title": "Where the kinks sit", "alt": "Kinks on a line", "spec": kinks_spec("f(s)"),
         "caption": f"Each triangle is one hidden unit of run {seed}; its height is the jump of slope. "
                    "The curve is the network itself.",
         "tables": kinks(seed), "params": last, "scrub": None, "pick": None},
        {"id": "curves", "title": "Explained information", "alt": "Two curves", "spec": CURVES_SPEC,
         "caption": "Move the pointer over the curves to choose the time; click to stay there.",
         "tables": curves(), "params": {}, "scrub": {"scale": "x", "field": "step"}, "pick": None,
         "file": "demo-curves", "badge": {"text": "diverged at step 320", "tone": "alert"}},
        {"id": "plane", "title": "Test error in the plane", "alt": "A plane of cells",
         "spec": plane_spec(height), "caption": "Click a cell to load its run.",
         "tables": plane(), "params": {}, "scrub": None, "pick": "cell"},
    ]  # fmt: skip
    if extra == "broken":
        spec = {"mark": "line", "data": {"name": "none"}, "transform": [{"calculate": "((", "as": "x"}]}
        charts.append({"id": "broken", "title": "Broken", "spec": spec, "tables": {}})
    if extra == "stack":
        scrub = {"scale": "concat_1_x", "field": "step"}
        charts.append({"id": "stack", "title": "Stack", "spec": STACK_SPEC, "tables": curves(), "scrub": scrub})
    if extra == "growing":
        charts.append({"id": "single", "title": "One", "spec": GROWING_SPEC, "tables": growing(seed != 1)})
        both = {"vconcat": [GROWING_SPEC, GROWING_SPEC], "resolve": {"scale": {"color": "independent"}}}
        charts.append({"id": "double", "title": "Two", "spec": both, "tables": growing(seed != 1)})
    if extra == "picks":
        named = {"version": "1", "rows": [{"name": name, "value": 1} for name in "abc"]}
        charts.append({"id": "rows", "title": "Rows", "spec": ROWS_SPEC, "tables": {"rows": named}, "pick": "row"})
        one = {"name": "unit", "select": {"type": "point", "fields": ["number"], "toggle": False}}
        charts[0]["spec"]["layer"][1]["params"] = [one]
        charts[0]["pick"] = "unit"
    if extra.startswith("edit"):
        charts.append(points_chart(points, edits, extra == "edit-stack", extra == "edit-axes"))
    if busy:
        charts[0]["badge"] = {"text": "in training, to step 1,200 of 20,000", "tone": "quiet"}
    rows: dict[str, Any] = {}
    if extra == "rowless":
        charts.append({**charts[1], "id": "rowless", "tables": {"curves": {"version": "of no rows"}}})
    if extra == "shared":
        charts.append({**charts[0], "id": "twin", "title": "The same again"})
        for chart in (charts[0], charts[-1]):
            rows.update({table["version"]: table["rows"] for table in chart["tables"].values()})
            chart["tables"] = {name: {"version": table["version"]} for name, table in chart["tables"].items()}
    clock = {
        "steps": STEPS,
        "pace": PACE,
        "seconds": 6,
        "autoplay": autoplay,
        **({"speed": 4, "loop": True} if extra == "fast" else {}),
        "seek": {"token": seek, "frame": 17} if seek else None,
        "notes": ["Invented numbers, for testing the player only.", *["It is busy."] * busy],
    }
    return json.dumps({"clock": clock, "charts": charts, "rows": rows})


def choose(pick: dict[str, Any]) -> None:
    st.session_state.picked = pick  # `state.pick` is there in one run only, which the next report may overtake
    if pick["chart"] == "plane":
        st.session_state.seed = pick["fields"]["alpha"] * GRID + pick["fields"]["temperature"]


def move(edit: dict[str, Any]) -> None:
    st.session_state.edits = st.session_state.get("edits", 0) + 1
    st.session_state.heard = {key: edit[key] for key in ("chart", "table", "done")}
    if st.query_params.get("edits") != "refused":
        st.session_state.points = tuple((row["x"], row["y"]) for row in edit["rows"])


def rest(frame: int | None) -> None:
    st.session_state.rests = [*st.session_state.get("rests", []), frame]


def picture(asked: dict[str, Any]) -> tuple[str, bytes]:
    st.session_state.pictures = st.session_state.get("pictures", 0) + 1
    return f"{asked['chart']} at {asked['step']}.{asked['format']}", json.dumps(asked).encode()


st.set_page_config(page_title="Player", layout="wide")
query = st.query_params
with st.sidebar:
    if st.button("Slow"):
        time.sleep(3)
    # Callbacks: a report that comes at once would restart the script before it looks at a button's value.
    for label, news in {"Busy": {"busy": True}, "New spec": {"height": 300}, "Seek": {"seek": "by button"}}.items():
        st.button(label, on_click=to_its_end(st.session_state.update), args=(news,))
state = play(
    payload(
        st.session_state.get("seed", 1),
        st.session_state.get("height", 260),
        st.session_state.get("seek", query.get("seek")),
        query.get("extra", ""),
        query.get("autoplay") != "no",
        st.session_state.get("points", POINTS),
        st.session_state.get("edits", 0),
        st.session_state.get("busy", False),
    ),
    key="player",
    on_pick=choose,
    on_edit=move,
    on_frame=rest,
    on_picture=picture,
)
seed, picked = (st.session_state.get(name) for name in ("seed", "picked"))
st.markdown(f"seed={1 if seed is None else seed} frame={state.frame} step={state.step} pick={picked}")
st.markdown(f"rests={st.session_state.get('rests', [])} speed={state.speed} loop={state.loop}")
points = [list(point) for point in st.session_state.get("points", POINTS)]
st.markdown(f"edits={st.session_state.get('edits', 0)} {st.session_state.get('heard')} points={points}")
