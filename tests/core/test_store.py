"""The store: the same bytes, nothing damaged is served, nothing shipped is deleted."""

import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.datasets import Source
from core.experiment import digest, to_json
from core.schedule import Even, Few, Log, Schedule
from core.shards import EndedShards
from core.store import CHECKSUM, ROOT, SHIPPED, DamagedError, Store, decode, encode, unpacked
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.trajectory import AXES, PlaneTrajectory
from core.study import join
from core.sweeps import train
from core.trajectory import Trajectory


@pytest.fixture(scope="module")
def content(trajectory: Trajectory) -> bytes:
    return encode(trajectory)


def variant(trajectory: Trajectory, width_seed: int) -> Trajectory:
    """The same arrays under another experiment's name: another file."""
    return replace(trajectory, experiment=replace(trajectory.experiment, seeds=(width_seed, width_seed + 1)))


def sealed(payload: bytes) -> bytes:
    """A file whose checksum is right, whatever it holds."""
    return payload + hashlib.sha256(payload).hexdigest().encode()


class TestBytes:
    def test_what_was_written_comes_back(self, trajectory: Trajectory, content: bytes) -> None:
        again = decode(content)
        assert again.experiment == trajectory.experiment
        for name in AXES:
            np.testing.assert_array_equal(again[name], trajectory[name])
            assert again[name].dtype == trajectory[name].dtype
            assert not again[name].flags.writeable
        assert encode(again) == content

    @pytest.mark.parametrize("schedule", [Log(2.0), Even(7), Few(5), Even(9) | Log(3.0)], ids=repr)
    def test_booleans_come_back_on_any_schedule(
        self, tiny: Callable[..., Explorer], schedule: Schedule, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """They are packed to bits, whose number is that of the snapshots: the trajectory's schedule says it."""
        monkeypatch.setattr(PlaneTrajectory, "schedule", schedule)
        found = train(tiny(step_limit=60), source=Source(), device="cpu", workers=1)
        again = decode(encode(found))
        np.testing.assert_array_equal(again.steps, schedule.steps(60))
        for name in AXES:
            np.testing.assert_array_equal(again[name], found[name])

    def test_two_writes_are_the_same_bytes(self, trajectory: Trajectory, content: bytes) -> None:
        assert encode(trajectory) == content
        assert encode(variant(trajectory, 5)) != content

    def test_a_partial_trajectory_comes_back_too(self, trajectory: Trajectory) -> None:
        arrays = {
            n: a[:1] if "run" not in AXES[n] else a.take([0, 2], AXES[n].index("run"))
            for n, a in trajectory.arrays.items()
        }
        part = join(trajectory.experiment, [([0, 2], arrays)])
        again = decode(encode(part))
        for name in AXES:
            np.testing.assert_array_equal(again[name], part[name])

    @given(st.integers(1, 40), st.integers(0, 2**32 - 1))
    def test_packed_booleans_come_back(self, count: int, seed: int) -> None:
        bits = np.random.default_rng(seed).random((3, count)) < 0.5
        again = unpacked(np.packbits(bits, axis=-1), count)
        assert again.dtype == bool
        np.testing.assert_array_equal(again, bits)


class TestDamage:
    def test_any_single_byte_altered_is_found(self, content: bytes) -> None:
        rng = np.random.default_rng(0)
        places = [0, 1, len(content) // 2, len(content) - CHECKSUM - 1, len(content) - CHECKSUM, len(content) - 1]
        for place in [*places, *rng.integers(len(content), size=200).tolist()]:
            altered = bytearray(content)
            altered[place] ^= int(rng.integers(1, 256))
            with pytest.raises(DamagedError, match="checksum"):
                decode(bytes(altered))

    @pytest.mark.parametrize("length", [0, 1, CHECKSUM - 1, CHECKSUM, CHECKSUM + 1, -1, -CHECKSUM, -1000])
    def test_a_file_cut_short_is_found(self, content: bytes, length: int) -> None:
        with pytest.raises(DamagedError):
            decode(content[:length])

    @example(b"")
    @example(b"PK\x03\x04")
    @example(b"\x93NUMPY")
    @example(b"\x80\x04.")
    @given(st.binary(max_size=200))
    def test_a_foreign_file_with_a_right_checksum_is_found(self, payload: bytes) -> None:
        with pytest.raises(DamagedError):
            decode(sealed(payload))

    def test_foreign_numpy_files_are_found(self, trajectory: Trajectory) -> None:
        text = to_json(trajectory.experiment)
        fine = dict(np.load(io.BytesIO(encode(trajectory)[:-CHECKSUM])))

        def written(**arrays: object) -> bytes:
            buffer = io.BytesIO()
            np.savez(buffer, **arrays)  # type: ignore[arg-type]
            return sealed(buffer.getvalue())

        lone = io.BytesIO()
        np.save(lone, np.arange(3))
        assert decode(written(**fine)).experiment == trajectory.experiment
        for content in (
            sealed(lone.getvalue()),
            written(),
            written(experiment=np.array(text)),
            written(**(fine | {"experiment": np.array("{}")})),
            written(**(fine | {"experiment": np.array(text.replace('"schema":1', '"schema":0'))})),
            written(**(fine | {"loss": fine["loss"][:, :-1]})),
            written(**(fine | {"loss": fine["loss"][0]})),
            written(**(fine | {"loss": np.array([{}], dtype=object)})),
            written(**{name: array for name, array in fine.items() if name != "outcome"}),
        ):
            with pytest.raises(DamagedError):
                decode(content)

    @pytest.mark.parametrize("shipped", [True, False])
    @pytest.mark.parametrize("damage", ["cut", "altered", "empty", "another"])
    def test_a_damaged_file_is_set_aside_and_said_so(
        self, store: Store, trajectory: Trajectory, damage: str, shipped: bool
    ) -> None:
        path = store.save(trajectory, ship=shipped)
        content = path.read_bytes()
        broken = {
            "cut": content[:-100],
            "altered": content[:99] + bytes([content[99] ^ 1]) + content[100:],
            "empty": b"",
            "another": encode(variant(trajectory, 8)),
        }[damage]
        path.write_bytes(broken)
        found, said = store.load(trajectory.experiment)
        assert found is None
        assert path.name in said
        assert "set aside" in said
        assert not path.exists()
        assert path.with_suffix(".damaged").read_bytes() == broken
        assert not store.has(trajectory.experiment)
        assert store.load(trajectory.experiment) == (None, "")
        store.save(trajectory, ship=shipped)  # and again, as after training
        assert store.load(trajectory.experiment)[0] is not None

    def test_a_study_that_cannot_be_imported_is_no_damage(
        self, store: Store, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken() -> None:
            raise TypeError("a mistake in the code")

        path = store.save(trajectory, ship=True)
        monkeypatch.setattr("core.store.studies", broken)
        with pytest.raises(TypeError, match="a mistake in the code"):
            store.load(trajectory.experiment)
        assert path.exists()

    def test_a_damaged_shipped_file_gives_way_to_a_good_local_one(self, store: Store, trajectory: Trajectory) -> None:
        store.save(trajectory, ship=True).write_bytes(b"rubbish")
        store.save(trajectory)
        found, said = store.load(trajectory.experiment)
        assert found is not None
        assert "set aside" in said


class TestFolder:
    def test_save_and_load(self, store: Store, trajectory: Trajectory) -> None:
        assert store.load(trajectory.experiment) == (None, "")
        path = store.save(trajectory)
        assert path == store.folder / f"explorer-{digest(trajectory.experiment)}.npz"
        assert [p.name for p in store.folder.iterdir()] == [path.name]  # no temporary file stays
        found, said = store.load(trajectory.experiment)
        assert said == ""
        assert found is not None
        np.testing.assert_array_equal(found["loss"], trajectory["loss"])
        assert store.load(variant(trajectory, 1).experiment) == (None, "")

    def test_a_write_that_fails_leaves_nothing(
        self, store: Store, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("core.atomic.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.save(trajectory)
        assert list(store.folder.iterdir()) == []

    def test_the_folder_is_named_or_the_environments_or_the_houses(
        self, tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert Store.default(tmp_path).folder == tmp_path
        assert Store.default().folder == own_cache
        monkeypatch.setenv("TRAINSCOPE_CACHE", "")
        assert Store.default().folder == ROOT / "local"
        assert Store.default().shipped == SHIPPED == Path(__file__).parents[2] / "cache" / "shipped"

    def test_entries_are_shipped_first_then_the_latest_used(self, store: Store, trajectory: Trajectory) -> None:
        paths = [store.save(variant(trajectory, seed)) for seed in (10, 20, 30)]
        for age, path in enumerate(paths):
            os.utime(path, (1000 - age, 1000 - age))
        shipped = store.save(trajectory, ship=True)
        store.load(variant(trajectory, 30).experiment)  # used now
        assert [entry.path for entry in store.entries()] == [shipped, paths[2], paths[0], paths[1]]
        assert [entry.shipped for entry in store.entries()] == [True, False, False, False]
        assert all(entry.size == entry.path.stat().st_size for entry in store.entries())


class TestPrune:
    def filled(self, store: Store, trajectory: Trajectory) -> list[Path]:
        """Three local files, the first the longest unused, and the oldest of all a shipped one."""
        paths = [store.save(variant(trajectory, seed)) for seed in (10, 20, 30)]
        for age, path in enumerate([store.save(trajectory, ship=True), *paths]):
            os.utime(path, (1000 + age, 1000 + age))
        return paths

    def test_the_least_recently_used_go_first_and_shipped_ones_stay(self, store: Store, trajectory: Trajectory) -> None:
        paths = self.filled(store, trajectory)
        store.load(variant(trajectory, 10).experiment)
        assert store.prune(sum(p.stat().st_size for p in paths)) == []
        assert store.prune(sum(p.stat().st_size for p in paths) - 1) == [paths[1]]
        assert store.prune(0) == [paths[2], paths[0]]
        assert [entry.shipped for entry in store.entries()] == [True]
        assert store.load(trajectory.experiment)[0] is not None

    def test_finished_shards_count_and_go_like_all_else(self, store: Store, trajectory: Trajectory) -> None:
        whole = store.save(variant(trajectory, 10))
        os.utime(whole, (1000, 1000))
        shards = EndedShards(store, trajectory.experiment, [[0], [1]], "cpu")
        for number in (0, 1):
            shards.save(number, trajectory.arrays)
        kept = [store.shards(trajectory.experiment) / f"shard-{number}.npz" for number in (0, 1)]
        for age, path in enumerate(kept):
            os.utime(path, (2000 + age, 2000 + age))
        assert [entry.path for entry in store.entries()] == [kept[1], kept[0], whole]
        assert store.prune(kept[1].stat().st_size) == [whole, kept[0]]
        assert shards.load(0) == (None, "")
        assert shards.load(1)[0] is not None
        assert store.prune(0) == [kept[1]]

    def test_a_sweep_beyond_the_bound_evicts_others_and_keeps_its_shards(
        self, store: Store, trajectory: Trajectory
    ) -> None:
        paths = self.filled(store, trajectory)
        shards = EndedShards(replace(store, bound=1), trajectory.experiment, [[0], [1]], "cpu")
        for number in (0, 1):
            shards.save(number, trajectory.arrays)
        assert not any(path.exists() for path in paths)
        assert all(shards.load(number)[0] is not None for number in (0, 1))
        store.save(trajectory)
        assert not store.shards(trajectory.experiment).exists()

    def test_a_save_beyond_the_bound_evicts_but_never_itself(self, store: Store, trajectory: Trajectory) -> None:
        paths = self.filled(store, trajectory)
        small = replace(store, bound=1)
        kept = small.save(variant(trajectory, 40))
        assert [entry.path for entry in store.entries() if not entry.shipped] == [kept]
        assert not any(path.exists() for path in paths)

    def test_other_files_stay(self, store: Store, trajectory: Trajectory) -> None:
        self.filled(store, trajectory)
        (store.uploads).mkdir()
        for path in (store.folder / "notes.txt", store.uploads / "a.csv"):
            path.write_text("mine")
        store.prune(0)
        assert (store.folder / "notes.txt").exists()
        assert (store.uploads / "a.csv").exists()


def test_the_name_is_the_experiments(tiny: Callable[..., Explorer], store: Store) -> None:
    names = {store.paths(e)[1].name for e in (tiny(), tiny(width=9), tiny(seeds=(1,)))}
    assert len(names) == 3
    assert {path.parent for path in store.paths(tiny())} == {store.shipped, store.folder}
