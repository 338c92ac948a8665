"""Shards: every run once, the same bytes on any number of workers and after an interruption, readable as they train."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sweeps
from core.datasets import DataError, Source
from core.experiment import Experiment
from core.shards import EndedShards
from core.split import RUNS_A_SHARD
from core.store import Store, encode, sealed
from core.studies.complexity.experiment import Complexity
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.trajectory import AXES, cells
from core.sweeps import Progress, chosen_device, partial, progress, shards, train, train_shard
from core.trajectory import OUTCOMES, UNFINISHED, Array, Trajectory
from core.values import log2_grid

Make = Callable[..., Explorer]


@given(st.integers(1, 32), st.integers(1, 32), st.integers(1, 9))
def test_every_run_is_in_one_shard_of_its_seed(alphas: int, temperatures: int, seeds: int) -> None:
    if alphas * temperatures * seeds > 1024:
        return
    experiment = Explorer(
        alphas=log2_grid(-8, 8, alphas), temperatures=log2_grid(-9, 0, temperatures), seeds=tuple(range(seeds))
    )
    split = shards(experiment, "cpu")
    assert sorted(run for shard in split for run in shard) == list(range(experiment.runs))
    where = cells(experiment)
    for shard in split:
        assert len({where[run].seed for run in shard}) == 1
        assert 1 <= len(shard) <= RUNS_A_SHARD


def test_a_gpu_gets_the_whole_plane_of_a_seed() -> None:
    split = shards(Explorer(seeds=(0, 1)), "cuda")
    assert [len(shard) for shard in split] == [144, 144]
    assert split[0] == list(range(144))


def test_the_split_is_a_sample_of_the_plane_so_that_shards_take_alike_long() -> None:
    split = shards(Explorer(), "cpu")
    assert len(split) == 4
    where = cells(Explorer())
    for shard in split:
        assert len({where[run].alpha for run in shard}) == 12


class TestSameBytes:
    def test_on_one_worker_or_two_and_twice(self, tiny: Make) -> None:
        experiment = tiny(alphas=log2_grid(-2, 8, 5), temperatures=log2_grid(-6, 0, 4), seeds=(0, 1), step_limit=60)
        assert len(shards(experiment, "cpu")) == 4
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


class TestInterrupted:
    """Shards that ended are in the store, and the next sweep continues from them."""

    @pytest.fixture
    def experiment(self, tiny: Make) -> Explorer:
        return tiny(seeds=(0, 1, 2, 3), step_limit=60)

    @pytest.fixture
    def whole(self, experiment: Explorer) -> bytes:
        return encode(train(experiment, source=Source(), device="cpu", workers=1))

    @pytest.fixture
    def trained(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The numbers of the shards that are trained."""
        numbers: list[int] = []
        real = sweeps.train_shard

        def counted(experiment: Experiment, number: int, *rest: Any) -> tuple[int, dict[str, Array]]:
            numbers.append(number)
            return real(experiment, number, *rest)

        monkeypatch.setattr(sweeps, "train_shard", counted)
        return numbers

    def interrupt(self, experiment: Experiment, store: Store, at: int, folder: Path | None = None) -> list[Path]:
        """Train until shard `at` is begun; return the files of those before it."""
        with pytest.MonkeyPatch.context() as patch:
            real = sweeps.train_shard

            def until(experiment: Experiment, number: int, *rest: Any) -> tuple[int, dict[str, Array]]:
                if number == at:
                    raise KeyboardInterrupt
                return real(experiment, number, *rest)

            patch.setattr(sweeps, "train_shard", until)
            with pytest.raises(KeyboardInterrupt):
                train(experiment, source=Source(), device="cpu", workers=1, store=store, folder=folder, partials=True)
        return sorted(store.shards(experiment).iterdir())

    def resume(self, experiment: Experiment, store: Store, workers: int = 1) -> tuple[Trajectory, list[str]]:
        said: list[str] = []
        again = train(experiment, source=Source(), device="cpu", workers=workers, store=store, report=said.append)
        return again, said

    def test_what_had_ended_is_not_trained_again(
        self, experiment: Explorer, store: Store, whole: bytes, trained: list[int]
    ) -> None:
        found = self.interrupt(experiment, store, 2)
        assert [path.name for path in found] == ["shard-0.npz", "shard-1.npz"]
        trained.clear()
        again, said = self.resume(experiment, store)
        assert trained == [2, 3]
        assert said == ["2 of 4 shards were found in the cache."]
        assert encode(again) == whole
        assert len(list(store.shards(experiment).iterdir())) == 4
        store.save(again)
        assert not store.shards(experiment).exists()

    def test_all_of_them_can_be_there(
        self, experiment: Explorer, store: Store, whole: bytes, trained: list[int]
    ) -> None:
        train(experiment, source=Source(), device="cpu", workers=1, store=store)
        trained.clear()
        again, said = self.resume(experiment, store)
        assert trained == []
        assert said == ["4 of 4 shards were found in the cache."]
        assert encode(again) == whole

    def test_networks_are_kept_without_what_explains_them(self, store: Store) -> None:
        small = Complexity(n_train=64, width=8, seeds=(0, 1), step_limit=40, batch_size=8, test_points=200)
        self.interrupt(small, store, 1)
        again, said = self.resume(small, store)
        assert said == ["1 of 2 shards were found in the cache."]
        assert encode(again) == encode(train(small, source=Source(), device="cpu", workers=1))

    @pytest.mark.parametrize("damage", ["cut", "altered", "empty", "another shard", "foreign"])
    def test_a_damaged_one_is_said_and_trained_again(
        self, experiment: Explorer, store: Store, whole: bytes, trained: list[int], damage: str
    ) -> None:
        first, second = self.interrupt(experiment, store, 2)
        content = first.read_bytes()
        broken = {
            "cut": content[:-1],
            "altered": content[:999] + bytes([content[999] ^ 1]) + content[1000:],
            "empty": b"",
            "another shard": second.read_bytes(),
            "foreign": sealed(b"PK\x03\x04"),
        }[damage]
        first.write_bytes(broken)
        trained.clear()
        again, said = self.resume(experiment, store)
        assert trained == [0, 2, 3]
        assert len(said) == 2
        assert said[0].startswith("The finished shard shard-0.npz was damaged (")
        assert said[0].endswith("it is set aside and trained again.")
        assert said[1] == "1 of 4 shards were found in the cache."
        assert encode(again) == whole
        assert first.with_suffix(".damaged").read_bytes() == broken
        assert first.read_bytes() == content

    def test_one_of_another_device_is_another_shard(self, experiment: Explorer, store: Store) -> None:
        self.interrupt(experiment, store, 1)
        assert EndedShards(store, experiment, shards(experiment, "cpu"), "cpu").load(0)[0] is not None
        arrays, said = EndedShards(store, experiment, shards(experiment, "cuda"), "cuda").load(0)
        assert arrays is None
        assert "holds another shard" in said

    def test_progress_counts_them(self, experiment: Explorer, store: Store, tmp_path: Path) -> None:
        self.interrupt(experiment, store, 2)
        assert partial(experiment, tmp_path, "cpu") is None
        self.interrupt(experiment, store, 2, tmp_path)
        assert [now.done for now in progress(experiment, tmp_path, "cpu")] == [True, True, False, False]
        part = partial(experiment, tmp_path, "cpu")
        assert part is not None
        assert [outcome == UNFINISHED for outcome in part["outcome"]] == [False] * 8 + [True] * 8

    def test_one_shard_is_the_whole_and_is_not_kept_twice(self, tiny: Make, store: Store) -> None:
        train(tiny(), source=Source(), device="cpu", workers=1, store=store)
        assert not store.shards(tiny()).exists()

    def test_the_same_bytes_from_processes(self, experiment: Explorer, store: Store, whole: bytes) -> None:
        self.interrupt(experiment, store, 1)
        again, said = self.resume(experiment, store, workers=2)
        assert said == ["1 of 4 shards were found in the cache."]
        assert encode(again) == whole


