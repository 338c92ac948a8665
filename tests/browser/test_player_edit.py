"""Points moved by hand in a real browser, and rows that charts share: seen on the canvas and heard by Python."""

import ast
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import test_player
from tests.browser.test_player import Page
from tests.browser.visiting import inked

pytestmark = pytest.mark.browser

pages = test_player.pages  # the fixture
CANVAS = "[data-testid=chart-points] canvas"
START = [[-0.6, 0.3], [0.0, -0.4], [0.6, 0.5]]  # as in player_app.py
Place = tuple[float, float]
# The centres of the pink discs on the screen, from left to right; discs that share a column count as one.
DISCS = """canvas => {
    const box = canvas.getBoundingClientRect(), scale = canvas.width / box.width;
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const pink = i => data[i] > 230 && data[i + 1] < 60 && data[i + 2] > 140 && data[i + 3] > 200;
    const discs = [];
    let last = null;
    for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) {
        if (!pink(4 * (y * width + x))) continue;
        if (last === null || x > last + 1) discs.push([0, 0, 0]);
        const disc = discs.at(-1);
        disc[0]++; disc[1] += x + 0.5; disc[2] += y + 0.5;
        last = x;
    }
    return discs.map(([n, x, y]) => [box.left + x / n / scale, box.top + y / n / scale]);
}"""


