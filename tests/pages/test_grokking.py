"""The Grokking page as Streamlit runs it, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.modular.experiment import Modular
from core.studies.modular.view import ModularView
from core.studies.polynomial.experiment import Polynomial
from core.studies.polynomial.view import PolynomialView
from core.studies.small_mnist.experiment import SmallMnist
from core.studies.small_mnist.view import SmallMnistView
from core.view import View, from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page, player, sentences

FEW = Modular(p=7, width=12, alphas=(0.5, 4.0), seeds=(0, 1), step_limit=60)
CELLS = Modular(p=7, width=12, alphas=(0.5, 4.0), fractions=(0.5, 0.8), seeds=(0,), step_limit=60)
SHORT = Polynomial(dimension=5, n_train=30, width=7, alphas=(0.125, 2.0), step_limit=40)
MODULAR, POLYNOMIAL = ["curves", "delays", "progress", "neurons"], ["curves", "parts", "delays", "features"]


def look_at(view: View) -> AppTest:
    return open_page("pages/grokking.py", **to_query(view))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


def test_a_first_visit_shows_modular_addition_and_makes_a_link_of_it() -> None:
    at = open_page("pages/grokking.py")
    assert list(charts(at)) == MODULAR
    assert from_query(ModularView, link(at)) == (ModularView(), [])
    assert "At α = 16 the training error is 0 at step" in said(at)


def test_the_slider_marks_another_alpha_and_trains_nothing(asked: list[Experiment]) -> None:
    at = look_at(ModularView(experiment=FEW, alpha=0.5, against="test_error"))
    assert asked == [FEW]
    assert "now" not in charts(at)["progress"]["tables"]
    fine(at.select_slider(key="gm_alpha").set_value(4.0).run())
    assert from_query(ModularView, link(at)) == (ModularView(experiment=FEW, alpha=4.0, against="test_error"), [])
    assert asked == [FEW]
    assert "At α = 4 " in said(at)


def test_a_plane_is_shown_with_the_curves_of_a_cell(asked: list[Experiment]) -> None:
    view = ModularView.of(CELLS, alpha=0.5, at_fraction=0.5)
    at = look_at(view)
    assert asked == [CELLS]
    assert list(charts(at)) == ["plane", "curves", "progress"]
    assert from_query(ModularView, link(at)) == (view, [])
    assert "At α = 0.5, on 50% of all pairs," in said(at)


def test_polynomial_regression_rests_where_its_link_says() -> None:
    view = PolynomialView(experiment=SHORT, alpha=2.0, step=20)
    at = look_at(view)
    assert list(charts(at)) == POLYNOMIAL
    assert from_query(PolynomialView, link(at)) == (view, [])
    time = player(at)["clock"]
    assert time["steps"][time["seek"]["frame"]] == 20
    assert "neurons are off the closed form" in said(at)


def test_what_ships_of_mnist_is_drawn_without_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAINSCOPE_DATA", raising=False)
    at = look_at(SmallMnistView())
    assert list(charts(at)) == ["curves", "norms"]


def test_another_training_on_mnist_says_which_files_it_lacks(
    monkeypatch: pytest.MonkeyPatch, asked: list[Experiment]
) -> None:
    monkeypatch.delenv("TRAINSCOPE_DATA", raising=False)
    at = look_at(SmallMnistView(experiment=SmallMnist(width=8, step_limit=5)))
    assert "of the official release (plain or .gz) not found" in sentences(at)
    assert asked == []


@pytest.mark.parametrize(("name", "value"), [("p", "48"), ("fraction", "1.5"), ("alphas", "1,0.5")])
def test_a_modulus_beyond_its_bounds_is_one_sentence(name: str, value: str) -> None:
    at = open_page("pages/grokking.py", **(to_query(ModularView()) | {name: value}))
    assert list(charts(at)) == MODULAR
    assert [box.value for box in at.warning if box.value.startswith(f"{name}:") or f"{name}: " in box.value]
