"""SGD on the processor, compiled for the machine it runs on: one network after the other, many steps each.

Batched matrix products move every network's weights through the caches at every step. Here a network is copied into a
buffer that fits the caches, takes all its steps up to the next snapshot there, and is copied back; and the backward
pass goes over the points with a gradient only, network by network. The matrix products are tiles whose sums stay in
the widest registers there are (`_product`, `_dots`): LLVM, given loops, does not keep them there.

Only numpy arrays come in and go out. Everything compiled stands in this one file, because the cache of compiled
functions is renewed when their own file changes, not when one that they call into does.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from llvmlite.binding import get_host_cpu_features
from numba import njit, types
from numba.core import config
from numba.extending import intrinsic
from numpy.typing import NDArray

Floats = NDArray[Any]
Integers = NDArray[np.int64]

HINGE, LOGISTIC, SQUARED = range(3)
RELU, GELU = range(2)

ROWS = 4
"""Rows of a tile. Buffers are padded with zeros to whole tiles, so that there are no edges."""

AT_ONCE = 64
"""Points of a forward pass over a data set: their activations stay next to the core."""


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
        """Return the pointer so many numbers beyond an address."""
        pointer = address if address.type.is_pointer else self.builder.inttoptr(address, self.real.as_pointer())
        for offset in offsets:
            pointer = self.builder.gep(pointer, [offset])
        return pointer

    def load(self, pointer: Any, count: int = 0) -> Any:
        kind = ir.VectorType(self.real, count) if count else self.vector
        value = self.builder.load(self.builder.bitcast(pointer, kind.as_pointer()))
        value.align = 4
        return value

    def store(self, value: Any, pointer: Any) -> None:
        self.builder.store(value, self.builder.bitcast(pointer, value.type.as_pointer())).align = 4

    def splat(self, scalar: Any) -> Any:
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
    """Return the tile c = factor a b, or c += factor a b, of ROWS rows and so many vectors of columns.

    `a` has any strides (its transpose costs nothing), `b` and `c` have contiguous rows. Addresses are integers, steps
    are counted in numbers, `terms` is at least 1.
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
                right = [emit.load(emit.at(below, column)) for column in columns]
                across = builder.mul(k, term_step)
                left = [emit.splat(builder.load(emit.at(row, across))) for row in rows]
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

_options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_inner = njit(fastmath={"contract", "nsz"}, **_options)
_summing = njit(fastmath={"contract", "nsz", "reassoc"}, **_options)
_entry = njit(cache=True, fastmath={"contract", "nsz"}, **_options)


