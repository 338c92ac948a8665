"""A public host: no path of a visitor is opened, tables are their visit's alone, and what is too large is said."""

from pathlib import Path

import pytest
import streamlit as st

from core.datasets import Source, register_csv
from core.experiment import Experiment
from core.jobs import Jobs
from core.limits import RefusedError
from core.recorded.recorded import encoded
from core.store import Store
from core.studies.explorer.view import ExplorerView
from core.studies.own_network.experiment import OwnNetwork
from core.studies.own_network.view import FIRST, OwnNetworkView
from core.sweeps import train
from core.view import to_query
from pages.shared import library
from tests.core.studies.recordings import recorded
from tests.pages.visiting import fine, link, open_page, player, sentences

PAGE = "pages/explorer.py"
COMPLEXITY = "pages/complexity.py"
SMALL = {"width": 4, "n_train": 28, "batch_size": 4, "step_limit": 300}


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINSCOPE_MODE", "public")


def table() -> bytes:
    rows = "".join(f"{row / 7},{(row * 37) % 11},{row % 2}\n" for row in range(40))
    return f"a,b,label\n{rows}".encode()


def test_no_folder_of_a_visitor_is_opened_and_none_of_the_host_is_named(own_place: Path) -> None:
    mnist = ExplorerView().changed({"dataset": "mnist_parity", "width": 32})
    at = open_page(PAGE, **to_query(mnist))
    assert "MNIST: this host has no files of it." in sentences(at)
    assert not [box for box in at.text_input if box.key == "data_dir"]
    assert not [button for button in at.button if "Download" in button.label]
    assert str(own_place) not in sentences(at)
    at.session_state["data_dir"] = "/etc"
    fine(at.run())
    assert library.source("/etc").data_dir == library.source("").data_dir == library.downloads()


def test_a_training_beyond_what_the_host_allows_is_offered_as_a_command(
    asked: list[Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINSCOPE_WIDTH", "64")
    at = open_page(PAGE, **to_query(ExplorerView().changed({"width": 80})))
    assert "width: at most 64 on this host; got 80. On a machine of your own:" in sentences(at)
    assert any("python -m core train explorer/digits --set width=80" in part.proto.body for part in at.get("html"))
    assert asked == []
    assert not [button for button in at.button if str(button.key).startswith("train-")]
    player(at)


def test_a_queue_that_is_full_is_said_and_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise RefusedError("40 trainings wait or train, as many as this host allows; try again later.")

    monkeypatch.setattr(Jobs, "submit", full)
    at = open_page(PAGE, **to_query(ExplorerView().changed(SMALL)))
    assert "40 trainings wait or train" in sentences(at)
    press = next(button for button in at.button if button.key == "train-This run")
    assert "40 trainings wait or train" in sentences(fine(press.click().run()))


@pytest.mark.parametrize(
    ("page", "words"), [("kinks", {}), ("complexity", {"part": "own"}), ("phase_plane", {"part": "runs"})]
)
def test_a_host_that_takes_no_files_offers_no_upload(
    page: str, words: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_page(f"pages/{page}.py", **words).file_uploader
    monkeypatch.setenv("TRAINSCOPE_UPLOADS", "0")
    assert not open_page(f"pages/{page}.py", **words).file_uploader


def test_a_table_is_its_visits_alone(own_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = "one"
    monkeypatch.setattr(library, "visit", lambda: who)
    digest = register_csv(table(), library.uploads())
    assert library.uploads() == own_place / "cache" / "uploads" / "one"
    mine = ExplorerView().changed({"dataset": "csv", "csv_digest": digest, **SMALL})
    trained = train(mine.experiment, source=Source(uploads=library.uploads()), device="cpu", workers=1)
    Store(own_place / "cache").save(trained)
    at = open_page(PAGE, **to_query(mine))
    assert not at.error
    assert "Not on screen yet" not in sentences(at)
    assert library.has(mine.experiment)
    who = "two"
    at = open_page(PAGE, **to_query(mine))
    assert not library.has(mine.experiment)
    assert library.find(mine.experiment) is None
    said = sentences(at)
    assert f"the table whose SHA-256 begins with {digest[:12]} is not on this machine; upload the file again." in said
    assert link(at)["csv_digest"] == digest, "the link stays, for its own visitor to use"


def test_a_recording_is_its_visits_alone_and_one_that_ships_is_everybodys(
    asked: list[Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    who = "one"
    monkeypatch.setattr(library, "visit", lambda: who)
    at = open_page(COMPLEXITY, part="own")
    assert library.has(FIRST)
    first = player(at, most=10_000_000)["rows"]
    fine(at.file_uploader[0].set_value(("run.npz", encoded(recorded()), "application/octet-stream")).run())
    (mine,) = asked
    assert isinstance(mine, OwnNetwork)
    assert link(at)["recording"] == mine.recording
    assert [path.name for path in library.uploads().iterdir()] == [*mine.uploads]
    assert library.find(mine) is not None
    assert player(at, most=10_000_000)["rows"] != first

    who = "two"
    at = open_page(COMPLEXITY, **to_query(OwnNetworkView(experiment=mine)))
    assert not library.has(mine)
    assert library.find(mine) is None
    assert f"the one whose SHA-256 begins with {mine.recording[:12]} is not on this machine" in sentences(at)
    assert player(at, most=10_000_000)["rows"] == first, "the charts are those of what ships"
    assert library.has(FIRST)


def test_nobody_can_have_the_jobs_made_anew() -> None:
    before = library.jobs()
    st.cache_resource.clear()  # as a raw message of any browser has it done
    st.cache_data.clear()
    assert library.jobs() is before
