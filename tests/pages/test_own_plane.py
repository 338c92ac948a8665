"""Your runs on the Phase plane page: what ships, an upload, its columns, one that is refused, and whose they are."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.studies.own_plane.experiment import OwnPlane
from core.studies.own_plane.view import FIRST, OwnPlaneView
from core.view import to_query
from pages.shared import library
from tests.core.studies.runs import csv, table
from tests.pages.visiting import charts, fine, link, sentences

SCRIPT = """
from core.studies.own_plane.part import PART
from pages.phase_plane.own import HOOKS
from pages.shared.part import draw
draw(PART, HOOKS)
"""
THREE = ["plane", "sections", "fit"]


def open_part(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=120)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    return fine(at.file_uploader[0].set_value((name, content, "text/csv")).run())


def test_a_table_is_opened_its_columns_are_chosen_and_a_bad_one_keeps_what_is_there(asked: list[Experiment]) -> None:
    at = open_part()
    assert list(charts(at)) == THREE
    assert link(at)["table"] == FIRST.table
    assert not asked  # it ships

    upload(at, "mine.csv", csv(table()))
    (mine,) = asked
    assert isinstance(mine, OwnPlane)
    assert link(at)["table"] == mine.table
    assert list(charts(at)) == [*THREE, "curves"]
    assert "56 runs over rate and batch, of 4 seeds." in sentences(at)
    names = [button.proto.label for button in at.get("download_button")]
    assert names[:5] == ["runs.csv", "cells.csv", "plane.csv", "fit.csv", "curves.csv"]

    value = fine(at.run()).selectbox(key="r_value_column")  # columns are known once it is open
    fine(value.set_value("error").run())
    assert charts(at)["plane"]["title"] == "error over rate and batch"
    fine(at.selectbox(key="r_x_column").set_value("batch").run())
    assert (link(at)["x"], link(at)["y"]) == ("batch", "rate"), "the axes change places"
    assert charts(at)["plane"]["title"] == "error over batch and rate"
    fine(at.number_input(key="r_fit_low").set_value(20.0).run())
    assert link(at)["fit_low"] == "20"

    upload(at, "bad.csv", b"a,b\n1,2\n2,1\n")
    assert "bad.csv is refused: values: a numeric column besides the axes a and b" in at.error[0].value.replace(
        "\\", ""
    )
    assert link(at)["table"] == mine.table
    upload(at, "recording.csv", b"step,example,prediction,label\n1,1,1,1\n")
    assert "recording.csv is refused: a file of another kind" in at.error[0].value.replace("\\", "")


def test_on_a_public_host_a_table_is_its_visits_alone(asked: list[Experiment], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINSCOPE_MODE", "public")
    who = "one"
    monkeypatch.setattr(library, "visit", lambda: who)
    upload(open_part(), "mine.csv", csv(table()))
    (mine,) = asked
    assert isinstance(mine, OwnPlane)
    assert library.find(mine) is not None
    who = "two"
    at = open_part(**to_query(OwnPlaneView(experiment=mine)))
    assert library.find(mine) is None
    assert "is not on this machine" in sentences(at)
    assert list(charts(at)) == THREE, "those of what ships"
