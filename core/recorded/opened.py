"""A file from outside as a recording: what kind it is, what it holds, and where it is kept."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from core.datasets.catalogue import DataError, put
from core.recorded.bounded import arrays_of, check_size
from core.recorded.recorded import CURVES, FITTED, Recorded, encoded, of_arrays

SHIPPED = Path(__file__).parents[2] / "cache" / "shipped" / "recordings"
"""Where the recordings lie that come with the app."""
KINDS = "an npz, CSV or Parquet file (a pickle or a checkpoint is not read)"


def read(content: bytes) -> Recorded:
    """Return the recording in a file's bytes, whatever its name.

    Raises:
        DataError: it is too large, of another kind, or not as it has to be: one sentence.
    """
    check_size(len(content))
    if content[:4] == b"PK\x03\x04":
        return of_arrays(arrays_of(content))
    from core.recorded.tabular import of_csv, of_parquet

    if content[:4] == b"PAR1":
        return of_parquet(content)
    if content[:1] == b"\x80" or b"\0" in content[:4096]:
        came = "a pickle" if content[:1] == b"\x80" else "another binary file"
        raise DataError(f"recording: {KINDS}; got {came}.")
    return of_csv(content)


def file_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raise DataError, before one is read, if there are too many."""
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"recording: {path.name} cannot be read ({error.strerror or error}).") from None


def keep(recorded: Recorded, uploads: Path) -> str:
    """Store a recording under the SHA-256 of its content, and return that: whoever knows it can look at it."""
    return keep_content(encoded(recorded), uploads)


def keep_content(content: bytes, uploads: Path) -> str:
    """Store an npz file that was made of what a person brought under its SHA-256, and return that."""
    digest = hashlib.sha256(content).hexdigest()
    if not (uploads / f"{digest}.npz").is_file():
        put(uploads / f"{digest}.npz", content)
    return digest


@lru_cache(maxsize=2)
def kept(digest: str, uploads: Path | None) -> Recorded:
    """Return a recording that was stored, or that ships; raise DataError if it is not on this machine."""
    return of_arrays(arrays_of(kept_content(digest, uploads)))


def kept_content(digest: str, uploads: Path | None) -> bytes:
    """Return the npz file that was stored, or that ships; raise DataError if it is not on this machine."""
    if re.fullmatch("[0-9a-f]{64}", digest):
        for folder in (SHIPPED, uploads):
            path = folder / f"{digest}.npz" if folder is not None else None
            if path is not None and path.is_file():
                content = path.read_bytes()
                if hashlib.sha256(content).hexdigest() == digest:
                    return content
    raise DataError(
        f"recording: the one whose SHA-256 begins with {digest[:12]} is not on this machine; open the file again."
    )


def held(recorded: Recorded) -> list[str]:
    """Say what a recording holds, and what can be made of it."""
    points, classes = len(recorded.labels), recorded.classes
    steps = f"{len(recorded.steps):,} recorded steps, {recorded.steps[0]:,} to {recorded.steps[-1]:,}"
    said = [f"{steps}, of {points:,} points of {classes} classes."]
    right = [float((recorded.predictions[place] == recorded.labels).mean()) for place in (0, -1)]
    said.append(f"Accuracy {right[0]:.3f} at first, {right[1]:.3f} at the end.")
    extras = [name.replace("_", " ") for name in CURVES if name in recorded.curves]
    extras += [name for name in ("margins", "kinks") if getattr(recorded, name) is not None]
    if extras:
        said.append(f"With {', '.join(extras)}.")
    if recorded.explainers:
        said.append(f"Explainers that it brings: {', '.join(recorded.explainers)}.")
    if recorded.train_inputs is not None:
        said.append(f"Ours are fitted to {fitted_on(recorded):,} training points that it brings.")
    elif recorded.inputs is not None:
        said.append(f"Ours are fitted to half of its points and measured on the other {points - points // 2:,}.")
    else:
        said.append("It has no inputs, so no explainer is fitted; its own early self explains it.")
    return [*said, *few(points, classes)]


def few(points: int, classes: int) -> tuple[str, ...]:
    """Say it if points are few for so many classes."""
    if points >= 10 * classes**3:
        return ()
    bias = min(classes * (classes - 1) ** 2 / (2 * np.log(2) * points), np.log2(classes))
    said = f"{points:,} points are few for {classes} classes: I(F;Y|L) may read up to {bias:.2f} bit too high and μ_Y "
    return (f"{said}as much too low, so take what L explains as a lower bound.",)


def fitted_on(recorded: Recorded) -> int:
    """Return how many points our explainers are fitted to; 0: none are."""
    if recorded.train_inputs is not None and recorded.inputs is not None:
        return min(len(recorded.train_inputs), FITTED)
    return 0 if recorded.inputs is None else min(len(recorded.labels) // 2, FITTED)
