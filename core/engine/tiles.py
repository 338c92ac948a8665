"""Matrix products by tiles whose sums stay in the widest registers there are.

LLVM, given loops, does not keep them there. A tile of c = a b is ROWS rows by some vectors of columns; c = a w^T is
made of dot products, as many at a time as a vector has lanes. Matrices are padded with zeros to whole tiles, so that
there are no edges. Functions here take addresses as integers, and strides counted in numbers, not in bytes.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import types
from numba.core import config
from numba.extending import intrinsic

from core.engine.compiled import inner

ROWS = 4
"""Rows of a tile."""


def vector_bytes() -> int:
    """Return the bytes of a vector: 64 where registers are that wide, else 32 (two registers' worth without AVX)."""
    named: str | None = getattr(config, "CPU_FEATURES", None)
    features = {word[1:] for word in named.split(",") if word.startswith("+")} if named else set()
    if not named:
        features = {name for name, has in get_host_cpu_features().items() if has}
    return 64 if "avx512f" in features else 32


VECTOR = vector_bytes()
WIDE = 4 if VECTOR == 64 else 2
"""Vectors of a tile's row: its ROWS * WIDE sums fill half the registers (AVX-512 has 32 of them, AVX 16)."""

_I64, _I32 = ir.IntType(64), ir.IntType(32)
_FAST = ("contract", "nsz")  # never nnan: a NaN is a result


class _Emitter:
    """Writes the vector instructions of a tile for one float type."""

    def __init__(self, builder: Any, real: Any) -> None:
        self.builder, self.real = builder, real
        self.lanes = VECTOR // (4 if isinstance(real, ir.FloatType) else 8)
        self.vector = ir.VectorType(real, self.lanes)
        self.zero = ir.Constant(self.vector, [0.0] * self.lanes)
        self.undefined = ir.Constant(self.vector, ir.Undefined)

    def at(self, address: Any, *offsets: Any) -> Any:
        """Return the pointer to the number that lies `offsets` numbers beyond an address."""
        pointer = address if address.type.is_pointer else self.builder.inttoptr(address, self.real.as_pointer())
        for offset in offsets:
            pointer = self.builder.gep(pointer, [offset])
        return pointer

    def load(self, pointer: Any) -> Any:
        value = self.builder.load(self.builder.bitcast(pointer, self.vector.as_pointer()))
        value.align = 4
        return value

    def store(self, value: Any, pointer: Any) -> None:
        self.builder.store(value, self.builder.bitcast(pointer, value.type.as_pointer())).align = 4

    def splat(self, scalar: Any) -> Any:
        """Return a vector with the scalar in every lane."""
        first = self.builder.insert_element(self.undefined, scalar, ir.Constant(_I32, 0))
        return self.shuffle(first, self.undefined, [0] * self.lanes)

    def shuffle(self, a: Any, b: Any, order: list[int]) -> Any:
        return self.builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(_I32, len(order)), order))

    def times_plus(self, a: Any, b: Any, c: Any) -> Any:
        return self.builder.fadd(self.builder.fmul(a, b, flags=_FAST), c, flags=_FAST)

    def summed(self, count: Any, sums: int, terms: Any) -> list[Any]:
        """Return `sums` vectors, each the sum over k < count (at least 1) of terms(k, running sums)."""
        start = self.builder.block
        body, done = self.builder.append_basic_block("sum"), self.builder.append_basic_block("done")
        self.builder.branch(body)
        self.builder.position_at_end(body)
        k = self.builder.phi(_I64)
        running = [self.builder.phi(self.vector) for _ in range(sums)]
        result: list[Any] = terms(k, running)
        following = self.builder.add(k, _I64(1))
        for phi, first, later in [(k, _I64(0), following), *zip(running, [self.zero] * sums, result, strict=True)]:
            phi.add_incoming(first, start)
            phi.add_incoming(later, body)
        self.builder.cbranch(self.builder.icmp_signed("<", following, count), body, done)
        self.builder.position_at_end(done)
        return result

    def sums_of_lanes(self, vectors: list[Any]) -> Any:
        """Return the sums over the lanes of as many vectors as there are lanes, in their order, as one vector."""
        span = self.lanes // 2
        while len(vectors) > 1:  # halve each vector's groups of 2 span lanes, two vectors into one
            half = len(vectors) // 2
            low = [lane for lane in range(self.lanes) if lane // span % 2 == 0]
            merged = []
            for a, b in zip(vectors[:half], vectors[half:], strict=True):
                mine, other = self._interleaved(low, span)
                merged.append(self.builder.fadd(self.shuffle(a, b, mine), self.shuffle(a, b, other), flags=_FAST))
            vectors, span = merged, span // 2
        return vectors[0]

    def _interleaved(self, low: list[int], span: int) -> tuple[list[int], list[int]]:
        """Return the two orders whose sum folds groups of 2 span lanes: those of a, then those of b, group by group."""
        mine: list[int] = []
        for group in range(0, len(low), span):
            lanes = low[group : group + span]
            mine += [*lanes, *(lane + self.lanes for lane in lanes)]
        return mine, [lane + span for lane in mine]


def _product(vectors: int, *, add: bool) -> Any:
    """Return the tile c = factor a b, or c += factor a b, with c of (ROWS, vectors * lanes) and `terms`, at least 1.

    `a` has any strides (its transpose costs nothing), `b` and `c` have contiguous rows.
    """

    @intrinsic
    def tile(typing: Any, a, row_step, term_step, b, b_step, c, c_step, terms, factor):  # type: ignore[no-untyped-def]
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            a, row_step, term_step, b, b_step, c, c_step, terms, factor = arguments
            emit = _Emitter(builder, factor.type)
            columns = [_I64(emit.lanes * v) for v in range(vectors)]
            rows = [emit.at(a, builder.mul(row_step, _I64(r))) for r in range(ROWS)]
            panel = emit.at(b)

            def terms_of(k: Any, sums: list[Any]) -> list[Any]:
                below = emit.at(panel, builder.mul(k, b_step))
                right = [emit.load(emit.at(below, column)) for column in columns]  # b[k, columns]
                across = builder.mul(k, term_step)
                left = [emit.splat(builder.load(emit.at(row, across))) for row in rows]  # a[rows, k]
                return [
                    emit.times_plus(left[n // vectors], right[n % vectors], running) for n, running in enumerate(sums)
                ]

            sums = emit.summed(terms, ROWS * vectors, terms_of)
            by = emit.splat(factor)
            for n, total in enumerate(sums):
                target = emit.at(c, builder.mul(c_step, _I64(n // vectors)), columns[n % vectors])
                # Where c is set, what it held does not matter: it may be the NaN of a network before.
                product = emit.times_plus(total, by, emit.load(target)) if add else builder.fmul(total, by, flags=_FAST)
                emit.store(product, target)
            return context.get_dummy_value()

        whole = types.int64
        return types.void(*[whole] * 8, factor), codegen

    return tile


def _dots(rows: int) -> Any:
    """Return the tile c[i, k] = factor a[i] . w[k] of `rows` rows i and lanes / rows rows k, all of them contiguous."""

    @intrinsic
    def tile(typing: Any, a, a_step, w, w_step, c, c_step, vectors, factor):  # type: ignore[no-untyped-def]
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            a, a_step, w, w_step, c, c_step, vectors, factor = arguments
            emit = _Emitter(builder, factor.type)
            across = emit.lanes // rows
            left = [emit.at(a, builder.mul(a_step, _I64(r))) for r in range(rows)]
            right = [emit.at(w, builder.mul(w_step, _I64(q))) for q in range(across)]

            def terms_of(k: Any, sums: list[Any]) -> list[Any]:
                offset = builder.mul(k, _I64(emit.lanes))
                mine = [emit.load(emit.at(row, offset)) for row in left]
                theirs = [emit.load(emit.at(row, offset)) for row in right]
                return [
                    emit.times_plus(mine[n // across], theirs[n % across], running) for n, running in enumerate(sums)
                ]

            sums = emit.sums_of_lanes(emit.summed(vectors, emit.lanes, terms_of))
            sums = builder.fmul(sums, emit.splat(factor), flags=_FAST)
            for r in range(rows):
                part = emit.shuffle(sums, sums, list(range(r * across, (r + 1) * across)))
                emit.store(part, emit.at(c, builder.mul(c_step, _I64(r))))
            return context.get_dummy_value()

        whole = types.int64
        return types.void(*[whole] * 7, factor), codegen

    return tile


_wide_set, _narrow_set = _product(WIDE, add=False), _product(1, add=False)
_wide_add, _narrow_add = _product(WIDE, add=True), _product(1, add=True)
_dots_of_four, _dots_of_one = _dots(ROWS), _dots(1)


def _over_tiles(wide_tile: Any, narrow_tile: Any) -> Any:
    """Return the product of whole matrices, tile by tile."""

    @inner
    def product(size, a, row_step, term_step, b, c, rows, columns, terms, factor):  # type: ignore[no-untyped-def]
        """Set c, or add to c, the product factor a b, in numbers of `size` bytes.

        a: the address of (rows, terms), with the strides given; b: of (terms, columns) and c: of (rows, columns), both
        contiguous. Rows and columns are whole tiles, terms at least 1.
        """
        lanes, column = VECTOR // size, 0
        while column < columns:
            wide = column + WIDE * lanes <= columns
            for row in range(0, rows, ROWS):
                at_a, at_b, at_c = a + row * row_step * size, b + column * size, c + (row * columns + column) * size
                if wide:
                    wide_tile(at_a, row_step, term_step, at_b, columns, at_c, columns, terms, factor)
                else:
                    narrow_tile(at_a, row_step, term_step, at_b, columns, at_c, columns, terms, factor)
            column += WIDE * lanes if wide else lanes

    return product


multiply, multiply_add = _over_tiles(_wide_set, _narrow_set), _over_tiles(_wide_add, _narrow_add)


@inner
def multiply_transposed(size, a, w, c, rows, width, factor):  # type: ignore[no-untyped-def]
    """Set c (rows, width) to factor a w^T, a (rows, width) and w (width, width) being whole vectors wide."""
    lanes, row = VECTOR // size, 0
    while row < rows:
        four = row + ROWS <= rows
        across = lanes // ROWS if four else lanes
        at_a, at_c = a + row * width * size, c + row * width * size
        for k in range(0, width, across):
            at_w, target = w + k * width * size, at_c + k * size
            if four:
                _dots_of_four(at_a, width, at_w, width, target, width, width // lanes, factor)
            else:
                _dots_of_one(at_a, width, at_w, width, target, width, width // lanes, factor)
        row += ROWS if four else 1