def test_an_error_in_a_shard_is_the_callers(tiny: Make) -> None:
    with pytest.raises(DataError, match="n_train: from 8 to 1012"):
        train(tiny(n_train=2000), source=Source(), device="cpu", workers=1)


class TestPartial:
    def test_before_anything_is_written(self, tiny: Make, tmp_path: Path) -> None:
        experiment = tiny(seeds=(0, 1))
        assert partial(experiment, tmp_path, "cpu") is None
        assert progress(experiment, tmp_path, "cpu") == [Progress(k, 4, 4, 0, 200) for k in (0, 1)]
        assert not progress(experiment, tmp_path, "cpu")[0].done

    def test_what_is_written_last_is_the_result(self, tiny: Make, tmp_path: Path) -> None:
        whole = train(tiny(seeds=(0, 1)), source=Source(), device="cpu", workers=1, folder=tmp_path, partials=True)
        part = partial(tiny(seeds=(0, 1)), tmp_path, "cpu")
        assert part is not None
        assert encode(part) == encode(whole)
        assert all(p.done for p in progress(tiny(seeds=(0, 1)), tmp_path, "cpu"))
        assert not list(tmp_path.glob("*.tmp"))

    def test_arrays_are_written_only_for_a_caller_that_asks(self, tiny: Make, store: Store, tmp_path: Path) -> None:
        """A progress bar reads how far the shards are and nothing else, of those found in the cache, too."""
        experiment = tiny(seeds=(0, 1))
        for _ in range(2):
            train(experiment, source=Source(), device="cpu", workers=1, folder=tmp_path, store=store)
            assert [now.done for now in progress(experiment, tmp_path, "cpu")] == [True, True]
            assert sorted(path.name for path in tmp_path.glob("shard-*")) == ["shard-0.json", "shard-1.json"]
        assert partial(experiment, tmp_path, "cpu") is None

    def test_what_a_shard_has_written_when_it_is_stopped(
        self, tiny: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Stop a shard in the middle: what it had by then is the beginning of the whole, and says it is unfinished."""
        monkeypatch.setattr(sweeps, "SECONDS_BETWEEN_WRITES", 0.0)
        experiment, kept = tiny(alphas=(0.5,), temperatures=(2.0**-5, 2.0**-3), seeds=(0, 1)), tmp_path / "kept"
        kept.mkdir()
        write = sweeps._write_file

        def stop(path: Path, fill: Callable) -> None:  # type: ignore[type-arg]
            write(path, fill)
            if path.suffix == ".json" and json.loads(path.read_text())["step"] > 30:
                raise KeyboardInterrupt

        monkeypatch.setattr(sweeps, "_write_file", stop)
        with pytest.raises(KeyboardInterrupt):
            train_shard(experiment, 0, [0, 1], Source(), "cpu", kept, True)
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

    @pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b'{"shard": 0}', b"PK\x03\x04"])
    def test_torn_files_count_as_not_written(self, tiny: Make, tmp_path: Path, rubbish: bytes) -> None:
        for name in ("shard-0.json", "shard-0.npz"):
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
    now = Progress(shard=1, runs=4, live=0, step=7, step_limit=9)
    assert Progress(**json.loads(json.dumps(asdict(now)))) == now
    assert now.done
    assert OUTCOMES[UNFINISHED] == "unfinished"
