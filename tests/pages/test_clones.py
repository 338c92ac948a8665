"""Which statistics are learned first, a part of the Complexity page, as Streamlit runs it, without a browser."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.clones.experiment import Clones
from core.studies.clones.presets import PRESETS
from core.studies.clones.view import ClonesView
from core.view import from_query, to_query
from tests.pages.visiting import charts, fine, link, open_page, player

SMALL = Clones(n_train=300, step_limit=30, width=8, components=5, seeds=(0,), test_points=200)
CHARTS = ["staircase", "recognised", "beyond", "explained"]


def look_at(view: ClonesView) -> AppTest:
    return open_page("pages/complexity.py", **to_query(view))


def said(at: AppTest) -> str:
    return "".join(box.value for box in at.markdown)


@pytest.mark.parametrize("name", PRESETS)
def test_what_ships_is_drawn_and_nothing_is_trained(
    name: str, asked: list[Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRAINSCOPE_DATA", raising=False)
    at = look_at(ClonesView(experiment=PRESETS[name].experiment))
    at_hand = name == "complexity/clones_digits"
    assert list(charts(at)) == (["images", *CHARTS] if at_hand else CHARTS)
    notes = player(at)["clock"]["notes"]
    assert any("so its images and clones are not shown" in note for note in notes) == (not at_hand)
    assert "On real images the network trained on them ends at" in said(at)
    assert asked == []


def test_a_training_of_ones_own_rests_where_its_link_says(asked: list[Experiment]) -> None:
    view = ClonesView(experiment=SMALL, explainer="lda_ten", lead=0.05, step=10)
    at = look_at(view)
    assert list(charts(at)) == ["images", *CHARTS]
    assert asked == [SMALL]
    assert from_query(ClonesView, link(at)) == (view, [])
    time = player(at)["clock"]
    assert time["steps"][time["seek"]["frame"]] == 10


def test_lead_and_classifier_are_chosen_and_nothing_is_trained(asked: list[Experiment]) -> None:
    at = look_at(ClonesView(step=0))
    before = charts(at)
    assert "It leads by 3 points" in said(at)
    fine(at.select_slider(key="cs_lead").set_value(0.05).run())
    assert "It leads by 5 points" in said(at)
    fine(at.selectbox(key="cs_explainer").set_value("linear").run())
    assert from_query(ClonesView, link(at)) == (ClonesView(lead=0.05, explainer="linear", step=0), [])
    assert charts(at)["explained"] != before["explained"]
    assert asked == []


def test_absent_files_are_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAINSCOPE_DATA", raising=False)
    at = look_at(ClonesView(experiment=replace(SMALL, dataset="mnist_ten")))
    (box,) = at.info
    assert "MNIST" in box.value
    assert "t10k-labels-idx1-ubyte of the official release" in box.value