def _walk(wide_tile: Any, narrow_tile: Any) -> Any:
    """Return the product of whole matrices, tile by tile."""

    @_inner
    def multiply(size, a, row_step, term_step, b, c, rows, columns, terms, factor):  # type: ignore[no-untyped-def]
        """Set c, or add to c (rows, columns), factor a b: numbers of so many bytes at the addresses a, b and c.

        a has the steps given, b and c are contiguous; rows and columns are whole tiles, terms at least 1.
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

    return multiply


_multiply, _multiply_add = _walk(_wide_set, _narrow_set), _walk(_wide_add, _narrow_add)


@_inner
def _multiply_transposed(size, a, w, c, rows, width, factor):  # type: ignore[no-untyped-def]
    """Set c = factor a w^T for w (width, width), whole vectors wide, and any number of rows of a and c."""
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


@_summing
def _dot(a, layer, row, b):  # type: ignore[no-untyped-def]
    total = b[0] * 0
    for j in range(len(b)):
        total += a[layer, row, j] * b[j]
    return total


_ERF_ABOVE = (
    0.00022905065861350646,
    0.0034082910107109506,
    0.050955695062380861,
    0.18520832239976145,
    1.128379143519084,
)
_ERF_BELOW = (
    *(-1.1791602954361697e-7, 0.000023547966471313185, 0.0010179625278914885, 0.014070470171167667),
    *(0.11098505178285362, 0.49746925110067538, 1.0),
)
_INVERSE_FACTORIALS = tuple(1 / math.factorial(k) for k in range(12, -1, -1))


@_inner
def _error_function(z, like):  # type: ignore[no-untyped-def]
    """Return erf(z) to 4e-7, in the float type of the array `like`: the rational approximation that XLA uses.

    It vectorises, unlike the C library's, so a GELU costs about what a ReLU does.
    """
    real = like.dtype.type
    x = min(max(z, real(-3.832506856900711)), real(3.832506856900711))
    above, below = real(0), real(0)
    for c in _ERF_ABOVE:
        above = above * x * x + real(c)
    for c in _ERF_BELOW:
        below = below * x * x + real(c)
    return x * above / below


@_inner
def _bell(z, like):  # type: ignore[no-untyped-def]
    """Return exp(-z^2/2) to 4e-6 of its value in single precision; it vectorises likewise.

    With x = z^2/32 it is exp(-x)^16: e^-1 times the power series of e^(1 - x), squared four times.
    """
    real = like.dtype.type
    u = real(1) - min(z * z * real(0.03125), real(2))  # beyond |z| = 8 the value is below 1e-13, as good as 0
    value = real(0)
    for c in _INVERSE_FACTORIALS:
        value = value * u + real(c)
    value *= real(0.36787944117144233)
    for _ in range(4):
        value *= value
    return value


@_inner
def _activate(activation, before, after, layer):  # type: ignore[no-untyped-def]
    """Set `after` to the activation of `before`, without its gain; a NaN stays one. ReLU may do it in place."""
    _, points, width = after.shape
    zero, half, one = after.dtype.type(0), after.dtype.type(0.5), after.dtype.type(1)
    root_half = after.dtype.type(0.7071067811865476)
    for i in range(points):
        if activation == RELU:
            for j in range(width):
                z = before[layer, i, j]
                after[layer, i, j] = zero if z < zero else z
        else:
            for j in range(width):
                z = before[layer, i, j]
                after[layer, i, j] = half * z * (one + _error_function(z * root_half, after))


@_inner
def _through(activation, flow, before, after, layer, points):  # type: ignore[no-untyped-def]
    """Multiply the flow of so many points by the derivative of the activation; ReLU's is 0 at 0."""
    zero, half, one = after.dtype.type(0), after.dtype.type(0.5), after.dtype.type(1)
    root_half, inverse_root_two_pi = after.dtype.type(0.7071067811865476), after.dtype.type(0.3989422804014327)
    for i in range(points):
        if activation == RELU:
            for j in range(flow.shape[1]):
                flow[i, j] = flow[i, j] if after[layer, i, j] > zero else zero
        else:
            for j in range(flow.shape[1]):
                z = before[layer, i, j]
                density = _bell(z, after) * inverse_root_two_pi
                flow[i, j] *= half * (one + _error_function(z * root_half, after)) + z * density


@_inner
def _last(inputs, after):  # type: ignore[no-untyped-def]
    """Return what the head reads, with an axis of layers: the last activations, or the inputs of a perceptron."""
    return after if len(after) else inputs.reshape((1, inputs.shape[0], inputs.shape[1]))


@_inner
def _forward(activation, space, factors):  # type: ignore[no-untyped-def]
    """Fill the pre-activations and activations of every layer."""
    inputs, first, hidden, _, before, after, _, _, _ = space
    layers, points, width = after.shape
    page, size = points * width * after.itemsize, after.itemsize
    for layer in range(layers):
        factor = factors[layer]
        into = before.ctypes.data + layer * page
        if layer == 0:
            tall = len(first)
            _multiply(size, inputs.ctypes.data, tall, 1, first.ctypes.data, into, points, width, tall, factor)
        else:
            below = after.ctypes.data + (layer - 1) * page
            weight = hidden.ctypes.data + (layer - 1) * width * width * size
            _multiply(size, below, width, 1, weight, into, points, width, width, factor)
        _activate(activation, before, after, layer)


@_inner
def _push(loss, label, output, margin):  # type: ignore[no-untyped-def]
    """Return -dloss/dF at one point; the loss is margin l(y F / margin), with margin = 1/alpha.

    hinge: l(u) = max(0, 1 - u), so max(0, margin - y F); logistic: l(u) = log(1 + exp(-u)); squared:
    margin (y - F / margin)^2 / 2, which for y = +-1 is l(u) = (1 - u)^2 / 2 and takes any other target y as well.
    """
    if loss == HINGE:
        return label if label * output < margin else label * 0
    if loss == LOGISTIC:
        return label / (1 + math.exp(label * output / margin))
    return label - output / margin


