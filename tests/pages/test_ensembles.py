"""The part on ensembles of the Phase plane page as Streamlit runs it, without a browser."""

from core.experiment import Experiment
from core.studies.ensembles.experiment import Ensembles
from core.studies.ensembles.view import EnsemblesView
from core.view import from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page

SMALL = Ensembles(n_train=32, test_points=100, widths=(64, 128), alphas=(1.0, 32.0), members=3, temperature=2.0**-6)


def test_ensembles_are_a_part_of_the_page_and_a_slider_shows_the_errors_of_another_alpha(
    asked: list[Experiment],
) -> None:
    view = EnsemblesView.of(SMALL, alpha=1.0, step=20)
    at = open_page("pages/phase_plane.py", **to_query(view))
    assert asked == [SMALL]
    assert list(charts(at)) == ["fluctuation", "errors", "path"]
    assert from_query(EnsemblesView, link(at)) == (view, [])
    said = "".join(box.value for box in at.markdown)
    assert "Exponents of the fluctuation in the width, at α = 1: **" in said
    assert "Test error at α = 1: " in said
    fine(at.select_slider(key="pe_alpha").set_value(32.0).run())
    assert from_query(EnsemblesView, link(at))[0].alpha == 32
    assert "Test error at α = 32: " in "".join(box.value for box in at.markdown)
    assert asked == [SMALL]


def test_what_ships_opens_at_once(asked: list[Experiment]) -> None:
    at = open_page("pages/phase_plane.py", part="ensembles")
    assert not asked
    assert from_query(EnsemblesView, link(at)) == (EnsemblesView(), [])
