"""Write a file whole or not at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

UNFINISHED = "*.tmp"
"""What files that are being written are called; `core.leftovers` deletes those that nobody writes any more."""


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`, making its folder: a reader sees the old file or the new one, never a part.

    Raises:
        OSError: the disk refuses; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{uuid.uuid4().hex}.tmp")  # not by process: several containers may share the folder
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
