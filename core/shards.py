"""Shards that have ended, kept in the store until the whole trajectory is: an interrupted sweep continues from them."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.atomic import write
from core.experiment import Experiment, to_json
from core.store import DamagedError, Store, sealed, unsealed
from core.study import study_of
from core.trajectory import Array

LABEL = "shard"
"""The array that says which shard of which experiment a file holds."""


@dataclass(frozen=True)
class EndedShards:
    """The shards of one experiment that have ended, one file each.

    A file from another device or another split, or of a version that records other arrays, counts as another shard.
    """

    store: Store
    experiment: Experiment
    split: Sequence[Sequence[int]]
    device: str

    def save(self, number: int, arrays: Mapping[str, Array]) -> None:
        """Write a shard whole or not at all, then evict beyond the store's bound, but no other shard of this sweep."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **{LABEL: np.array(self._label(number)), **arrays})
        write(self._path(number), sealed(buffer.getvalue()))
        self.store.prune(self.store.bound, keep=self._path(number).parent)

    def load(self, number: int) -> tuple[dict[str, Array] | None, str]:
        """Return a shard's arrays or None, and a sentence when a damaged file was set aside."""
        path = self._path(number)
        try:
            return self._decoded(number, path.read_bytes()), ""
        except FileNotFoundError:
            return None, ""
        except DamagedError as damage:
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
            return None, f"The finished shard {path.name} was damaged ({damage}); it is set aside and trained again."

    def _decoded(self, number: int, content: bytes) -> dict[str, Array]:
        try:
            with np.load(io.BytesIO(unsealed(content)), allow_pickle=False) as file:
                if str(file[LABEL]) != self._label(number):
                    raise DamagedError("holds another shard")
                return {name: file[name] for name in study_of(self.experiment).trajectory.axes if name in file}
        except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise DamagedError(str(error)) from None

    def _path(self, number: int) -> Path:
        return self.store.shards(self.experiment) / f"shard-{number}.npz"

    def _label(self, number: int) -> str:
        arrays = list(study_of(self.experiment).trajectory.axes)
        return json.dumps([to_json(self.experiment), arrays, self.device, list(self.split[number])])