@_inner
def _step(loss, activation, space, labels, initial, margin, rate, factors):  # type: ignore[no-untyped-def]
    """Take one step of the network in the buffers; return whether any point had a gradient."""
    inputs, first, hidden, head, before, after, flow, under, push = space
    layers, rows, width = after.shape
    tall, size = len(first), after.itemsize
    last, top, to_output = _last(inputs, after), max(layers - 1, 0), factors[layers]
    _forward(activation, space, factors)
    points = 0  # those with a gradient, moved to the front
    for i in range(len(labels)):
        force = _push(loss, labels[i], _dot(last, top, i, head) * to_output - initial[i], margin)
        if force == 0:
            continue
        if points < i:
            for j in range(tall):
                inputs[points, j] = inputs[i, j]
            for layer in range(layers):
                for j in range(width):
                    after[layer, points, j] = after[layer, i, j]
                if activation == GELU:
                    for j in range(width):
                        before[layer, points, j] = before[layer, i, j]
        push[points] = force * rate * to_output
        points += 1
    if points == 0:
        return False
    for i in range(points):
        for j in range(width):
            flow[i, j] = push[i] * head[j]
    for i in range(points):
        for j in range(len(head)):
            head[j] += push[i] * last[top, i, j]
    for layer in range(layers - 1, -1, -1):
        _through(activation, flow, before, after, layer, points)
        factor = factors[layer]
        here = flow.ctypes.data
        if layer == 0:
            _multiply_add(size, inputs.ctypes.data, 1, tall, here, first.ctypes.data, tall, width, points, factor)
        else:
            weight = hidden.ctypes.data + (layer - 1) * width * width * size
            below = after.ctypes.data + (layer - 1) * rows * width * size
            _multiply_transposed(size, here, weight, under.ctypes.data, points, width, factor)
            _multiply_add(size, below, 1, width, here, weight, width, width, points, factor)
            flow, under = under, flow
    return True


@_inner
def _load(space, network, run):  # type: ignore[no-untyped-def]
    """Copy a network into the buffers, and zeros around it: the network before may have left NaNs there."""
    _, first, hidden, head, _, _, _, _, _ = space
    _, dim, width = network[0].shape
    out = network[2].shape[1]  # the width, but for a perceptron
    zero = head.dtype.type(0)
    for d in range(len(first)):
        for j in range(first.shape[1]):
            first[d, j] = network[0][run, d, j] if d < dim and j < width else zero
    for layer in range(len(hidden)):
        for i in range(hidden.shape[1]):
            for j in range(hidden.shape[2]):
                hidden[layer, i, j] = network[1][layer, run, i, j] if i < width and j < width else zero
    for j in range(len(head)):
        head[j] = network[2][run, j] if j < out else zero


@_inner
def _keep(space, network, run):  # type: ignore[no-untyped-def]
    """Copy the network in the buffers back."""
    _, first, hidden, head, _, _, _, _, _ = space
    _, dim, width = network[0].shape
    for d in range(dim):
        for j in range(width):
            network[0][run, d, j] = first[d, j]
    for layer in range(len(hidden)):
        for i in range(width):
            for j in range(width):
                network[1][layer, run, i, j] = hidden[layer, i, j]
    for j in range(network[2].shape[1]):
        network[2][run, j] = head[j]


@_entry
def _advance(loss, activation, network, factors, x, y, initial, batches, margin, rate, last_update, step, space):  # type: ignore[no-untyped-def]
    inputs = space[0]
    labels, start = np.empty(batches.shape[1], y.dtype), np.empty(batches.shape[1], y.dtype)
    for run in range(len(margin)):
        _load(space, network, run)
        for k in range(len(batches)):
            for i in range(len(labels)):
                row = batches[k, i]
                for d in range(x.shape[1]):
                    inputs[i, d] = x[row, d]
                labels[i], start[i] = y[row], initial[row]
            if _step(loss, activation, space, labels, start, margin[run], rate[run], factors):
                last_update[run] = step + k + 1
        _keep(space, network, run)


@_entry
def _outputs(activation, network, factors, x, found, space):  # type: ignore[no-untyped-def]
    inputs, after, head = space[0], space[5], space[3]
    layers, last = len(after), _last(inputs, after)
    for run in range(len(found)):
        _load(space, network, run)
        for start in range(0, len(x), AT_ONCE):
            count = min(AT_ONCE, len(x) - start)
            for i in range(count):
                for d in range(x.shape[1]):
                    inputs[i, d] = x[start + i, d]
            _forward(activation, space, factors)
            for i in range(count):
                found[run, start + i] = _dot(last, max(layers - 1, 0), i, head) * factors[layers]


Scratch = dict[Any, Any]
Network = tuple[Floats, Floats, Floats]
"""Weights of all runs: first (run, dim, width), hidden (depth - 1, run, width, width), head (run, width); a perceptron
has width 0 and head (run, dim)."""


