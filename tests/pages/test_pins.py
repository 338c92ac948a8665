"""Pinned runs on a page that draws them beside the run on screen, as Streamlit runs it, without a browser."""

from streamlit.testing.v1 import AppTest

from core.studies.edge.view import EdgeView
from core.view import from_query
from tests.pages.visiting import charts, fine, link, open_page, player, sentences

PAGE = "pages/learning_rate.py"


def press(at: AppTest, label: str) -> None:
    fine(next(button for button in at.button if button.label == label).click().run())


def told(at: AppTest) -> str:
    return " ".join(markdown.value for markdown in at.markdown)


def test_a_run_is_pinned_compared_and_let_go() -> None:
    at = open_page(PAGE, part="edge")
    before = list(charts(at))
    press(at, "Pin this run")
    assert list(charts(at)) == ["path", "path-A", "levels"]
    assert "Pinned run A** differs in: nothing: it is this run." in told(at)
    assert next(button for button in at.button if button.label == "Pin this run").disabled
    press(at, "An easier target")
    assert "Pinned run A** differs in: degree of the target 4 (here 3)" in told(at)
    fine(at.selectbox(key="re_chart-compared").set_value("levels").run())
    assert list(charts(at)) == ["path", "levels", "levels-A"]
    assert link(at)["compare"] == "levels"
    view, said = from_query(EdgeView, link(at))
    assert said == []
    assert view.pinned_runs()["A"].experiment == EdgeView().experiment
    names = {button.label for button in at.get("download_button")}
    assert {"compared_edge.csv", "compared_edge_ends.csv"} < names
    press(at, "Unpin A")
    assert list(charts(at)) == before
    assert "Pinned" not in told(at)
    assert "pin" not in link(at)


def test_theory_is_compared_before_anything_is_trained() -> None:
    at = open_page("pages/learning_dynamics.py", part="modes")
    before = list(charts(at))
    press(at, "Pin this run")
    assert list(charts(at)) == [before[0], f"{before[0]}-A", *before[1:]]
    press(at, "Cross-entropy and hinge")
    assert "Pinned run A** differs in:" in told(at)
    press(at, "Unpin A")
    assert f"{before[0]}-A" not in charts(at)


def test_a_link_of_a_pin_that_a_hand_has_broken_says_so_and_shows_the_rest() -> None:
    at = open_page(PAGE, part="edge", pin="degree:0", compare="levels")
    assert "pin: runs as the app writes them in a link; got 'degree:0'." in sentences(at)
    assert list(charts(at)) == ["path", "levels"]


def test_the_clock_is_that_of_the_longest_run() -> None:
    at = open_page(PAGE, part="edge", step_limit="2000", rates="0.1", pin=EdgeView().pin())
    steps = player(at)["clock"]["steps"]
    assert steps[-1] == EdgeView().experiment.step_limit > 2000
