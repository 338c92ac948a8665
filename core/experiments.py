"""Experiments: frozen values that say everything a training depends on, and nothing else.

An experiment validates and normalises itself when it is made, and its `digest` names its results: same experiment, same
digest, same bytes. Only the standard library is imported here, so that a page can make one for nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, ClassVar, Self

SCHEMA = 1
"""Raised when the meaning of a field or the physics behind it changes, so that old results are never served as new."""

DATASETS = (
    "two_moons",
    "sinusoidal_disc",
    "sinusoid",
    "digits_parity",
    "digits_halves",
    "mnist_parity",
    "mnist_halves",
    "cifar_animals",
    "cifar_halves",
    "csv",
)
ACTIVATIONS = ("relu", "gelu")


class ExperimentError(ValueError):
    """One sentence: which field, what is allowed, what came."""

    def __init__(self, name: str, allowed: str, came: object) -> None:
        self.field = name
        super().__init__(f"{name}: {allowed}; got {_shown(came)}.")


@dataclass(frozen=True)
class Bounds:
    """The closed range of a number, in the field's own unit."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{_number(self.low)} to {_number(self.high)}"


LIMITS: Mapping[str, Bounds] = {
    "n_train": Bounds(8, 8192),
    "width": Bounds(1, 1024),
    "depth": Bounds(1, 5),
    "alpha": Bounds(2.0**-14, 2.0**15),
    "temperature": Bounds(2.0**-24, 2.0**6),
    "batch_size": Bounds(1, 8192),
    "seed": Bounds(0, 2**31 - 1),
    "step_limit": Bounds(1, 200_000),
}
MOST_RUNS = 1024
MOST_SEEDS = 9


