"""How the engine's functions are compiled, and when what is kept of that on disk is renewed.

numba renews the compiled code of a function when the function's own file changes, not when a file changes that it calls
into. But it also looks the code up under the values of the function's closure. So the functions that are called from
outside are made in a function that takes `source()`: a change of any file of the engine has them compiled anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from numba import njit

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}

inner = njit(fastmath={"contract", "nsz"}, **_OPTIONS)  # never nnan: a NaN is a result
"""Compiles a function into those that call it."""
summing = njit(fastmath={"contract", "nsz", "reassoc"}, **_OPTIONS)
"""The same for a sum, whose terms may then be added in any order."""
entry = njit(cache=True, fastmath={"contract", "nsz"}, **_OPTIONS)
"""Compiles a function that is called from outside, and keeps the code on disk."""


def source() -> str:
    """Return the SHA-256 of the engine's source, which is part of the name that compiled code has on disk."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
