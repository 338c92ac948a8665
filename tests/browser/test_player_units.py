"""The player's functions that draw nothing, in a blank page of the browser that will run them."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.figure import player

pytestmark = pytest.mark.browser

NAMES = """Clock, Reports, actOfKey, compactStep, lastAtMost, momentAmong, nearestFree, nearestIndex, nearestWithin,
    ticksOf, withLegibleText, withNarrowLegends, withRoom, withRows, withWidth"""
Call = Callable[[str], Any]


@pytest.fixture(scope="module")
def call(browser: Any) -> Iterator[Call]:
    """`call("nearestIndex([1, 2], 3)")`: the value of an expression, or of statements that return."""
    script = f"{player.js()}\nexport {{ {NAMES} }};"
    address = f"data:text/javascript;base64,{base64.b64encode(script.encode()).decode()}"
    page = browser.new_page()
    page.evaluate("async address => { window.units = await import(address) }", address)

    def evaluate(text: str) -> Any:
        body = text if "return " in text else f"return {text}"
        return page.evaluate(f"() => {{ const {{ {NAMES} }} = window.units; {body} }}")

    yield evaluate
    page.close()


CLOCK = "const c = new Clock(); c.adopt({steps: [0, 1, 10, 100], pace: [0, 0.2, 0.6, 1], seconds: 10});"


@pytest.mark.parametrize(
    ("values", "value", "last", "nearest"),
    [
        ([0, 1, 10, 100], -5, 0, 0),
        ([0, 1, 10, 100], 0, 0, 0),
        ([0, 1, 10, 100], 5.4, 1, 1),
        ([0, 1, 10, 100], 5.6, 1, 2),
        ([0, 1, 10, 100], 1000, 3, 3),
        ([0, 0, 0, 7], 0, 2, 0),  # of several that stand there, the last that was reached; the first that is as near
        ([3], 9, 0, 0),
    ],
)
def test_snapshots_are_found_by_place(call: Call, values: list[float], value: float, last: int, nearest: int) -> None:
    assert call(f"lastAtMost({values}, {value})") == last
    assert call(f"nearestIndex({values}, {value})") == nearest


def test_a_moving_clock_stands_between_two_snapshots(call: Call) -> None:
    moment = call(f"{CLOCK} c.play(); c.advance(4); return c.now()")
    assert moment == pytest.approx({"frame": 1, "tween": 0.5, "step": 1, "clock_step": 5.5})


@pytest.mark.parametrize(
    ("step", "tween", "shown"),
    [
        (0, 0, {"frame": 0, "tween": 0, "step": 0, "clock_step": 0}),
        (30, 0, {"frame": 1, "tween": 0, "step": 20, "clock_step": 20}),  # at rest: the last that was recorded
        (30, 0.1, {"frame": 1, "tween": 0.5, "step": 20, "clock_step": 30}),
        (40, 0.7, {"frame": 2, "tween": 0, "step": 40, "clock_step": 40}),
        (900, 0.7, {"frame": 2, "tween": 0, "step": 40, "clock_step": 40}),  # it had ended by then
    ],
)
def test_a_chart_of_another_run_shows_what_that_was_by_then(
    call: Call, step: int, tween: float, shown: dict[str, float]
) -> None:
    moment = f"{{frame: 5, tween: {tween}, step: 1, clock_step: {step}}}"
    assert call(f"momentAmong([0, 20, 40], {moment})") == pytest.approx(shown)


def test_a_resting_clock_stands_on_one(call: Call) -> None:
    moment = call(f"{CLOCK} c.play(); c.advance(4); c.restAt(c.now().frame); return c.now()")
    assert moment == {"frame": 1, "tween": 0, "step": 1, "clock_step": 1}
    assert call(f"{CLOCK} c.restAt(99); return [c.position, c.now().frame]") == [1, 3]
    assert call(f"{CLOCK} c.restAt(-1); return c.now().frame") == 0


def test_a_pass_takes_its_seconds_divided_by_the_speed(call: Call) -> None:
    assert call(f"{CLOCK} c.play(); c.advance(2.5); return c.position") == 0.25
    assert call(f"{CLOCK} c.speed = 4; c.play(); c.advance(2.5); return c.position") == 1


def test_at_the_end_a_clock_rests_or_comes_round_after_a_second(call: Call) -> None:
    end = f"{CLOCK} c.play(); c.advance(11);"
    assert call(f"{end} c.advance(0.1); return [c.playing, c.now().frame]") == [False, 3]
    assert call(f"{end} c.loop = true; c.advance(0.9); return [c.playing, c.position]") == [True, 1]
    assert call(f"{end} c.loop = true; c.advance(0.9); c.advance(0.2); return [c.playing, c.position]") == [True, 0]
    assert call(f"{end} c.advance(0.1); c.play(); return c.position") == 0, "from the end, play starts over"


def test_a_preview_shows_another_snapshot_and_holds_the_clock(call: Call) -> None:
    assert call(f"{CLOCK} c.play(); c.advance(4); c.preview = 3; return [c.moving, c.now().step, c.position]") == [
        False,
        100,
        0.4,
    ]


def test_other_snapshots_keep_the_nearest_step(call: Call) -> None:
    other = "{steps: [0, 8, 64], pace: [0, 0.5, 1]}"
    assert call(f"{CLOCK} c.restAt(2); c.adopt({other}); return [c.now().step, c.position, c.seconds]") == [8, 0.5, 10]
    same = "{steps: [0, 1, 10, 100], pace: [0, 0.4, 0.8, 1]}"
    moved = call(f"{CLOCK} c.play(); c.advance(4); c.adopt({same}); return c.now()")
    assert moved == pytest.approx({"frame": 1, "tween": 0.5, "step": 1, "clock_step": 5.5})


def test_steps_between_two_snapshots_have_a_place(call: Call) -> None:
    assert call(f"{CLOCK} return [0, 1, 5.5, 100, 1000].map(s => c.placeOf(s))") == pytest.approx([0, 0.2, 0.4, 1, 1])


def test_gears_end_at_both_ends(call: Call) -> None:
    assert call(f"{CLOCK} c.speed = 8; return [c.gear(1), c.gear(-1)]") == [8, 4]
    assert call(f"{CLOCK} c.speed = 0.25; return [c.gear(1), c.gear(-1)]") == [0.5, 0.25]


def test_ticks_keep_apart_and_the_ends_come_first(call: Call) -> None:
    assert call(f"{CLOCK} return ticksOf(c, 1000).map(t => t.step)") == [0, 100, 1, 10]
    assert call(f"{CLOCK} return ticksOf(c, 100).map(t => t.step)") == [0, 100, 10], "34 px each"
    assert call(f"{CLOCK} return ticksOf(c, 0).map(t => t.step)") == [0]
    assert call("[0, 999, 1000, 12345, 2500000].map(compactStep)") == ["0", "999", "1k", "12.3k", "2.5M"]


def test_a_chart_takes_the_width_and_each_child_of_a_stack_its_share(call: Call) -> None:
    single = call('withWidth({mark: "line", height: 9}, 500)')
    assert single == {"mark": "line", "height": 9, "width": 500, "autosize": {"type": "fit-x", "contains": "padding"}}
    assert call('withWidth({vconcat: [{mark: "line"}, {mark: "bar"}]}, 500)') == {
        "vconcat": [{"mark": "line", "width": 430}, {"mark": "bar", "width": 430}]
    }
    own = call('withWidth({usermeta: {trainscope: {padding: 120}}, vconcat: [{mark: "line"}]}, 500)')
    assert own["vconcat"][0]["width"] == 380
    assert call('withWidth({vconcat: [{mark: "line"}]}, 90)')["vconcat"][0]["width"] == 60, "never nothing"
    assert call("withWidth({hconcat: []}, 500)") == {"hconcat": []}


def test_small_words_grow_and_others_stay(call: Call) -> None:
    spec = (
        '{mark: {type: "text", fontSize: 9}, layer: [{encoding: {x: {axis: {labelFontSize: 10, titleFontSize: 14}}}}]}'
    )
    assert call(f"withLegibleText({spec})") == {
        "mark": {"type": "text", "fontSize": 11},
        "layer": [{"encoding": {"x": {"axis": {"labelFontSize": 11, "titleFontSize": 14}}}}],
    }
    expression = '{mark: {fontSize: {expr: "9"}, dash: [1, 2], tooltip: null}}'
    assert call(f"withLegibleText({expression})") == {
        "mark": {"fontSize": {"expr": "9"}, "dash": [1, 2], "tooltip": None}
    }


def test_large_text_has_the_room_that_it_needs(call: Call) -> None:
    spec = "{height: 100, mark: {fontSize: 9, dx: 3}, axis: {labelFontSize: 12, minExtent: 30, labelLimit: 50}}"
    assert call(f"withLegibleText({spec}, 2)") == {
        "height": 100,
        "mark": {"fontSize": 22, "dx": 3},
        "axis": {"labelFontSize": 24, "minExtent": 60, "labelLimit": 100},
    }
    stacked = "{vconcat: [{height: 100, width: 7}, {height: {step: 5}}], padding: 4}"
    assert call(f"withRoom({stacked}, 4)") == {
        "vconcat": [{"height": 200, "width": 7}, {"height": {"step": 5}}],
        "padding": 4,
    }
    assert call(f"withRoom({stacked}, 1)") == call(stacked)


def test_narrow_legends_are_one_column_with_a_short_gradient(call: Call) -> None:
    layer = "[{color: {legend: {columns: 3, title: 'a'}}}, {color: {legend: {gradientLength: 210}}}, {legend: null}]"
    found = call(f"withNarrowLegends({{layer: {layer}, config: {{legend: {{symbolSize: 9}}, axis: {{grid: false}}}}}})")
    assert found["layer"] == [
        {"color": {"legend": {"columns": 1, "title": "a"}}},
        {"color": {"legend": {"gradientLength": 120}}},
        {"legend": None},
    ]
    assert found["config"]["axis"] == {"grid": False}
    assert found["config"]["legend"]["symbolSize"] == 9
    assert found["config"]["legend"]["columns"] == 1
    assert found["config"]["legend"]["layout"]["bottom"] == {"direction": "vertical"}


def test_tables_find_their_rows(call: Call) -> None:
    chart = '{id: "a", spec: {}, tables: {own: {version: "1", rows: [{x: 1}]}, shared: {version: "2"}}}'
    tables = call(f'withRows({chart}, {{"2": [{{x: 2}}]}}).tables')
    assert tables == {"own": {"version": "1", "rows": [{"x": 1}]}, "shared": {"version": "2", "rows": [{"x": 2}]}}
    error = call(f"try {{ withRows({chart}, {{}}) }} catch (error) {{ return error.message }} return null")
    assert error == 'neither table "shared" nor the payload has rows of version "2"'


@pytest.mark.parametrize(
    ("wanted", "others", "found"),
    [
        (0.2, [], 0.2),
        (0.12345678, [], 0.1235),  # on a grid of four decimals
        (3, [], 0.9),
        (0.05, [0], 0.1),
        (0.05, [0, 0.15], -0.1),  # no room between the two
        (0, [-0.9, -0.5, -0.05, 0.05], -0.15),
    ],
)
def test_a_point_goes_to_the_nearest_free_place(call: Call, wanted: float, others: list[float], found: float) -> None:
    assert call(f"nearestFree({wanted}, {others}, 0.1, [-0.9, 0.9])") == pytest.approx(found, abs=1e-9)


def test_without_a_free_place_a_point_stays(call: Call) -> None:
    assert call("nearestFree(0, [0], 2, [-1, 1])") is None
    assert call("nearestWithin(5, [-1, 0.33333])") == 0.3333


def test_keys_are_taken_in_the_player_and_outside_of_widgets(call: Call) -> None:
    def act(place: str, key: str, used_last: bool, held: str = "") -> Any:
        return call(
            f"""document.body.innerHTML = `<div tabindex=0><button></button><select></select></div><input>`;
            const root = document.querySelector("div"), place = document.querySelector("{place}");
            let act;
            place.addEventListener("keydown", e => (act = actOfKey(e, root, {str(used_last).lower()}) ?? null));
            place.dispatchEvent(new KeyboardEvent("keydown", {{key: "{key}", {held}}}));
            return act"""
        )

    assert act("div", "ArrowLeft", False) == "back"
    assert act("div", "p", False) == act("body", "P", True) == "present"
    assert act("div", "x", False) is None
    assert act("div", "l", False, "ctrlKey: true") is None
    assert act("button", "ArrowLeft", False) == "back"
    assert act("button", " ", False) is None, "presses the button"
    assert act("select", "End", True) is None
    assert act("input", "End", True) is None
    assert [act("body", "End", used_last) for used_last in (True, False)] == ["end", None]


def test_a_report_waits_for_what_is_pressed_meanwhile(call: Call) -> None:
    """It comes 400 ms after what it tells, and so long after a press, too; none is made where nothing is due."""
    sent = call(f"""{CLOCK} const sent = [], begun = performance.now(), reports = new Reports(c);
      const later = (ms, act) => new Promise((done) => setTimeout(() => done(act?.()), ms));
      reports.renew({{ setStateValue: () => sent.push(performance.now() - begun) }});
      reports.wait();
      return later(500).then(() => reports.soon()).then(() => later(300, () => reports.wait()))
        .then(() => later(900)).then(() => sent)""")
    assert len(sent) == 1
    assert 1190 < sent[0] < 1600
