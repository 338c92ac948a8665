"""Videos that a page makes of itself: every snapshot is in them, at its time, as the page shows it."""

from __future__ import annotations

import base64
import io
import itertools
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import core
from core.runs import Run

pytestmark = pytest.mark.browser

FIRST, LAST, SPEED = 20, 31, 8
PLOT = (16, 16 + 20 + 8)
"""Where a video of one chart has its plot: within the margin, below a title of one line."""
NESTED = {0x18538067, 0x1F43B675, 0x1549A966}
"""Segment, cluster and info of a WebM file, whose content is elements."""

WRITTEN = """() => void (window.written = async (canvas) => {
  const reader = new FileReader(), blob = await canvas.convertToBlob();
  await new Promise((done) => { reader.onload = done; reader.readAsDataURL(blob); });
  return reader.result.split(",")[1];
})"""
"""A canvas as PNG, in base64."""

DECODED = """async ([content, type, times]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], { type }));
  await new Promise((ready, failed) => { video.onloadeddata = ready; video.onerror = () => failed(video.error); });
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight), pen = canvas.getContext("2d");
  const found = [];
  for (const time of times) {
    video.currentTime = time;
    await new Promise((ready) => (video.onseeked = ready));
    pen.drawImage(video, 0, 0);
    found.push(await written(canvas));
  }
  return { width: video.videoWidth, height: video.videoHeight, duration: video.duration, found };
}"""
"""What Chromium's own decoder has of a video at some times, as PNG."""

SHOWN = """async (frames) => {
  const player = document.querySelector(".trainscope-player"), found = [];
  for (const frame of frames) {
    while (+player.dataset.frame > frame) player.querySelector("[data-act=back]").click(), await settled();
    while (+player.dataset.frame < frame) player.querySelector("[data-act=forward]").click(), await settled();
    const plot = player.querySelector("canvas"), sheet = new OffscreenCanvas(plot.width, plot.height);
    const pen = sheet.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, plot.width, plot.height);
    pen.drawImage(plot, 0, 0);
    found.push(await written(sheet));
  }
  return found;
  function settled() { return new Promise((done) => setTimeout(done, 50)); }
}"""
"""What the page shows of its chart at snapshots, as PNG."""


def pixels(content: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB"), dtype=int)


def elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Read a WebM file by the rules of EBML (RFC 8794): every element's id and content, outer ones first."""
    at = 0
    while at < len(content):
        length = next(count for count in range(1, 5) if content[at] >> (8 - count))
        name, at = int.from_bytes(content[at : at + length]), at + length
        length = next(count for count in range(1, 9) if content[at] >> (8 - count))
        size = int.from_bytes(content[at : at + length]) & ((1 << 7 * length) - 1)
        at += length
        yield name, content[at : at + size]
        if name in NESTED:
            yield from elements(content[at : at + size])
        at += size


def frames(content: bytes) -> list[tuple[int, bool]]:
    """The time of every frame of a WebM file in milliseconds, and whether it is a key frame."""
    found, start = [], 0
    for name, data in elements(content):
        if name == 0xE7:
            start = int.from_bytes(data)
        if name == 0xA3:
            found.append((start + struct.unpack(">h", data[1:3])[0], bool(data[3] & 0x80)))
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return core.load("explorer/digits", cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def page(browser: Any, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = run.save(tmp_path_factory.mktemp("page") / "page.html", chart="kinks")
    context = browser.new_context(viewport={"width": 700, "height": 700}, offline=True, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(path.as_uri())
    page.wait_for_selector("[data-testid=chart-kinks] canvas")
    page.evaluate(WRITTEN)
    page.get_by_label("Speed").select_option(str(SPEED))
    page.get_by_role("button", name="Record a video").click()
    yield page
    context.close()


def recorded(page: Any, run: Run, form: str) -> tuple[bytes, str]:
    steps = run.scene.steps
    page.get_by_label("From step").fill(str(steps[FIRST]))
    page.get_by_label("to", exact=True).fill(str(steps[LAST]))
    page.locator(".film select").select_option(form)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save video").click()
    page.wait_for_function("document.querySelector('.film output').textContent.startsWith('Saved as')")
    return Path(coming.value.path()).read_bytes(), coming.value.suggested_filename


@pytest.mark.parametrize(("form", "tolerance"), [("webm", 3.0), ("mp4", 3.0)])
def test_frame_k_is_snapshot_k(page: Any, run: Run, form: str, tolerance: float) -> None:
    """At eight times the speed there is a frame a snapshot; mean absolute difference of 0 to 255, colours halved."""
    content, name = recorded(page, run, form)
    assert name == f"digits-explorer-trainscope.{form}"
    seconds = 12 / SPEED / (len(run.scene.steps) - 1)  # of a snapshot, played evenly
    numbers = range(FIRST, LAST + 1)
    if form == "webm":
        assert frames(content) == [(round(1000 * seconds * i), i % 30 == 0) for i in range(len(numbers))]
    seen = page.evaluate(
        DECODED,
        [base64.b64encode(content).decode(), f"video/{form}", [seconds * (i + 0.5) for i in range(len(numbers))]],
    )
    assert seen["duration"] == pytest.approx(seconds * (len(numbers) - 1) + 1, abs=0.05)
    drawn = [pixels(one) for one in page.evaluate(SHOWN, list(numbers))]
    high, wide = drawn[0].shape[:2]
    assert any(np.abs(one - other).mean() > 0.1 for one, other in itertools.pairwise(drawn)), "it moves"
    for number, one in enumerate(map(pixels, seen["found"])):
        plot = one[PLOT[1] : PLOT[1] + high, PLOT[0] : PLOT[0] + wide]
        distance = [np.abs(plot - other).mean() for other in drawn]
        assert int(np.argmin(distance)) == number
        assert distance[number] < tolerance


def test_between_snapshots_motion_is_as_on_screen(page: Any, run: Run) -> None:
    page.get_by_label("Speed").select_option("1")
    said = page.locator(".film output")
    page.get_by_label("From step").fill(str(run.scene.steps[0]))
    page.get_by_label("to", exact=True).fill(str(run.scene.steps[-1]))
    count = 1 + (len(run.scene.steps) - 1) * round(30 * 12 / (len(run.scene.steps) - 1))
    assert said.inner_text() == f"13.0 s at speed ×1, {count} frames"
    page.get_by_label("Speed").select_option(str(SPEED))


def test_what_cannot_be_recorded_is_said(page: Any, run: Run) -> None:
    said, save = page.locator(".film output"), page.get_by_role("button", name="Save video")
    page.get_by_label("From step").fill("9")
    page.get_by_label("to", exact=True).fill("3")
    assert said.inner_text() == "steps: a range from 0 to 20,000 with a snapshot in it; got 9 to 3."
    assert save.is_disabled()
    page.get_by_label("From step").fill("0")
    page.get_by_label("to", exact=True).fill("20000")
    page.get_by_label("Speed").select_option("0.25")
    assert "1,465 frames" in said.inner_text()
    assert save.is_enabled(), "at most 1,800 are"
    page.get_by_label("Speed").select_option(str(SPEED))
    assert save.is_enabled()
