"""The estimate of a training's length, and what the machine is remembered for."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.cost import (
    AT_MOST_SECONDS,
    LONG_SECONDS,
    STARTUP_SECONDS,
    Estimate,
    estimate,
    measured_slowness,
    note_slowness,
)
from core.studies.explorer.experiment import Explorer
from core.study import presets, studies

Make = Callable[..., Explorer]


def seconds(experiment: Explorer, workers: int = 1, device: str = "cpu", slowness: float = 1.0) -> float:
    """Seconds of work, without the start."""
    return estimate(experiment, workers=workers, device=device, slowness=slowness).at_most - STARTUP_SECONDS


def test_more_of_anything_takes_longer() -> None:
    base = seconds(Explorer())
    for change in (
        {"width": 128},
        {"depth": 2},
        {"batch_size": 32},
        {"step_limit": 40_000},
        {"dataset": "mnist_parity"},
    ):
        assert seconds(replace(Explorer(), **change)) > 1.2 * base, change  # type: ignore[arg-type]
    assert seconds(replace(Explorer(), seeds=(0, 1, 2))) == pytest.approx(3 * base)
    assert seconds(Explorer(), slowness=2.5) == pytest.approx(2.5 * base)


def test_workers_share_the_shards_and_no_more_than_there_are(tiny: Make) -> None:
    assert seconds(Explorer(), workers=2) == pytest.approx(seconds(Explorer()) / 2)
    assert seconds(Explorer(), workers=99) == pytest.approx(seconds(Explorer()) / 4)
    assert seconds(tiny(), workers=99) == seconds(tiny())
    assert seconds(Explorer(), workers=99, device="cuda") < seconds(Explorer())


def test_a_plane_is_asked_for_and_a_single_run_is_not() -> None:
    for preset in presets().values():
        for workers in (1, 2):
            found = estimate(preset.experiment, workers=workers, device="cpu")
            assert found.usual < found.at_most
            assert found.long == (found.usual > LONG_SECONDS)
    assert estimate(presets()["explorer/mnist_five_layers"].experiment, workers=2, device="cpu").long
    one = Explorer().at(Explorer().alphas[5], Explorer().temperatures[5])
    assert not estimate(one, workers=1, device="cpu").long


def test_a_csv_of_unknown_width_has_an_estimate() -> None:
    assert seconds(Explorer(dataset="csv", csv_digest="0" * 64, n_train=64)) > 0


class TestSlowness:
    def test_it_is_learned_by_halves_a_device(self, tmp_path: Path) -> None:
        record = tmp_path / "new" / "speed.json"
        assert measured_slowness(record, "cpu") == 1
        note_slowness(record, "cpu", computed=STARTUP_SECONDS + 10, took=STARTUP_SECONDS + 30)
        assert measured_slowness(record, "cpu") == pytest.approx(2)  # half way from 1 to 3
        note_slowness(record, "cuda", computed=STARTUP_SECONDS + 10, took=STARTUP_SECONDS + 1)
        assert measured_slowness(record, "cpu") == pytest.approx(2)
        assert measured_slowness(record, "cuda") < 1

    def test_a_machine_that_is_twice_as_slow_is_found_to_be_so(self, tmp_path: Path) -> None:
        record = tmp_path / "speed.json"
        for _ in range(20):
            note_slowness(record, "cpu", computed=STARTUP_SECONDS + 10, took=STARTUP_SECONDS + 20)
        assert measured_slowness(record, "cpu") == pytest.approx(2, abs=0.01)

    def test_too_short_to_tell(self, tmp_path: Path) -> None:
        record = tmp_path / "speed.json"
        note_slowness(record, "cpu", computed=STARTUP_SECONDS + 0.6, took=45)  # the process took so long to start
        note_slowness(record, "cpu", computed=0, took=5)
        assert not record.exists()

    @pytest.mark.parametrize("content", ["", "[]", "3", "{", '{"cpu": "x"}', '{"cpu": null}', '{"cpu": [1]}'])
    def test_a_spoilt_record_is_no_record(self, tmp_path: Path, content: str) -> None:
        record = tmp_path / "speed.json"
        record.write_text(content)
        assert measured_slowness(record, "cpu") == 1
        note_slowness(record, "cpu", computed=STARTUP_SECONDS + 10, took=STARTUP_SECONDS + 20)
        assert json.loads(record.read_text())["cpu"] == 1.5

    @pytest.mark.parametrize(
        ("content", "expected"), [('{"cpu": 1e9}', 20), ('{"cpu": -4}', 0.05), ('{"cpu": NaN}', 1)]
    )
    def test_an_absurd_record_is_bounded(self, tmp_path: Path, content: str, expected: float) -> None:
        record = tmp_path / "speed.json"
        record.write_text(content)
        assert measured_slowness(record, "cpu") == expected

    def test_a_record_that_cannot_be_written_is_no_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        note_slowness(tmp_path / "file" / "speed.json", "cpu", computed=10, took=20)


@pytest.mark.parametrize("name", studies())
def test_every_study_has_an_estimate_that_more_workers_never_lengthen(name: str) -> None:
    for preset in studies()[name].presets.values():
        one, two = (estimate(preset.experiment, workers=workers, device="cpu") for workers in (1, 2))
        assert STARTUP_SECONDS < one.usual < one.at_most
        assert two.usual <= one.usual


def test_what_may_take_minutes_is_asked_for_however_short_it_usually_is() -> None:
    assert Estimate(usual=1, at_most=AT_MOST_SECONDS + 1).long
    assert not Estimate(usual=LONG_SECONDS, at_most=AT_MOST_SECONDS).long
