"""Your network on the Complexity page: what ships, an upload, one that is refused."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.recorded.recorded import encoded
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_network.view import FIRST
from pages.shared import library
from tests.core.studies.recordings import recorded
from tests.pages.visiting import fine, link, player, sentences

SCRIPT = """
from core.studies.own_network.part import PART
from pages.complexity.own import HOOKS
from pages.shared.part import draw
draw(PART, HOOKS)
"""
CHARTS = ["explained", "shares", "staircase", "accuracies", "four_cells", "examples"]


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    """The page after a file is opened."""
    return fine(at.file_uploader[0].set_value((name, content, "application/octet-stream")).run())


def test_a_recording_is_opened_a_bad_one_is_said_and_keeps_what_is_there(asked: list[Experiment]) -> None:
    at = fine(AppTest.from_string(SCRIPT, default_timeout=120).run())
    assert list(player(at, most=10_000_000)["charts"]) == CHARTS
    assert link(at)["recording"] == FIRST.recording
    assert not asked  # it ships

    upload(at, "bad.csv", b"epoch,guess\n1,2\n")
    assert "bad.csv is refused: columns: step, example, prediction, label" in at.error[0].value
    assert link(at)["recording"] == FIRST.recording

    found = recorded(explainers=True)
    upload(at, "run.npz", encoded(found))
    assert not at.error
    (opened,) = asked
    assert isinstance(opened, OwnNetwork)
    assert link(at)["recording"] == opened.recording != FIRST.recording
    said = " ".join(caption.value for caption in at.sidebar.caption)
    assert "8 recorded steps, 0 to 64, of 120 points of 3 classes" in said
    assert list(player(at, most=10_000_000)["charts"]) == CHARTS

    explainers = fine(at.run()).sidebar.selectbox[0]  # they are known once it is open
    fine(explainers.set_value("early_self").run())
    assert link(at)["explainer"] == "early_self"


def told(at: AppTest) -> str:
    return str(at.file_uploader[0].proto.help)


def test_a_recording_is_taken_up_to_what_the_host_and_the_reader_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    at = fine(AppTest.from_string(SCRIPT, default_timeout=120).run())
    assert at.file_uploader[0].proto.max_upload_size_mb == 64
    assert "At most 64 MB. The file stays on this server; only those who know its link" in told(at)
    content = encoded(recorded(explainers=True))
    monkeypatch.setenv("TRAINSCOPE_UPLOAD_BYTES", str(len(content) - 1))
    upload(fine(at.run()), "run.npz", content)
    assert f"run.npz is refused: at most {(len(content) - 1) / 1e6:g} MB" in at.error[0].value
    assert link(at)["recording"] == FIRST.recording
    assert not list(library.uploads().glob("*"))

    monkeypatch.setenv("TRAINSCOPE_MODE", "public")
    monkeypatch.delenv("TRAINSCOPE_UPLOAD_BYTES")
    assert "At most 5 MB. The file stays on this server for as long as this page is open" in told(fine(at.run()))
    monkeypatch.setenv("TRAINSCOPE_UPLOADS", "0")
    assert not fine(at.run()).file_uploader
    assert "This host takes no files; the command line does" in sentences(at)
