"""The Grokking page in Chromium: its charts play, and a click marks another output scale."""

from typing import Any

import pytest

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


def test_polynomial_regression_plays_and_a_click_marks_another_alpha(browser: Any, address: str) -> None:
    with visits(browser, address, POLYNOMIAL) as found:
        page = found.open(to_query(PolynomialView(step=20)))
        before = page.pixels("parts")
        page.click_at("delays", 0.94, 0.4)
        assert page.until_query("alpha", "v === '4'")
        page.says("stays above 0.2")
        page.until_other_pixels("parts", before)
