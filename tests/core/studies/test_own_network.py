"""A network of one's own: the numbers of our own study on the same run, whatever the format, and what is kept."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.columns import columns
from core.comparison.compared import explainer_predictions
from core.comparison.curves import curves, facts
from core.datasets import Source
from core.explainers.names import FITTED, OF_NUMBERS
from core.part import Shown
from core.recorded.recorded import Recorded, encoded
from core.store import Store, decode, encode
from core.studies.complexity.experiment import Complexity
from core.studies.complexity.tables import TABLES as OURS
from core.studies.complexity.training import given
from core.studies.own_network.part import PART
from core.studies.own_network.presets import PRESETS
from core.studies.own_network.tables import TABLES
from core.studies.own_network.trajectory import ITSELF
from core.studies.own_network.view import OwnNetworkView
from core.study import opened
from core.sweeps import train
from tests.core.studies.recordings import opened_of, recorded


def test_the_numbers_are_those_of_our_own_study_on_the_same_run() -> None:
    """Predictions of our network, and its training points to fit the explainers to."""
    experiment = Complexity(n_train=200, width=16, seeds=(0,), step_limit=300, learning_rate=0.05)
    ours = train(experiment, source=Source(), device="cpu", workers=1)
    task = given(experiment, Source()).task
    found = opened_of(
        Recorded(
            steps=ours.steps,
            predictions=ours["prediction"][:, 0],
            labels=task.test_labels > 0,
            inputs=task.test_inputs,
            train_inputs=task.train_inputs,
            train_labels=task.train_labels > 0,
        )
    )
    mine, theirs = TABLES["information"](found), OURS["information"](ours)
    for name in ("linear", "quadratic", "tree", "nearest", "mlp_4"):
        one, other = (rows[rows["explainer"] == name].reset_index(drop=True) for rows in (mine, theirs))
        assert len(one) == len(ours.steps)
        same = [column for column in one if "train" not in column]
        pd.testing.assert_frame_equal(one[same], other[same], check_dtype=False)


def test_ten_tables_have_their_columns_and_come_back_from_the_store() -> None:
    found = opened_of(recorded(images=True))
    again = decode(encode(found))
    for name, table in TABLES.items():
        rows = table(found)
        assert set(rows.columns) <= set(columns()), name
        pd.testing.assert_frame_equal(rows, table(again))
    assert found.complete
    assert found.explainers[-1] == ITSELF


def test_half_of_the_points_are_measured_where_explainers_are_fitted_to_the_others() -> None:
    found = opened_of(recorded(images=True))
    assert len(found["test_label"]) == 60
    assert len(found["picture"]) == 60
    known = explainer_predictions(found)
    ours = [name for name in FITTED if not name.startswith("cnn")]
    assert list(known)[: len(ours)] == ours
    label = found["test_label"]
    assert (known["linear"][0] == label).mean() > 0.9


def test_explainers_over_time_are_taken_at_four_stages() -> None:
    found = opened_of(recorded())
    assert found.explainers == ("mine", *(f"mine over time, step {step}" for step in (1, 4, 16, 64)), ITSELF)
    last = explainer_predictions(found)["mine over time, step 64"]
    np.testing.assert_array_equal(last[0], found["prediction"][-1, 0])


def test_an_explainer_that_came_along_is_not_fitted_again() -> None:
    came = recorded(images=True)
    found = opened_of(replace(came, explainers={"tree": came.labels, ITSELF: came.labels}))
    assert found.explainers == (*OF_NUMBERS, ITSELF)
    known = explainer_predictions(found)
    np.testing.assert_array_equal(known["tree"][0], found["test_label"])
    assert (known[ITSELF][0] != found["test_label"]).any(), "this one is measured, whatever comes under its name"
    assert (known["nearest"][0] != found["test_label"]).any()


def test_alone_it_is_explained_by_its_own_early_self() -> None:
    found = opened_of(recorded(explainers=False))
    assert found.explainers == (ITSELF,)
    rows = TABLES["information"](found)
    early = rows.loc[(rows["mutual_information_test"] - rows["mu_y"]).abs().idxmin()]
    assert early["agreement"] == 1  # with itself, at that step


def test_it_is_drawn_and_says_that_points_are_few() -> None:
    scene = PART.scene(OwnNetworkView(explainer="mine"), [Shown(opened_of(recorded()))])
    assert list(scene.figures) == ["explained", "shares", "staircase", "accuracies", "four_cells", "examples"]
    assert "120 points of 3 classes" in scene.notes[0]
    assert "lower bound" in scene.notes[1]


def test_the_command_gives_the_same_tables_of_three_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = recorded(explainers=False)
    points = len(found.labels)
    rows = pd.DataFrame(
        {
            "step": np.repeat(found.steps, points),
            "example": np.tile(np.arange(points), len(found.steps)),
            "prediction": found.predictions.ravel(),
            "label": np.tile(found.labels, len(found.steps)),
        }
    )
    buffer = io.BytesIO()
    np.savez(buffer, step=found.steps, predictions=found.predictions, labels=found.labels)
    contents = {"a.npz": buffer.getvalue(), "b.csv": rows.to_csv(index=False).encode()}
    contents["c.parquet"] = rows.to_parquet(index=False)
    written = []
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        out = tmp_path / f"{name}-tables"
        assert main(["open", str(tmp_path / name), "--out", str(out)]) == 0
        assert "120 points of 3 classes" in capsys.readouterr().out
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0].keys() == {"experiment.json", *(f"{name}.csv" for name in TABLES)}
    assert written[0] == written[1] == written[2]


def test_the_command_refuses_in_one_line_and_keeps_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("epoch,guess\n1,2\n")
    store = tmp_path / "cache"
    assert main(["open", str(bad), "--cache", str(store), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "a recording of predictions has step, example, prediction and label" in said
    assert "got epoch, guess" in said
    assert not store.exists()
    assert not (tmp_path / "out").exists()


def test_a_link_that_was_altered_or_is_of_elsewhere_is_refused(tmp_path: Path) -> None:
    from dataclasses import replace

    from core.datasets import DataError
    from core.studies.own_network.training import begin

    store = Store(tmp_path)
    experiment, _ = opened(encoded(recorded()), store.uploads)
    source = Source.named(None, store.uploads)
    assert begin(experiment, [0], source, "cpu").live  # type: ignore[arg-type]
    with pytest.raises(DataError, match="this one was altered"):
        begin(replace(experiment, step_limit=63), [0], source, "cpu")  # type: ignore[arg-type,type-var]
    with pytest.raises(DataError, match="not on this machine; open the file again"):
        begin(experiment, [0], Source.named(None, tmp_path / "elsewhere"), "cpu")  # type: ignore[arg-type]


@pytest.mark.parametrize("corrected", [False, True])
def test_the_sentence_and_the_curves_are_of_one_estimate(corrected: bool) -> None:
    found = opened_of(recorded(images=True))
    name = next(iter(explainer_predictions(found)))
    said, last = facts(found, name, miller_madow=corrected), curves(found, name, miller_madow=corrected).iloc[-1]
    assert said["apart"] == pytest.approx(last["retained_share"] - last["retained_share_independent"])


def test_the_shipped_resnet_is_right_as_often_as_its_preset_says() -> None:
    preset = PRESETS["complexity/resnet"]
    found, said = Store(Path("nowhere")).load(preset.experiment)
    assert found is not None, said
    right = (found["prediction"][-1] == found["test_label"]).mean()
    assert f"{right:.0%}".replace("%", " %") in preset.sentence
    assert f"{len(found['test_label']):,} test images" in preset.sentence
