"""What interrupted work leaves in the cache folder goes in time, and nothing else does."""

import os
from pathlib import Path

import pytest

from core import leftovers
from core.leftovers import DAMAGED_SECONDS, GONE_SECONDS, UNFINISHED_SECONDS, Leftovers
from core.store import Store


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_leftovers_go_in_time_and_nothing_else_does(store: Store) -> None:
    folder = store.folder
    stays = [
        put(folder / name) for name in ("a.npz", "shards/b/shard-0.npz", "uploads/c.csv", "uploads/here/d.csv", "notes")
    ]
    stays += [put(folder / "jobs" / "active" / "shard-0.npz"), put(folder / "data" / "train-images-idx3-ubyte.gz")]
    unfinished = [put(folder / name) for name in ("a.1.tmp", "shards/b/shard-1.2.tmp", "uploads/.c.csv.1.part")]
    forgotten = put(folder / "jobs" / "forgotten" / "shard-0.npz").parent
    gone = put(folder / "uploads" / "gone" / "d.csv").parent
    damaged = put(folder / "e.damaged")
    found = Leftovers(store)

    def swept(now: float) -> set[Path]:
        return set(found.sweep(lambda visit: visit == "here", [folder / "jobs" / "active"], now))

    assert swept(0) == set()
    assert swept(GONE_SECONDS) == {gone}
    assert swept(UNFINISHED_SECONDS - 1) == set()
    assert swept(UNFINISHED_SECONDS) == {*unfinished, forgotten}
    assert swept(DAMAGED_SECONDS) == {damaged}
    assert not any(path.exists() for path in (*unfinished, forgotten, gone, damaged))
    assert all(path.exists() for path in stays)


def test_a_clock_that_jumps_deletes_nothing_in_use(store: Store) -> None:
    writing = put(store.folder / "a.1.tmp")
    found = Leftovers(store)
    for now, stamp in ((0.0, 0), (UNFINISHED_SECONDS, 10**9), (2 * UNFINISHED_SECONDS, 5)):
        os.utime(writing, (stamp, stamp))  # it is written to, whatever the time is
        assert found.sweep(lambda visit: True, (), now) == []
    assert found.sweep(lambda visit: True, (), 3 * UNFINISHED_SECONDS) == [writing]


def test_damaged_files_and_tables_are_bounded_in_bytes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "DAMAGED_BYTES", 250)
    monkeypatch.setattr(leftovers, "UPLOAD_BYTES", 250)
    for kind in ("{}.damaged", "uploads/{}.csv"):
        for age in range(4):
            os.utime(put(store.folder / kind.format(age), bytes(100)), (1000 + age, 1000 + age))
    due = Leftovers(store).sweep(lambda visit: True, (), 0)
    assert [path.name for path in due] == ["0.damaged", "1.damaged", "0.csv", "1.csv"]


def test_a_folder_that_is_not_there_has_no_leftovers(store: Store) -> None:
    assert Leftovers(store).sweep(lambda visit: False, ()) == []
