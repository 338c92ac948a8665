"""The engine's own loop with BLAS in place of its tiles: what the hand-written matrix products bring.

The three products of `core.engine.tiles` become calls of `sgemm` (scipy's OpenBLAS), one a layer and network, from the
compiled loop: no Python stands between them. All else is the engine's, byte for byte. Single precision only; compiled
in every process that asks for it.
"""

from __future__ import annotations

import ctypes
import importlib.util
from types import ModuleType
from typing import Any

import numpy as np
from numba.extending import get_cython_function_address

from core.engine import cpu
from core.engine.compiled import inner

NORMAL, TRANSPOSED = np.frombuffer(b"N", np.uint8), np.frombuffer(b"T", np.uint8)
_sgemm = ctypes.CFUNCTYPE(None, *[ctypes.c_ssize_t] * 13)(
    get_cython_function_address("scipy.linalg.cython_blas", "sgemm")
)  # thirteen pointers, as integers


@inner
def _gemm(transposed, m, n, k, alpha, a, a_step, b, b_step, beta, c, c_step):  # type: ignore[no-untyped-def]
    """Set c = alpha op(a) b + beta c, all of them by columns: op(a) is (m, k), b (k, n), c (m, n)."""
    sizes = np.empty(6, np.int32)
    sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5] = m, n, k, a_step, b_step, c_step
    scales = np.empty(2, np.float32)
    scales[0], scales[1] = alpha, beta
    at, by = sizes.ctypes.data, scales.ctypes.data
    first, second = transposed
    _sgemm(
        TRANSPOSED.ctypes.data if first else NORMAL.ctypes.data,
        TRANSPOSED.ctypes.data if second else NORMAL.ctypes.data,
        *(at, at + 4, at + 8, by, a, at + 12, b, at + 16, by + 4, c, at + 20),
    )


def _by_rows(beta: float) -> Any:
    """Return `tiles.multiply` (beta 0) or `tiles.multiply_add` (beta 1) by BLAS: by columns c^T = b^T a^T."""

    @inner
    def product(size, a, row_step, term_step, b, c, rows, columns, terms, factor):  # type: ignore[no-untyped-def]
        lies = row_step == 1  # a is the transpose of (terms, rows)
        step = term_step if lies else row_step
        _gemm((False, lies), columns, rows, terms, factor, b, columns, a, step, np.float32(beta), c, columns)

    return product


@inner
def _transposed(size, a, w, c, rows, width, factor):  # type: ignore[no-untyped-def]
    """Set c = factor a w^T, as `tiles.multiply_transposed`: by columns c^T = w a^T."""
    _gemm((True, False), width, rows, width, factor, w, width, a, width, np.float32(0), c, width)


def engine() -> ModuleType:
    """Return a second `core.engine.cpu` whose products are BLAS's."""
    spec = importlib.util.spec_from_file_location("engine_with_blas", cpu.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    products = {"multiply": _by_rows(0), "multiply_add": _by_rows(1), "multiply_transposed": _transposed}
    vars(module).update(products, entry=inner)  # not kept on disk: the address of sgemm is another in every process
    module._steps, module._outputs = module._compiled("")
    return module
