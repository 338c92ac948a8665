"""Trajectories on disk, one file an experiment, named by its digest; what is damaged is set aside, never served."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.atomic import write
from core.experiment import Experiment, digest, to_json
from core.limits import limits
from core.study import from_json, studies, study_of
from core.trajectory import Array, Trajectory

ROOT = Path(__file__).parent.parent / "cache"
SHIPPED = ROOT / "shipped"
"""Snapshots that come with the app. Never written or evicted but by `python -m core precompute`."""
CHECKSUM = 64
"""Hex digits of the SHA-256 that end a file: every byte before them is covered."""
DEFAULT_BOUND = 2_000_000_000


@dataclass(frozen=True)
class Entry:
    """A stored trajectory, or a shard of one that is not complete yet, as `python -m core cache` lists it."""

    path: Path
    size: int  # bytes
    used: float  # seconds since the epoch
    shipped: bool


@dataclass(frozen=True)
class Store:
    """A folder of trajectories beside the shipped ones; `bound` is its size in bytes."""

    folder: Path
    shipped: Path = SHIPPED
    bound: int = DEFAULT_BOUND
    left_out: set[Path] = field(default_factory=set, compare=False)
    """Damaged files that could not be set aside, where a folder cannot be written."""

    @classmethod
    def default(cls, folder: Path | None = None) -> Store:
        """Return the store in `folder`, else in the environment's TRAINSCOPE_CACHE, else in `cache/local`."""
        named = os.environ.get("TRAINSCOPE_CACHE")
        return cls(folder or (Path(named) if named else ROOT / "local"), bound=limits().cache_bytes)

    @property
    def uploads(self) -> Path:
        """Where people's own CSV files lie."""
        return self.folder / "uploads"

    def writable(self) -> bool:
        """Whether a file can be written to the folder, which is made if need be."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder) as probe:
                probe.write(b"\0" * 4096)
        except OSError:
            return False
        return True

    def paths(self, experiment: Experiment) -> tuple[Path, Path]:
        """Return where `experiment` lies if it ships, and where if it was trained here."""
        name = f"{experiment.stored_name()}-{digest(experiment)}.npz"
        return self.shipped / name, self.folder / name

    def ships(self, experiment: Experiment) -> bool:
        """Whether a file of that name comes with the app."""
        return self.paths(experiment)[0].exists()

    def shards(self, experiment: Experiment) -> Path:
        """Return the folder of the shards that have ended, until the whole trajectory is saved."""
        return self.folder / "shards" / digest(experiment)

    def has(self, experiment: Experiment) -> bool:
        """Whether a file of that name exists; it may still turn out damaged."""
        return any(path.exists() and path not in self.left_out for path in self.paths(experiment))

    def load(self, experiment: Experiment) -> tuple[Trajectory | None, str]:
        """Return the stored trajectory or None, and a sentence when a damaged file was set aside."""
        said = ""
        for path in self.paths(experiment):
            if path in self.left_out:
                continue
            try:
                trajectory = _read(path)
                if trajectory.experiment != experiment:
                    raise DamagedError("holds another experiment")
            except FileNotFoundError:
                continue
            except DamagedError as damage:
                done = "set aside" if self._set_aside(path) else "left out"
                said = f"The snapshot file {path.name} was damaged ({damage}); it is {done} and trained again."
                continue
            with contextlib.suppress(OSError):
                if path.parent != self.shipped:
                    os.utime(path)
            return trajectory, said
        return None, said

    def _set_aside(self, path: Path) -> bool:
        """Give a damaged file another name; where that cannot be done, it is looked at no more."""
        try:
            path.replace(path.with_suffix(".damaged"))
        except OSError:
            self.left_out.add(path)
        return path not in self.left_out

    def save(self, trajectory: Trajectory, *, ship: bool = False) -> Path:
        """Write a trajectory whole or not at all, then evict the least recently used beyond the bound.

        Its shards are no longer needed and are deleted.
        """
        path = self.paths(trajectory.experiment)[0 if ship else 1]
        write(path, encode(trajectory))
        self.left_out.discard(path)
        shutil.rmtree(self.shards(trajectory.experiment), ignore_errors=True)
        if not ship:
            self.prune(self.bound, keep=path)
        return path

    def entries(self) -> list[Entry]:
        """Return every stored trajectory and shard, the shipped ones first, then by last use, the latest first."""
        found = []
        for shipped, paths in (
            (True, self.shipped.glob("*.npz")),
            (False, self.folder.glob("*.npz")),
            (False, self.folder.glob("shards/*/*.npz")),
        ):
            for path in paths:
                with contextlib.suppress(FileNotFoundError):
                    facts = path.stat()
                    found.append(Entry(path, facts.st_size, facts.st_mtime, shipped))
        return sorted(found, key=lambda entry: (not entry.shipped, -entry.used))

    def prune(self, bound: int, keep: Path | None = None) -> list[Path]:
        """Delete the least recently used trajectories and shards down to `bound` bytes; return what was deleted.

        Shipped snapshots stay, and so does `keep`, a file or a folder.
        """
        local = [entry for entry in self.entries() if not entry.shipped]
        excess = sum(entry.size for entry in local) - bound
        gone = []
        for entry in sorted(local, key=lambda entry: entry.used):
            if excess <= 0:
                break
            if keep not in (entry.path, entry.path.parent):
                entry.path.unlink(missing_ok=True)
                gone.append(entry.path)
                excess -= entry.size
        return gone


class DamagedError(ValueError):
    """A file that is not what was written."""


def encode(trajectory: Trajectory) -> bytes:
    """Return a trajectory as bytes, the same ones for the same trajectory: a .npz and the SHA-256 of it.

    Raises:
        TypeError: an array of snapshots holds bytes, which would be read as packed truths.
    """
    arrays = {"experiment": np.array(to_json(trajectory.experiment))}
    for name, axes in trajectory.axes.items():
        array = trajectory[name]
        if (
            axes[0] == "snapshot" and len(axes) > 1
        ):  # last on disk: what a finished run repeats lies side by side, and costs nothing
            array = np.ascontiguousarray(np.moveaxis(array, 0, -1))
            if array.dtype == np.uint8:
                raise TypeError(f"{name}: any type but uint8 along snapshots, which is read as packed truths.")
            array = np.packbits(array, axis=-1) if array.dtype == bool else array
        arrays[name] = array
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return sealed(buffer.getvalue())


def decode(content: bytes) -> Trajectory:
    """Return the trajectory that `encode` wrote.

    Raises:
        DamagedError: cut short, altered, or of another schema.
    """
    payload = unsealed(content)
    studies()  # a study that cannot be imported is no damage of the file
    try:
        with np.load(io.BytesIO(payload), allow_pickle=False) as file:
            experiment = from_json(str(file["experiment"]))
            kind = study_of(experiment).trajectory
            snapshots = len(kind.recorded(experiment, file))
            arrays = {}
            for name, axes in kind.axes.items():
                array = file[name]
                if axes[0] == "snapshot" and len(axes) > 1:
                    array = unpacked(array, snapshots) if array.dtype == np.uint8 else array
                    array = np.ascontiguousarray(np.moveaxis(array, -1, 0))
                arrays[name] = array
            return kind(experiment, arrays)
    except (KeyError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedError(str(error)) from None


def _read(path: Path) -> Trajectory:
    """Return what a file holds; one that is there and cannot be read counts as damaged."""
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DamagedError(f"it cannot be read: {error.strerror or error}") from None


def sealed(payload: bytes) -> bytes:
    """Return a file's bytes with the checksum of them at their end."""
    return payload + hashlib.sha256(payload).hexdigest().encode()


def unsealed(content: bytes) -> bytes:
    """Return what `sealed` was given, or raise DamagedError."""
    payload, checksum = content[:-CHECKSUM], content[-CHECKSUM:]
    if hashlib.sha256(payload).hexdigest().encode() != checksum:
        raise DamagedError("its checksum does not match")
    return payload


def unpacked(bits: Array, count: int) -> Array:
    """Return the booleans of which `np.packbits` made `bits`, along the last axis."""
    return np.unpackbits(bits, axis=-1, count=count).view(bool)
