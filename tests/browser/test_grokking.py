"""The Grokking page in Chromium: its charts play, and a click marks another output scale."""

from typing import Any

import pytest

from core.studies.modular.presets import PRESETS
from core.studies.modular.view import ModularView
from core.studies.polynomial.view import PolynomialView
from core.view import to_query
from tests.browser.visiting import visits

pytestmark = pytest.mark.browser

MODULAR, POLYNOMIAL = ("curves", "delays", "progress", "neurons"), ("curves", "parts", "delays", "features")


@pytest.fixture
def address(app: str) -> str:
    return f"{app}/grokking"


def test_modular_addition_plays_and_a_click_marks_another_alpha(browser: Any, address: str) -> None:
    with visits(browser, address, MODULAR) as found:
        page = found.open({})
        page.says("Generalization long after fitting")
        page.until("d.playing === 'true' && d.frame > 3")
        early = page.pixels("neurons")
        page.until("d.frame > 40")
        page.until_other_pixels("neurons", early)
        page.open(to_query(ModularView(step=100)))
        before = page.pixels("curves")
        page.click_at("delays", 0.19, 0.3)
        assert page.until_query("alpha", "v === '0.25'")
        page.says("At α = 0.25 the training error is 0")
        page.until_other_pixels("curves", before)


def test_a_click_on_the_plane_of_fractions_plays_another_network(browser: Any, address: str) -> None:
    view = ModularView.of(PRESETS["grokking/modular_plane"].experiment, step=100)
    with visits(browser, address, ("plane", "curves", "progress")) as found:
        page = found.open(to_query(view))
        before = page.pixels("curves")
        page.click_at("plane", 0.3, 0.3)
        link = page.until_query("alpha", f"v !== '{view.alpha:g}'"), page.query["at_fraction"]
        page.until_other_pixels("curves", before)
        alpha, fraction = (float(text) for text in link)
        assert (alpha, fraction) != (view.alpha, view.at_fraction)
        page.says(f"At α = {alpha:g}, on {fraction:.0%} of all pairs,")


def test_polynomial_regression_plays_and_a_click_marks_another_alpha(browser: Any, address: str) -> None:
    with visits(browser, address, POLYNOMIAL) as found:
        page = found.open(to_query(PolynomialView(step=20)))
        before = page.pixels("parts")
        page.click_at("delays", 0.94, 0.4)
        assert page.until_query("alpha", "v === '4'")
        page.says("stays above 0.2")
        page.until_other_pixels("parts", before)