def log2_grid(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return `count` powers of two from 2^low to 2^high, exponents evenly spaced and rounded to 0.01.

    The rounding makes a grid value and the same value typed by hand (or in a link) the same number.
    """
    gaps = max(count - 1, 1)
    return tuple(2.0 ** round(low + (high - low) * i / gaps, 2) for i in range(count))


@dataclass(frozen=True, kw_only=True)
class Explorer:
    """A whole (alpha, T) plane of one family of networks, trained as one stack (a single run is a 1 x 1 plane).

    The convention is that of Sclocchi, Geiger, Wyart 2023 (2301.13703): predictor F = f(w, x) - f(w0, x), hinge loss
    max(0, 1/alpha - y F), weights N(0, 1), head 1/width, temperature T = learning_rate / (batch_size * width), batches
    without replacement, stop when every training point is fitted.

    A seed draws the training set, the weights and the batches, each from a generator of its own; all cells of a seed
    share the three, so that cells differ by alpha and T alone.

    Raises:
        ExperimentError: a field is out of its range; the sentence names the field, what is allowed and what came.
    """

    study: ClassVar[str] = "explorer"

    dataset: str = "digits_parity"
    n_train: int = 512
    width: int = 64
    depth: int = 1
    activation: str = "relu"
    alphas: tuple[float, ...] = field(default_factory=lambda: log2_grid(-8, 10, 12))
    temperatures: tuple[float, ...] = field(default_factory=lambda: log2_grid(-10, -1, 12))
    batch_size: int = 16
    seeds: tuple[int, ...] = (0,)
    step_limit: int = 20_000
    line: tuple[int, ...] = ()
    """Two training points (their rows) that the line of the kinks passes through; empty: the two class means."""
    csv_digest: str = ""
    """For dataset `csv`: the SHA-256 of the file, so that a changed file is another experiment."""

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "dataset", _one_of("dataset", self.dataset, DATASETS))
        set_(self, "activation", _one_of("activation", self.activation, ACTIVATIONS))
        for name in ("n_train", "width", "depth", "batch_size", "step_limit"):
            set_(self, name, _whole(name, getattr(self, name), LIMITS[name]))
        set_(self, "alphas", _numbers("alphas", self.alphas, LIMITS["alpha"]))
        set_(self, "temperatures", _numbers("temperatures", self.temperatures, LIMITS["temperature"]))
        set_(self, "seeds", _seeds(self.seeds))
        set_(self, "line", _line(self.line, self.n_train))
        if self.batch_size > self.n_train:
            raise ExperimentError("batch_size", f"1 to n_train ({self.n_train})", self.batch_size)
        if self.runs > MOST_RUNS:
            raise ExperimentError("alphas x temperatures x seeds", f"at most {MOST_RUNS} runs", self.runs)
        wanted = r"[0-9a-f]{64}" if self.dataset == "csv" else ""
        if not isinstance(self.csv_digest, str) or not re.fullmatch(wanted, self.csv_digest):
            allowed = "the 64 hex digits of a loaded file with dataset csv, empty otherwise"
            raise ExperimentError("csv_digest", allowed, self.csv_digest)

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        return len(self.alphas) * len(self.temperatures) * len(self.seeds)

    def learning_rate(self, temperature: float) -> float:
        """Return T * batch_size * width, the step size on the mean loss of a batch."""
        return temperature * self.batch_size * self.width

    def temperature(self, learning_rate: float) -> float:
        """Return learning_rate / (batch_size * width)."""
        return learning_rate / (self.batch_size * self.width)

    def at(self, alpha: float, temperature: float) -> Self:
        """Return the 1 x 1 plane of one cell: the same run, trained by itself."""
        return replace(self, alphas=(alpha,), temperatures=(temperature,))


Experiment = Explorer
"""Every study's experiment; a union when there are more."""

STUDIES: Mapping[str, type[Experiment]] = {"explorer": Explorer}


def to_json(experiment: Experiment) -> str:
    """Return canonical JSON of all fields, the study and the schema number."""
    record = {"study": experiment.study, "schema": SCHEMA, **asdict(experiment)}
    return json.dumps(record, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Experiment:
    """Return the experiment that `to_json` wrote.

    Raises:
        ExperimentError: unknown study, schema or field, or a value out of its range.
    """
    try:
        record = json.loads(text)
        study, schema = record.pop("study"), record.pop("schema")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise ExperimentError("experiment", "JSON with study, schema and fields", text[:40]) from None
    if schema != SCHEMA:
        raise ExperimentError("schema", f"{SCHEMA}, the one this version reads", schema)
    kind = STUDIES[_one_of("study", study, tuple(STUDIES))]
    names = {f.name for f in fields(kind)}
    for name in record:
        if name not in names:
            raise ExperimentError(name, f"no such field; the fields are {', '.join(sorted(names))}", record[name])
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in record.items()}
    return kind(**values)


def digest(experiment: Experiment) -> str:
    """Return the name of the experiment's results: 32 hex digits of the SHA-256 of its canonical JSON."""
    return hashlib.sha256(to_json(experiment).encode()).hexdigest()[:32]


def with_settings(experiment: Experiment, settings: Mapping[str, str]) -> Experiment:
    """Return `experiment` with fields set from text, as a command line or a link gives them.

    A list is comma-separated; a number may be a power such as `2^-3`; `2^-8..2^10/12` is a grid of 12 powers of two.

    Raises:
        ExperimentError: unknown field, or a value that is not allowed.
    """
    changes: dict[str, Any] = {}
    known = {f.name: f for f in fields(experiment)}
    for name, text in settings.items():
        if name not in known:
            raise ExperimentError(name, f"no such field; the fields are {', '.join(known)}", text)
        kind = str(known[name].type)
        if kind.startswith("tuple"):
            changes[name] = parse_numbers(name, text, whole="int" in kind)
        else:
            changes[name] = text if kind == "str" else parse_number(name, text)
    return replace(experiment, **changes)


def parse_number(name: str, text: str) -> float:
    """Return the number that `text` is, `2^-3.5` included."""
    base, power, exponent = text.strip().partition("^")
    try:
        value = float(base) ** float(exponent) if power else float(base)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise ExperimentError(name, "a number such as 0.25 or 2^-2", text) from None
    if isinstance(value, complex) or not math.isfinite(value):
        raise ExperimentError(name, "a finite number", text)
    return value


def parse_numbers(name: str, text: str, *, whole: bool) -> tuple[float, ...]:
    """Return the numbers in a comma-separated list or a `2^LOW..2^HIGH/COUNT` grid; the empty text is no numbers."""
    grid = re.fullmatch(r"2\^(-?[\d.]+)\.\.2\^(-?[\d.]+)/(\d{1,4})", text.strip())
    if grid and not whole:
        low, high = (parse_number(name, grid[i]) for i in (1, 2))
        try:
            return log2_grid(low, high, int(grid[3]))
        except OverflowError:
            raise ExperimentError(name, "powers of two that are numbers", text) from None
    return tuple(parse_number(name, part) for part in text.split(",") if part.strip())


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ExperimentError(name, f"one of {', '.join(allowed)}", value)
    return value


def _whole(name: str, value: object, bounds: Bounds) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise ExperimentError(name, f"a whole number, {bounds}", value)
    if not bounds.low <= value <= bounds.high:
        raise ExperimentError(name, f"a whole number, {bounds}", value)
    return int(value)


def _numbers(name: str, values: object, bounds: Bounds) -> tuple[float, ...]:
    allowed = f"one or more increasing numbers, {bounds}"
    if not isinstance(values, tuple | list) or not values:
        raise ExperimentError(name, allowed, values)
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExperimentError(name, allowed, value)
        if not bounds.low <= value <= bounds.high:  # false for NaN too
            raise ExperimentError(name, allowed, value)
    if any(b <= a for a, b in pairwise(values)):
        raise ExperimentError(name, allowed, values)
    return tuple(float(v) for v in values)


def _seeds(values: object) -> tuple[int, ...]:
    allowed = f"1 to {MOST_SEEDS} different whole numbers, {LIMITS['seed']}"
    if not isinstance(values, tuple | list) or not 1 <= len(values) <= MOST_SEEDS:
        raise ExperimentError("seeds", allowed, values)
    seeds = tuple(_whole("seeds", value, LIMITS["seed"]) for value in values)
    if len(set(seeds)) < len(seeds):
        raise ExperimentError("seeds", allowed, values)
    return seeds


def _line(values: object, n_train: int) -> tuple[int, ...]:
    allowed = f"empty for the class means, or two different training points, 0 to {n_train - 1}"
    if not isinstance(values, tuple | list) or len(values) not in (0, 2):
        raise ExperimentError("line", allowed, values)
    rows = tuple(_whole("line", value, Bounds(0, n_train - 1)) for value in values)
    if len(set(rows)) < len(rows):
        raise ExperimentError("line", allowed, values)
    return rows


def _number(value: float) -> str:
    """Write powers of two beyond four digits as such: 2^15 reads better than 32768.0."""
    exponent = math.log2(value) if value > 0 else 0.5
    if exponent == int(exponent) and not 1 <= value <= 8192:
        return f"2^{int(exponent)}"
    return f"{value:g}" if abs(value) < 1e6 else f"{int(value)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
