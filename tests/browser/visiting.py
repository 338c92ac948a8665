"""A visitor's page in a real browser, whichever of the app's pages it is."""

import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, TimeoutError

ROOT = "[data-testid=player]"
INKED = 0.01
"""A chart is drawn on a larger share of its canvas; a blank one on none."""
WAIT = 90_000  # ms; a machine shared with others trains slowly
OFFLINE = ("ERR_NAME_NOT_RESOLVED", "404 (Not Found)")
"""What is no fault of the app's: a machine without a network cannot fetch Streamlit's own extras, and Streamlit looks
for its endpoints below the page's path first."""


MEDIA = {"color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}
"""What a page is told of its reader's wishes, without a context of its own."""


_kept: set[Any] = set()


@cache
def _context(browser: Any, options: tuple[tuple[str, Any], ...]) -> Any:
    return browser.new_context(**dict(options))


def new_page(browser: Any, viewport: tuple[int, int], **options: Any) -> Any:
    """Open a page beside those before it: what they fetched and compiled need not be again, which is half of a load."""
    own = tuple(sorted((name, value) for name, value in options.items() if name not in MEDIA))
    page = _context(browser, own).new_page()
    page.set_viewport_size({"width": viewport[0], "height": viewport[1]})
    page.emulate_media(**{name: options.get(name, value) for name, value in MEDIA.items()})
    return page


def close(page: Any) -> None:
    """Close a page, so that the next one finds nothing of it: what a tab keeps goes with it.

    The first one of a context stays, on a page without a script: it keeps the process in which all of them are drawn.
    """
    with suppress(Error):  # a page without an address has no storage
        page.evaluate("localStorage.clear()")
    if page.context in _kept:
        page.close()
    else:
        _kept.add(page.context)
        with suppress(Error):
            page.goto(urllib.parse.urljoin(page.url, "/_stcore/health"))


WIDTHS = "[...document.querySelectorAll('.plot canvas')].map((one) => one.getBoundingClientRect().width).join()"


def resize(page: Any, width: int) -> None:
    """Give a window another width, and the charts the time to take it up."""
    if page.viewport_size["width"] == width:
        return
    before = page.evaluate(WIDTHS)
    page.set_viewport_size({"width": width, "height": page.viewport_size["height"]})
    page.wait_for_function(f"before => {WIDTHS} !== before", arg=before)
    page.wait_for_timeout(500)


def inked(page: Any, chart: str) -> float:
    """The share of a chart's canvas that is drawn on."""
    count = """e => {
        const { data } = e.getContext("2d").getImageData(0, 0, e.width, e.height);
        let n = 0;
        for (let i = 3; i < data.length; i += 4) n += data[i] > 0;
        return n / (data.length / 4);
    }"""
    return float(page.locator(f"[data-testid=chart-{chart}] canvas").first.evaluate(count))


class Visit:
    """A visitor's page."""

    def __init__(self, page: Any, url: str, charts: Sequence[str]) -> None:
        self.page = page
        self.url = url
        self.charts = charts
        self.errors: list[str] = []
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    def open(self, query: Mapping[str, str]) -> "Visit":
        self.page.goto(f"{self.url}?{urllib.parse.urlencode(query)}")
        return self.drawn()

    def drawn(self) -> "Visit":
        for chart in self.charts:
            self.page.wait_for_selector(f"[data-testid=chart-{chart}] canvas")
        return self

    def click_at(self, chart: str, across: float, down: float) -> None:
        """Clicks a place in a chart's canvas, given as fractions of it."""
        canvas = self.page.locator(f"[data-testid=chart-{chart}] canvas").first
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        self.page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])

    def reload(self) -> "Visit":
        """Load the page again, and wait until it has written its link, too."""
        self.page.reload()
        return self.drawn().settled()

    def settled(self) -> "Visit":
        """Wait until the script has run to its end: charts are drawn before it does."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        return self

    @property
    def query(self) -> dict[str, str]:
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.page.url).query, keep_blank_values=True))

    def until_query(self, name: str, condition: str) -> str:
        """Waits for a JavaScript condition on the link's parameter `v`; returns the parameter."""
        read = f"const v = new URL(location).searchParams.get('{name}')"
        self.page.wait_for_function(f"(() => {{ {read}; return {condition} }})()")
        return self.query[name]

    def data(self, name: str) -> str:
        return str(self.page.locator(ROOT).get_attribute(f"data-{name}"))

    def until(self, condition: str) -> None:
        """Waits for a JavaScript condition on `d`, the dataset of the player's root."""
        self.page.wait_for_function(
            f"(() => {{ const d = document.querySelector('{ROOT}').dataset; return {condition} }})()"
        )

    def pixels(self, chart: str) -> str:
        canvas = self.page.locator(f"[data-testid=chart-{chart}] canvas").first  # a new view is made beside the old one
        return str(canvas.evaluate("e => e.toDataURL()"))

    def inked(self, chart: str) -> float:
        return inked(self.page, chart)

    def until_other_pixels(self, chart: str, before: str) -> str:
        self.page.wait_for_function(
            "([id, old]) => ((now) => now !== undefined && now !== old)"
            "(document.querySelector(`[data-testid=chart-${id}] canvas`)?.toDataURL())",
            arg=[chart, before],
        )
        return self.pixels(chart)

    def click_plane(self, x: float, y: float) -> None:
        """Click a place in the plane's canvas, given as fractions of it."""
        canvas = self.page.locator("[data-testid=chart-plane] canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        self.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def slide(self, name: str, key: str) -> None:
        self.page.locator(f".st-key-{name} input").focus()
        self.page.keyboard.press(key)

    def fill(self, name: str, text: str) -> None:
        box = self.page.locator(f".st-key-{name} input")
        box.fill(text)
        box.press("Enter")

    def says(self, text: str | re.Pattern[str]) -> None:
        self.page.get_by_text(text).first.wait_for()

    def says_no_more(self, text: str | re.Pattern[str]) -> None:
        self.page.get_by_text(text).first.wait_for(state="hidden")

    def download(self, name: str) -> bytes:
        return self.saved(self.page.get_by_role("button", name=name))[1]

    def saved(self, button: Any) -> tuple[str, bytes]:
        """Presses a button that saves a file; returns its name and content.

        Streamlit makes the file after the press, and forgets to if it draws the button anew meanwhile: then once more.
        """
        try:
            return self._saved(button, 20_000)
        except TimeoutError:
            return self._saved(button, WAIT)

    def _saved(self, button: Any, wait: int) -> tuple[str, bytes]:
        self.settled()
        with self.page.expect_download(timeout=wait) as coming:
            button.click()
        return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


class Visits:
    """Pages of one test."""

    def __init__(self, browser: Any, url: str, charts: Sequence[str]) -> None:
        self.browser, self.url, self.charts = browser, url, charts
        self.pages: list[Visit] = []

    def open(self, query: Mapping[str, str], viewport: tuple[int, int] = (1400, 1100), **options: Any) -> Visit:
        self.pages.append(Visit(new_page(self.browser, viewport, **options), self.url, self.charts))
        return self.pages[-1].open(query)


@contextmanager
def visits(browser: Any, url: str, charts: Sequence[str]) -> Iterator[Visits]:
    """Open pages; in the end, none of them may have reported an error."""
    found = Visits(browser, url, charts)
    yield found
    errors = [error for page in found.pages for error in page.errors if not any(word in error for word in OFFLINE)]
    for visit in found.pages:
        close(visit.page)
    assert not errors, errors