class Hand:
    """A hand on the chart of points; places are in the chart's own units."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.mouse = page.page.mouse
        self.canvas = page.page.locator(CANVAS)
        self.canvas.wait_for()
        self.canvas.scroll_into_view_if_needed()
        page.settle()
        (x0, y0), _, (x2, y2) = self.discs()
        self.unit = (x2 - x0) / 1.2, (y2 - y0) / 0.2  # pixels, downwards positive
        self.origin = x0 + 0.6 * self.unit[0], y0 - 0.3 * self.unit[1]

    def discs(self) -> list[list[float]]:
        self.page.settle()
        found: list[list[float]] = self.canvas.evaluate(DISCS)
        return found

    def places(self) -> list[Place]:
        (x0, y0), (ux, uy) = self.origin, self.unit
        return [((x - x0) / ux, (y - y0) / uy) for x, y in self.discs()]

    def screen(self, place: Place) -> Place:
        x, y = (o + u * value for o, u, value in zip(self.origin, self.unit, place, strict=True))
        return x, y

    def grab(self, place: Place) -> None:
        self.mouse.move(*self.screen(place))
        self.mouse.down()

    def to(self, place: Place, steps: int = 5) -> None:
        self.mouse.move(*self.screen(place), steps=steps)

    def drag(self, start: Place, end: Place) -> None:
        self.grab(start)
        self.to(end)
        self.mouse.up()

    def double(self, place: Place) -> None:
        self.mouse.dblclick(*self.screen(place))

    def edits(self) -> int:
        return int(self.told(r"edits=(\d+)"))

    def heard(self) -> list[list[float]]:
        points: list[list[float]] = ast.literal_eval(self.told(r"points=(.*)"))
        return points

    def told(self, pattern: str) -> str:
        found = self.page.page.get_by_text(re.compile(pattern)).first
        text = re.search(pattern, found.inner_text())
        assert text
        return text[1]

    def until_done(self, edits: int = 1) -> None:
        """Waits until Python has heard that many edits, the last one to its end."""
        self.until_heard(edits, done="True")

    def until_heard(self, edits: int = 1, done: str = "") -> None:
        found = f"/edits=(\\d+) .*{done}/.exec(document.body.innerText)"
        self.page.page.wait_for_function(f"(() => {{ const found = {found}; return found && +found[1] >= {edits} }})()")
        self.page.settle()

    def hold_still(self, ms: int = 700) -> None:
        self.page.page.wait_for_timeout(ms)


def near(place: Any, other: Any, within: float = 0.02) -> bool:
    return all(abs(a - b) < within for a, b in zip(place, other, strict=True))


@pytest.fixture
def hand(pages: Callable[..., Page]) -> Hand:
    return Hand(pages(extra="edit", autoplay="no"))


def test_rows_that_two_charts_share_are_sent_once_and_drawn_twice(pages: Callable[..., Page]) -> None:
    page = pages(extra="shared", autoplay="no")
    page.page.wait_for_selector("[data-testid=chart-twin] canvas")
    assert sum(frame.count(b'"s": [') for frame in page.received) == 256
    page.scrub(0.4)
    assert inked(page.page, "twin") == pytest.approx(inked(page.page, "kinks"), rel=0.1)
    page.page.get_by_role("button", name="New spec").click()
    page.page.wait_for_function("window.__trainscope.embeds == 5")
    assert page.counter("swaps") == 0, "the rows of an unchanged version stay"
    pictures = page.pixels("kinks"), page.pixels("twin")
    page.page.mouse.click(*page.point("plane", 0.5, 0.6))
    page.page.wait_for_function("window.__trainscope.swaps == 4")
    page.settle()
    assert page.pixels("kinks") != pictures[0]
    assert page.pixels("twin") != pictures[1]
    assert inked(page.page, "twin") == pytest.approx(inked(page.page, "kinks"), rel=0.1)


def test_a_chart_without_rows_says_so_and_harms_no_other(pages: Callable[..., Page]) -> None:
    page = pages(extra="rowless")
    page.until("d.frame > 3")
    assert 'rows of version "of no rows"' in page.page.locator("[data-testid=chart-rowless]").inner_text()


def test_a_point_follows_the_hand_and_python_hears(hand: Hand) -> None:
    assert [near(a, b) for a, b in zip(hand.places(), START, strict=True)] == [True] * 3
    hand.grab((0.0, -0.4))
    hand.to((0.2, 0.1))
    assert near(hand.places()[1], (0.2, 0.1)), "at once, whatever Python does"
    hand.until_heard(done="'chart': 'points', 'table': 'points', 'done': False")
    hand.to((0.25, 0.15))
    hand.mouse.up()
    hand.until_done()
    assert near(hand.places()[1], (0.25, 0.15))
    points = hand.heard()
    assert points[0] == START[0] and points[2] == START[2]
    assert near(points[1], (0.25, 0.15))
    assert all(round(value, 4) == value for point in points for value in point)


def test_a_point_keeps_its_distance_from_the_pointer(hand: Hand) -> None:
    x, y = hand.screen((0.0, -0.4))
    hand.mouse.move(x + 9, y - 6)
    assert hand.canvas.evaluate("e => getComputedStyle(e).cursor") == "grab"
    hand.mouse.down()
    assert hand.canvas.evaluate("e => getComputedStyle(e).cursor") == "grabbing"
    hand.mouse.move(x + 59, y - 6, steps=3)
    moved = hand.discs()[1]
    hand.mouse.up()
    assert moved == pytest.approx([x + 50, y], abs=1)
    hand.mouse.move(x + 90, y - 50)
    assert hand.canvas.evaluate("e => getComputedStyle(e).cursor") not in ("grab", "grabbing")


def test_a_press_that_hardly_moves_says_nothing(hand: Hand) -> None:
    x, y = hand.screen((0.0, -0.4))
    hand.page.sent.clear()
    hand.mouse.move(x, y)
    hand.mouse.down()
    hand.mouse.move(x + 2, y)
    hand.mouse.up()
    hand.hold_still()
    assert hand.page.sent == []
    assert near(hand.places()[1], START[1])


def test_a_drag_reaches_python_at_most_every_quarter_second(hand: Hand) -> None:
    hand.page.sent.clear()
    start = time.monotonic()
    hand.grab((0.0, -0.4))
    for i in range(20):
        hand.to((0.01 * i, -0.4 + 0.03 * i), steps=2)
        hand.hold_still(50)
    hand.mouse.up()
    hand.until_done()
    assert 3 <= len(hand.page.sent) <= (time.monotonic() - start) / 0.25 + 2
    assert near(hand.heard()[1], (0.19, 0.17))


def test_the_clock_goes_on_during_a_drag(pages: Callable[..., Page]) -> None:
    hand = Hand(pages(extra="edit"))
    hand.page.press("l")
    frames = []
    hand.grab((0.0, -0.4))
    for i in range(6):
        hand.to((0.02 * i, 0.0))
        before = hand.page.frame
        hand.page.until(f"d.frame != {before}")
        frames.append(before)
        assert hand.page.playing
    hand.mouse.up()
    hand.until_done()
    assert hand.page.playing
    assert len(set(frames)) > 3


def test_double_clicks_add_and_remove_within_the_counts(hand: Hand) -> None:
    hand.double((-0.3, -0.2))
    hand.until_done(1)
    assert len(hand.discs()) == 4
    points = hand.heard()
    assert points[:3] == START and near(points[3], (-0.3, -0.2)), "a new point comes last"
    hand.double((0.3, 0.6))  # no more than four
    hand.hold_still()
    assert (len(hand.discs()), hand.edits()) == (4, 1)
    hand.double((0.0, -0.4))
    hand.until_done(2)
    assert [near(a, b) for a, b in zip(hand.heard(), [START[0], START[2], (-0.3, -0.2)], strict=True)] == [True] * 3
    hand.mouse.click(*hand.screen((-0.6, 0.3)), button="right")
    hand.until_done(3)
    assert len(hand.discs()) == len(hand.heard()) == 2
    hand.double((0.6, 0.5))  # no fewer than two
    hand.hold_still()
    assert (len(hand.discs()), hand.edits()) == (2, 3)


def test_a_click_with_alt_removes(hand: Hand) -> None:
    hand.page.page.keyboard.down("Alt")
    hand.mouse.click(*hand.screen((0.0, -0.4)))
    hand.page.page.keyboard.up("Alt")
    hand.until_done()
    assert hand.heard() == [START[0], START[2]]


def test_a_double_click_beside_the_plot_adds_nothing(hand: Hand) -> None:
    hand.double((0.0, -1.12))  # among the labels of the axis
    hand.hold_still()
    assert hand.edits() == 0


def test_points_stay_within_bounds(hand: Hand) -> None:
    hand.drag((0.0, -0.4), (3.0, -4.0))
    hand.until_done()
    assert hand.heard()[1] == [0.9, -0.8]
    assert near(hand.places()[2], (0.9, -0.8))


def test_points_keep_apart_in_x(hand: Hand) -> None:
    hand.grab((0.0, -0.4))
    hand.to((0.55, -0.2))
    hand.hold_still(400)
    assert near(hand.places()[1], (0.5, -0.2)), "it slides along its neighbour"
    hand.to((0.58, -0.1))
    hand.mouse.up()
    hand.until_done()
    assert hand.heard()[1][0] == 0.5
    edits = hand.edits()
    hand.drag((0.5, -0.1), (0.66, -0.2))
    hand.until_done(edits + 1)
    assert hand.heard()[1][0] == 0.7, "past the middle, it comes out on the other side"
    edits = hand.edits()
    hand.double((-0.55, -0.5))
    hand.until_done(edits + 1)
    assert hand.heard()[3][0] == -0.5


def test_escape_puts_a_point_back(hand: Hand) -> None:
    hand.grab((0.0, -0.4))
    hand.to((0.2, 0.1))
    hand.until_heard()
    hand.page.page.keyboard.press("Escape")
    assert near(hand.places()[1], START[1])
    hand.to((0.3, 0.3))
    assert near(hand.places()[1], START[1]), "the hand holds nothing any more"
    hand.until_done()
    assert hand.heard() == START
    hand.mouse.up()
    hand.hold_still(400)
    assert near(hand.places()[1], START[1])


def test_a_payload_that_comes_during_a_drag_keeps_the_point(hand: Hand) -> None:
    hand.grab((0.0, -0.4))
    hand.to((0.2, 0.1))
    hand.until_heard()
    hand.page.page.get_by_role("button", name="New spec").evaluate("e => e.click()")
    hand.page.page.wait_for_function("window.__trainscope.embeds >= 5")  # another chart takes what is new
    assert near(hand.places()[1], (0.2, 0.1))
    hand.page.page.emulate_media(color_scheme="dark")  # this one is built anew
    hand.page.page.wait_for_function("window.__trainscope.embeds >= 9")
    hand.hold_still(300)
    assert near(hand.places()[1], (0.2, 0.1))
    hand.to((0.3, 0.2))
    assert near(hand.places()[1], (0.3, 0.2)), "and is still in the hand"
    hand.mouse.up()
    hand.until_done()
    assert near(hand.heard()[1], (0.3, 0.2))
    assert near(hand.places()[1], (0.3, 0.2))


def test_axes_stay_while_a_point_is_held(pages: Callable[..., Page]) -> None:
    """What Python sends meanwhile stretches the axis, and with it a point that is dropped, only afterwards."""
    hand = Hand(pages(extra="edit-axes", autoplay="no"))
    hand.grab((0.0, -0.4))
    hand.to((0.2, 0.1))
    hand.until_heard()
    hand.hold_still(600)
    assert near(hand.places()[0], START[0]), "the other points have not moved either"
    hand.to((0.3, 0.2))
    hand.mouse.up()
    hand.until_done()
    hand.hold_still(600)
    assert near(hand.heard()[1], (0.3, 0.2))
    assert hand.places()[0][1] < START[0][1] - 0.2, "now the axis goes up to where Python says"


def test_a_point_that_was_not_moved_gives_way_to_the_axes_that_came_meanwhile(pages: Callable[..., Page]) -> None:
    hand = Hand(pages(extra="edit-axes", autoplay="no"))
    hand.double((0.3, 0.6))
    hand.grab((0.6, 0.5))
    hand.until_done()
    hand.hold_still(600)
    hand.mouse.up()
    hand.hold_still(600)
    assert hand.places()[0][1] < START[0][1] - 0.2


def test_python_has_the_last_word(pages: Callable[..., Page]) -> None:
    hand = Hand(pages(extra="edit", autoplay="no", edits="refused"))
    hand.grab((0.0, -0.4))
    hand.to((0.2, 0.1))
    hand.until_heard()
    hand.hold_still(300)
    assert near(hand.places()[1], (0.2, 0.1)), "its payloads with the old points do not throw it back"
    hand.mouse.up()
    hand.until_done()
    hand.hold_still(300)
    assert [near(a, b) for a, b in zip(hand.places(), START, strict=True)] == [True] * 3
    edits = hand.edits()
    hand.double((0.3, 0.2))
    hand.until_done(edits + 1)
    hand.hold_still(600)
    assert len(hand.discs()) == 3


def test_points_of_a_vconcat_move_too(pages: Callable[..., Page]) -> None:
    hand = Hand(pages(extra="edit-stack", autoplay="no"))
    hand.drag((0.6, 0.5), (0.4, -0.5))
    hand.until_done()
    assert near(hand.heard()[2], (0.4, -0.5))
    assert near(hand.places()[2], (0.4, -0.5))
