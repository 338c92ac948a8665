"""Banks: every run once, the same bytes on any number of workers and after an interruption, parts that can be read."""

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
from core.shards import Parts
from core.split import RUNS_A_SHARD
from core.store import Store, encode, sealed
from core.studies.complexity.experiment import Complexity
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.trajectory import AXES, OUTCOMES, cells
from core.sweeps import Progress, banks, chosen_device, partial, progress, train, train_bank
from core.trajectory import UNFINISHED, Array, Trajectory
from core.values import log2_grid

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
        assert 1 <= len(bank) <= RUNS_A_SHARD


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


class TestInterrupted:
    """Banks that ended are in the store, and the next training goes on from them."""

    @pytest.fixture
    def experiment(self, tiny: Make) -> Explorer:
        return tiny(seeds=(0, 1, 2, 3), step_limit=60)

    @pytest.fixture
    def whole(self, experiment: Explorer) -> bytes:
        return encode(train(experiment, source=Source(), device="cpu", workers=1))

    @pytest.fixture
    def trained(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The numbers of the banks that are trained."""
        numbers: list[int] = []
        real = sweeps.train_bank

        def counted(experiment: Experiment, number: int, *rest: Any) -> tuple[int, dict[str, Array]]:
            numbers.append(number)
            return real(experiment, number, *rest)

        monkeypatch.setattr(sweeps, "train_bank", counted)
        return numbers

    def interrupt(self, experiment: Experiment, store: Store, at: int, folder: Path | None = None) -> list[Path]:
        """Train until bank `at` is begun; return the files of those before it."""
        with pytest.MonkeyPatch.context() as patch:
            real = sweeps.train_bank

            def until(experiment: Experiment, number: int, *rest: Any) -> tuple[int, dict[str, Array]]:
                if number == at:
                    raise KeyboardInterrupt
                return real(experiment, number, *rest)

            patch.setattr(sweeps, "train_bank", until)
            with pytest.raises(KeyboardInterrupt):
                train(experiment, source=Source(), device="cpu", workers=1, store=store, folder=folder)
        return sorted(store.parts(experiment).iterdir())

    def resume(self, experiment: Experiment, store: Store, workers: int = 1) -> tuple[Trajectory, list[str]]:
        said: list[str] = []
        again = train(experiment, source=Source(), device="cpu", workers=workers, store=store, say=said.append)
        return again, said

    def test_what_had_ended_is_not_trained_again(
        self, experiment: Explorer, store: Store, whole: bytes, trained: list[int]
    ) -> None:
        found = self.interrupt(experiment, store, 2)
        assert [path.name for path in found] == ["bank-0.npz", "bank-1.npz"]
        trained.clear()
        again, said = self.resume(experiment, store)
        assert trained == [2, 3]
        assert said == ["2 of 4 banks were there."]
        assert encode(again) == whole
        assert len(list(store.parts(experiment).iterdir())) == 4
        store.save(again)
        assert not store.parts(experiment).exists()

    def test_all_of_them_can_be_there(
        self, experiment: Explorer, store: Store, whole: bytes, trained: list[int]
    ) -> None:
        train(experiment, source=Source(), device="cpu", workers=1, store=store)
        trained.clear()
        again, said = self.resume(experiment, store)
        assert trained == []
        assert said == ["4 of 4 banks were there."]
        assert encode(again) == whole

    def test_networks_are_kept_without_what_explains_them(self, store: Store) -> None:
        small = Complexity(n_train=64, width=8, seeds=(0, 1), step_limit=40, batch_size=8, test_points=200)
        self.interrupt(small, store, 1)
        again, said = self.resume(small, store)
        assert said == ["1 of 2 banks were there."]
        assert encode(again) == encode(train(small, source=Source(), device="cpu", workers=1))

    @pytest.mark.parametrize("damage", ["cut", "altered", "empty", "another bank", "foreign"])
    def test_a_damaged_one_is_said_and_trained_again(
        self, experiment: Explorer, store: Store, whole: bytes, trained: list[int], damage: str
    ) -> None:
        first, second = self.interrupt(experiment, store, 2)
        content = first.read_bytes()
        broken = {
            "cut": content[:-1],
            "altered": content[:999] + bytes([content[999] ^ 1]) + content[1000:],
            "empty": b"",
            "another bank": second.read_bytes(),
            "foreign": sealed(b"PK\x03\x04"),
        }[damage]
        first.write_bytes(broken)
        trained.clear()
        again, said = self.resume(experiment, store)
        assert trained == [0, 2, 3]
        assert len(said) == 2
        assert said[0].startswith("The finished bank bank-0.npz was damaged (")
        assert said[0].endswith("it is set aside and trained again.")
        assert said[1] == "1 of 4 banks were there."
        assert encode(again) == whole
        assert first.with_suffix(".damaged").read_bytes() == broken
        assert first.read_bytes() == content

    def test_one_of_another_device_is_another_bank(self, experiment: Explorer, store: Store) -> None:
        self.interrupt(experiment, store, 1)
        assert Parts(store, experiment, banks(experiment, "cpu"), "cpu").load(0)[0] is not None
        arrays, said = Parts(store, experiment, banks(experiment, "cuda"), "cuda").load(0)
        assert arrays is None
        assert "holds another bank" in said

    def test_progress_counts_them(self, experiment: Explorer, store: Store, tmp_path: Path) -> None:
        self.interrupt(experiment, store, 2)
        assert partial(experiment, tmp_path, "cpu") is None
        self.interrupt(experiment, store, 2, tmp_path)
        assert [now.done for now in progress(experiment, tmp_path, "cpu")] == [True, True, False, False]
        part = partial(experiment, tmp_path, "cpu")
        assert part is not None
        assert [outcome == UNFINISHED for outcome in part["outcome"]] == [False] * 8 + [True] * 8

    def test_one_bank_is_the_whole_and_is_not_kept_twice(self, tiny: Make, store: Store) -> None:
        train(tiny(), source=Source(), device="cpu", workers=1, store=store)
        assert not store.parts(tiny()).exists()

    def test_the_same_bytes_from_processes(self, experiment: Explorer, store: Store, whole: bytes) -> None:
        self.interrupt(experiment, store, 1)
        again, said = self.resume(experiment, store, workers=2)
        assert said == ["1 of 4 banks were there."]
        assert encode(again) == whole


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
