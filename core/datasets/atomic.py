"""Write a file whole or not at all."""

from __future__ import annotations

import uuid
from pathlib import Path

from core.datasets.catalogue import DataError


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`, making its folder: a reader sees the old file or the new one, never a part.

    Raises DataError, naming the path, if the disk refuses.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror or error}).") from error
