"""What an experiment's fields are made of: checked and normalised values, and errors that say what is wrong."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise


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


def log2_grid(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return `count` powers of two from 2^low to 2^high, exponents evenly spaced and rounded to 0.01.

    The rounding makes a grid value and the same value typed by hand (or in a link) the same number.
    """
    gaps = max(count - 1, 1)
    return tuple(2.0 ** round(low + (high - low) * i / gaps, 2) for i in range(count))


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


def parse_flag(name: str, text: str) -> bool:
    """Return the truth of `true` or `false`."""
    return one_of(name, text.strip().lower(), ("true", "false")) == "true"


def one_of(name: str, value: object, allowed: tuple[str, ...]) -> str:
    """Return the value if it is one of those allowed."""
    if not isinstance(value, str) or value not in allowed:
        raise ExperimentError(name, f"one of {', '.join(allowed)}", value)
    return value


def whole(name: str, value: object, bounds: Bounds) -> int:
    """Return the value as an integer if it is one within the bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise ExperimentError(name, f"a whole number, {bounds}", value)
    if not bounds.low <= value <= bounds.high:
        raise ExperimentError(name, f"a whole number, {bounds}", value)
    return int(value)


def numbers(name: str, values: object, bounds: Bounds) -> tuple[float, ...]:
    """Return increasing numbers within the bounds."""
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


def number(name: str, value: object, bounds: Bounds) -> float:
    """Return the value as a float if it is a number within the bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not bounds.low <= value <= bounds.high:
        raise ExperimentError(name, f"a number, {bounds.low:g} to {bounds.high:g}", value)
    return float(value)


def distinct(name: str, values: object, most: int, bounds: Bounds, *, kind: str = "different") -> tuple[int, ...]:
    """Return different whole numbers within the bounds, 1 to `most` of them; of kind `increasing`, in that order."""
    allowed = f"1 to {most} {kind} whole numbers, {bounds}"
    if not isinstance(values, tuple | list) or not 1 <= len(values) <= most:
        raise ExperimentError(name, allowed, values)
    found = tuple(whole(name, value, bounds) for value in values)
    rising = all(one < other for one, other in pairwise(found))
    if len(set(found)) < len(found) or (kind == "increasing" and not rising):
        raise ExperimentError(name, allowed, values)
    return found


def csv_named(dataset: str, value: object) -> str:
    """Return the digest of a loaded file where the data set is a file, and nothing where it is not."""
    wanted = r"[0-9a-f]{64}" if dataset == "csv" else ""
    if not isinstance(value, str) or not re.fullmatch(wanted, value):
        raise ExperimentError(
            "csv_digest", "the 64 hex digits of a loaded file with dataset csv, empty otherwise", value
        )
    return value


def _number(value: float) -> str:
    """Write powers of two beyond four digits as such: 2^15 reads better than 32768.0."""
    exponent = math.log2(value) if value > 0 else 0.5
    if exponent == int(exponent) and not 1 <= value <= 8192:
        return f"2^{int(exponent)}"
    return f"{value:g}" if abs(value) < 1e6 else f"{int(value)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
