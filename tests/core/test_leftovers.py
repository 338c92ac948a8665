"""What interrupted work leaves in the cache folder goes in time, and nothing else does."""

import os
from pathlib import Path

import pytest

from core import leftovers
from core.atomic import write
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
    halves = ("a.1.tmp", "shards/b/shard-1.2.tmp", "uploads/c.2.tmp", "uploads/here/d.3.tmp", "data/t.4.tmp")
    unfinished = [put(folder / name) for name in halves]
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


def test_a_visit_to_another_app_on_the_same_volume_keeps_its_files(store: Store) -> None:
    theirs = put(store.uploads / "theirs" / "a.csv").parent
    one, two = Leftovers(store), Leftovers(store)
    for turn in range(1, 60):  # 5 s between looks
        os.utime(theirs, (1000, 1000))  # file systems tell times apart only so finely
        two.sweep(lambda visit: visit == "theirs", (), 5.0 * turn)
        assert one.sweep(lambda visit: False, (), 5.0 * turn) == []
    ended = 5.0 * 60
    assert one.sweep(lambda visit: False, (), ended) == []
    assert one.sweep(lambda visit: False, (), ended + GONE_SECONDS) == [theirs]


def test_damaged_files_and_uploads_are_bounded_in_bytes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "DAMAGED_BYTES", 250)
    monkeypatch.setattr(leftovers, "UPLOAD_BYTES", 250)
    for ending in (".damaged", "uploads/.csv"):
        for age in range(4):
            place = store.folder / ending.replace(".", f"{age}.")
            os.utime(put(place, bytes(100)), (1000 + age, 1000 + age))
    os.utime(put(store.uploads / "recording.npz", bytes(100)), (1002, 1002))
    due = Leftovers(store).sweep(lambda visit: True, (), 0)
    assert [path.name for path in due] == ["0.damaged", "1.damaged", "0.csv", "1.csv", "2.csv"]


def test_a_file_that_is_being_written_is_found_by_its_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `core.atomic` leaves behind when its process is killed is a leftover, wherever it writes."""
    places = [store.folder / name for name in ("a.npz", "shards/b/c.npz", "uploads/d.npz", "uploads/here/e.csv")]
    monkeypatch.setattr(Path, "replace", lambda path, target: None)
    monkeypatch.setattr(Path, "unlink", lambda path, missing_ok=False: None)
    for place in places:
        write(place, b"x")
    monkeypatch.undo()
    found = Leftovers(store)
    found.sweep(lambda visit: True, (), 0)
    assert len(found.sweep(lambda visit: True, (), UNFINISHED_SECONDS)) == len(places)


def test_damaged_files_are_looked_for_once_a_sweep(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Path, "glob", lambda path, pattern: asked.append(pattern) or iter(()))
    Leftovers(store).sweep(lambda visit: True, (), 0)
    assert asked.count("**/*.damaged") == 1


def test_a_folder_that_is_not_there_has_no_leftovers(store: Store) -> None:
    assert Leftovers(store).sweep(lambda visit: False, ()) == []
