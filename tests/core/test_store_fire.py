"""The store under fire, in short; `python -m tests.benchmarks.fire` for long. And folders that cannot be written."""

import random
from pathlib import Path

import pytest

from core.store import Store
from core.trajectory import Trajectory
from tests.benchmarks.fire import flipped, full, killed


def test_no_torn_or_wrong_snapshot_is_served(tmp_path: Path, trajectory: Trajectory) -> None:
    rng = random.Random(1)
    bad, _ = killed(tmp_path, trajectory, 3, rng)
    assert bad == 0
    bad, failed = full(tmp_path, trajectory, 15, rng)
    assert bad == 0
    assert failed > 5
    assert flipped(tmp_path, trajectory, 15, rng) == (0, 15)


def refuse(path: Path, target: Path) -> None:
    raise OSError(30, "Read-only file system")


def test_a_damaged_file_in_a_folder_that_cannot_be_written_is_left_out(
    store: Store, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.save(trajectory, ship=True)
    path.write_bytes(path.read_bytes()[:-1])
    with monkeypatch.context() as context:
        context.setattr(Path, "replace", refuse)
        found, said = store.load(trajectory.experiment)
    assert found is None
    assert said.endswith("it is left out and trained again.")
    assert not store.has(trajectory.experiment), "so that it is trained again"
    assert store.load(trajectory.experiment) == (None, "")
    store.save(trajectory)
    assert store.has(trajectory.experiment)
    assert store.load(trajectory.experiment)[0] is not None


def test_a_file_that_cannot_be_read_counts_as_damaged(
    store: Store, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(trajectory)

    def broken(path: Path) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as context:
        context.setattr(Path, "read_bytes", broken)
        found, said = store.load(trajectory.experiment)
    assert found is None
    assert "it cannot be read: Input/output error" in said


def test_a_store_says_whether_it_can_be_written(store: Store, tmp_path: Path) -> None:
    assert store.writable()
    assert list(store.folder.iterdir()) == []
    (tmp_path / "file").touch()
    assert not Store(tmp_path / "file").writable()
    assert not Store(tmp_path / "file" / "below").writable()
