"""Training dynamics and how to show them. Knows nothing of Streamlit: a script or a notebook can use it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.runs import Run


def load(what: str, /, **how: Any) -> Run:
    """Return a training by a preset's name, a link or a digest, from the store or trained now; see `core.runs.load`."""
    from core.runs import load as found

    return found(what, **how)
