"""Banks: every run once, the same bytes on any number of workers, what is written on the way can be read."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sweeps
from core.datasets import DataError, Source
from core.experiments import Explorer, log2_grid
from core.store import encode
from core.sweeps import RUNS_A_BANK, Progress, banks, chosen_device, partial, progress, train, train_bank
from core.trajectory import UNFINISHED, cells
from core.trajectory.plane import AXES, OUTCOMES

Make = Callable[..., Explorer]


@given(st.integers(1, 32), st.integers(1, 32), st.integers(1, 9))
def test_every_run_is_in_one_bank_of_its_seed(alphas: int, temperatures: int, seeds: int) -> None:
    if alphas * temperatures * seeds > 1024:
        return
    experiment = Explorer(
        alphas=log2_grid(-8, 8, alphas), temperatures=log2_grid(-9, 0, temperatures), seeds=tuple(range(seeds))
    )
    split = banks(experiment, "cpu")
    assert sorted(run for bank in split for run in bank) == list(range(experiment.runs))
    where = cells(experiment)
    for bank in split:
        assert len({where[run].seed for run in bank}) == 1
        assert 1 <= len(bank) <= RUNS_A_BANK


def test_a_gpu_gets_the_whole_plane_of_a_seed() -> None:
    split = banks(Explorer(seeds=(0, 1)), "cuda")
    assert [len(bank) for bank in split] == [144, 144]
    assert split[0] == list(range(144))


def test_the_split_is_a_sample_of_the_plane_so_that_banks_take_alike_long() -> None:
    split = banks(Explorer(), "cpu")
    assert len(split) == 4
    where = cells(Explorer())
    for bank in split:
        assert len({where[run].alpha for run in bank}) == 12


class TestSameBytes:
    def test_on_one_worker_or_two_and_twice(self, tiny: Make) -> None:
        experiment = tiny(alphas=log2_grid(-2, 8, 5), temperatures=log2_grid(-6, 0, 4), seeds=(0, 1), step_limit=60)
        assert len(banks(experiment, "cpu")) == 4
        one = encode(train(experiment, source=Source(), device="cpu", workers=1))
        assert encode(train(experiment, source=Source(), device="cpu", workers=2)) == one
        assert encode(train(experiment, source=Source(), device="cpu", workers=1)) == one

    def test_writing_progress_changes_nothing(self, tiny: Make, tmp_path: Path) -> None:
        with_folder = train(tiny(), source=Source(), device="cpu", workers=1, folder=tmp_path)
        assert encode(with_folder) == encode(train(tiny(), source=Source(), device="cpu", workers=1))

    def test_seeds_in_another_order_are_the_same_runs(self, tiny: Make) -> None:
        one = train(tiny(seeds=(0, 1), step_limit=30), source=Source(), device="cpu", workers=1)
        other = train(tiny(seeds=(1, 0), step_limit=30), source=Source(), device="cpu", workers=1)
        for name, axes in AXES.items():
            axis = axes.index("run") if "run" in axes else axes.index("seed")
            order = [4, 5, 6, 7, 0, 1, 2, 3] if "run" in axes else [1, 0]
            np.testing.assert_array_equal(np.take(other[name], order, axis), one[name])
        assert not np.array_equal(one["loss"][:, :4], one["loss"][:, 4:])


def test_banks_are_counted_as_they_end(tiny: Make) -> None:
    heard: list[tuple[int, int]] = []
    experiment = tiny(seeds=(0, 1, 2), step_limit=20)
    train(experiment, source=Source(), device="cpu", workers=1, on_bank=lambda done, count: heard.append((done, count)))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_an_error_in_a_bank_is_the_callers(tiny: Make) -> None:
    with pytest.raises(DataError, match="n_train: from 8 to 1012"):
        train(tiny(n_train=2000), source=Source(), device="cpu", workers=1)


class TestParts:
    def test_before_the_first_part(self, tiny: Make, tmp_path: Path) -> None:
        experiment = tiny(seeds=(0, 1))
        assert partial(experiment, tmp_path, "cpu") is None
        assert progress(experiment, tmp_path, "cpu") == [Progress(k, 4, 4, 0, 200) for k in (0, 1)]
        assert not progress(experiment, tmp_path, "cpu")[0].done

    def test_the_last_part_is_the_result(self, tiny: Make, tmp_path: Path) -> None:
        whole = train(tiny(seeds=(0, 1)), source=Source(), device="cpu", workers=1, folder=tmp_path)
        part = partial(tiny(seeds=(0, 1)), tmp_path, "cpu")
        assert part is not None
        assert encode(part) == encode(whole)
        assert all(p.done for p in progress(tiny(seeds=(0, 1)), tmp_path, "cpu"))
        assert not list(tmp_path.glob("*.tmp"))

    def test_a_part_on_the_way(self, tiny: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stop a bank in the middle: what it had by then is the beginning of the whole, and says it is unfinished."""
        monkeypatch.setattr(sweeps, "SECONDS_BETWEEN_PARTS", 0.0)
        experiment, kept = tiny(alphas=(0.5,), temperatures=(2.0**-5, 2.0**-3), seeds=(0, 1)), tmp_path / "kept"
        kept.mkdir()
        write = sweeps._write

        def stop(path: Path, fill: Callable) -> None:  # type: ignore[type-arg]
            write(path, fill)
            if path.suffix == ".json" and json.loads(path.read_text())["step"] > 30:
                raise KeyboardInterrupt

        monkeypatch.setattr(sweeps, "_write", stop)
        with pytest.raises(KeyboardInterrupt):
            train_bank(experiment, 0, [0, 1], Source(), "cpu", kept)
        monkeypatch.undo()
        part = partial(experiment, kept, "cpu")
        whole = train(experiment, source=Source(), device="cpu", workers=1)
        assert part is not None
        reached = progress(experiment, kept, "cpu")[0].step
        assert 30 < reached < 60
        assert not part.complete
        assert set(part["outcome"]) == {UNFINISHED}
        assert part["end_step"].tolist() == [reached, reached, 0, 0]
        at = int(np.searchsorted(whole.steps, reached)) + 1
        for name in ("loss", "kink_position", "prediction"):
            np.testing.assert_array_equal(part[name][:at, :2], whole[name][:at, :2])
        assert np.isnan(part["loss"][:, 2:]).all()

    @pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"bank": 0}', b"PK\x03\x04"])
    def test_torn_files_are_no_parts(self, tiny: Make, tmp_path: Path, rubbish: bytes) -> None:
        for name in ("bank-0.json", "bank-0.npz"):
            (tmp_path / name).write_bytes(rubbish)
        assert partial(tiny(), tmp_path, "cpu") is None
        assert progress(tiny(), tmp_path, "cpu")[0].step == 0


class TestDevice:
    def test_a_named_one_is_taken_at_its_word(self) -> None:
        assert [chosen_device(name) for name in ("cpu", "cuda")] == ["cpu", "cuda"]

    @pytest.mark.parametrize(
        ("build", "driver", "expected"),
        [
            ("2.13.0", True, "cuda"),
            ("2.13.0", False, "cpu"),
            ("2.13.0+cpu", True, "cpu"),
            ("2.13.0+cu130", True, "cuda"),
        ],
    )
    def test_auto_needs_a_driver_and_a_torch_for_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: str, driver: bool, expected: str
    ) -> None:
        monkeypatch.setattr(sweeps, "version", lambda _: build)
        monkeypatch.setattr(sweeps, "DRIVER", tmp_path if driver else tmp_path / "none")
        assert chosen_device("auto") == expected


def test_progress_is_plain_json() -> None:
    now = Progress(bank=1, runs=4, live=0, step=7, step_limit=9)
    assert Progress(**json.loads(json.dumps(asdict(now)))) == now
    assert now.done
    assert OUTCOMES[UNFINISHED] == "unfinished"
