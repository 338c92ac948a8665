"""Pictures for print, from the buttons of a chart in a dark page."""

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

import core
from tests.browser.visiting import Visit, visits

pytestmark = pytest.mark.browser


def pressed_until_it_comes(visit: Visit, button: Any, name: str) -> bytes:
    """What a button saves, which may still be of another width just after that was chosen."""
    for _ in range(3):
        saved, content = visit.saved(button)
        if saved == name:
            return content
    raise AssertionError(f"{name} did not come")


def test_a_charts_buttons_give_the_printed_picture(browser: Any, app: str) -> None:
    with visits(browser, app, ("kinks", "information", "plane")) as pages:
        visit = pages.open({"v": "1", "part": "explorer", "step": "9"}, color_scheme="dark")
        visit.settled()
        found = {}
        for form in ("PNG", "SVG", "PDF"):
            with visit.page.expect_download() as coming:
                visit.page.locator("[data-testid=chart-plane]").get_by_role("button", name=form).click()
            assert coming.value.suggested_filename == f"trainscope-explorer-plane-digits-w64-step9.{form.lower()}"
            found[form] = Path(coming.value.path()).read_bytes()
        visit.press("More formats")
        menu = visit.page.get_by_test_id("stPopoverBody")
        menu.get_by_text("178 mm").click()
        visit.settled()
        wide = "trainscope-explorer-kinks-digits-w64-178mm.svg"
        for label, name in (("SVG", wide), ("plane.parquet", "plane.parquet")):
            found[name] = pressed_until_it_comes(visit, menu.get_by_role("button", name=label), name)
        plane = core.load(visit.page.url).tables["plane"]
    image = Image.open(io.BytesIO(found["PNG"]))
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert image.width == pytest.approx(85 / 25.4 * 300, abs=1)
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255), "on white, however dark the page"
    assert found["PDF"].startswith(b"%PDF")
    assert b'aria-label="All runs of the (\xce\xb1, T) plane"' in found["SVG"]
    assert b'width="178mm"' in found[wide]
    back = pd.read_parquet(io.BytesIO(found["plane.parquet"]))
    pd.testing.assert_frame_equal(back, plane)
    assert back.attrs == plane.attrs