def advance(
    loss: int,
    activation: int,
    network: Network,
    factors: Floats,
    x: Floats,
    y: Floats,
    initial: Floats,
    batches: Integers,
    margin: Floats,
    rate: Floats,
    last_update: Integers,
    step: int,
    scratch: Scratch | None = None,
) -> None:
    """Take one SGD step a batch with every network, in place.

    Args:
        loss, activation: HINGE, LOGISTIC or SQUARED (see `_push`); RELU or GELU.
        network: the weights; all arrays are contiguous and of one float type.
        factors: (depth + 1,): what the products of each layer are multiplied by, the head's last.
        x: (point, dim); y: (point,) labels; initial: (point,), f at initialisation.
        batches: (step, batch), rows of x; all networks share them.
        margin: (run,), 1/alpha; rate: (run,), learning rate / batch size.
        last_update: (run,), set to the number of the last step in which any point of the batch had a gradient.
        step: steps taken before.
        scratch: where buffers are kept between calls with networks of the same shape.

    Raises:
        TypeError: the arrays are not of one float type.
    """
    _of_one_type(*network, factors, x, y, initial, margin, rate)
    space = _kept_space(network, activation, batches.shape[1], scratch)
    _advance(loss, activation, network, factors, x, y, initial, batches, margin, rate, last_update, step, space)


def outputs(activation: int, network: Network, factors: Floats, x: Floats, scratch: Scratch | None = None) -> Floats:
    """Return f of every network at every point, (run, point); see `advance` for the arguments."""
    _of_one_type(*network, factors, x)
    found = np.empty((len(network[2]), len(x)), x.dtype)
    _outputs(activation, network, factors, x, found, _kept_space(network, activation, AT_ONCE, scratch))
    return found


def _of_one_type(*arrays: Floats) -> None:
    """Refuse what the tiles, which work on addresses, would misread."""
    found = {array.dtype.char for array in arrays}
    if found not in ({"f"}, {"d"}):
        came = ", ".join(sorted({str(array.dtype) for array in arrays}))
        raise TypeError(f"arrays: all float32 or all float64; got {came}.")


def prepare() -> None:
    """Compile what trainings call, in both precisions; from then on it comes from the cache beside this file."""
    for real in (np.float32, np.float64):
        network = (np.zeros((1, 1, 1), real), np.zeros((0, 1, 1, 1), real), np.zeros((1, 1), real))
        factors, one, x = np.ones(2, real), np.ones(1, real), np.ones((1, 1), real)
        initial = outputs(RELU, network, factors, x)[0]
        batches, last_update = np.zeros((1, 1), np.int64), np.zeros(1, np.int64)
        advance(HINGE, RELU, network, factors, x, one, initial, batches, one, one, last_update, 0)


def _kept_space(network: Network, activation: int, points: int, scratch: Scratch | None) -> tuple[Floats, ...]:
    """Return the buffers in `scratch`, made the first time: that takes as long as ten steps of few points."""
    if scratch is None:
        return _space(network, activation, points)
    if ("cpu", points) not in scratch:
        scratch["cpu", points] = _space(network, activation, points)
    space: tuple[Floats, ...] = scratch["cpu", points]
    return space


def _space(network: Network, activation: int, points: int) -> tuple[Floats, ...]:
    """Return the buffers of one network in training, zeros padded to whole tiles.

    inputs (point, dim), first, hidden, head, before and after (layer, point, unit; one memory for ReLU, which needs its
    output only), flow and under (-rate dloss/d pre-activation of a layer and of the one below), push (point,).
    """
    dtype = network[2].dtype
    layers = len(network[1]) + 1 if network[0].shape[2] else 0
    rows, tall = -(-points // ROWS) * ROWS, -(-network[0].shape[1] // ROWS) * ROWS
    lanes = VECTOR // dtype.itemsize
    wide = -(-network[0].shape[2] // lanes) * lanes

    def zeros(*shape: int) -> Floats:
        """Begin at a cache line: a vector load across two of them takes twice the time."""
        size = math.prod(shape)
        memory = np.zeros(size + 64 // dtype.itemsize, dtype)
        skipped = -memory.ctypes.data % 64 // dtype.itemsize
        return memory[skipped : skipped + size].reshape(shape)

    after = zeros(layers, rows, wide)
    before = after if activation == RELU else zeros(layers, rows, wide)
    weights = (zeros(tall, wide), zeros(len(network[1]), wide, wide), zeros(wide if layers else tall))
    return (zeros(rows, tall), *weights, before, after, zeros(rows, wide), zeros(rows, wide), zeros(rows))
