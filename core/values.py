"""Values as text and back, ranges, and the one form in which a value is refused."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass


class ExperimentError(ValueError):
    """One sentence: which field, what is allowed, what came."""

    def __init__(self, name: str, allowed: str, came: object) -> None:
        self.field = name
        super().__init__(f"{name}: {allowed}; got {_shown(came)}.")


class AwaitedError(ExperimentError):
    """A setting waits for something that a person has yet to give: a request, not a mistake."""

    def __init__(self, name: str, sentence: str) -> None:
        self.field = name
        ValueError.__init__(self, sentence)


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


def parse_numbers(name: str, text: str) -> tuple[float, ...]:
    """Return the numbers in a comma-separated list or a `2^LOW..2^HIGH/COUNT` grid; the empty text is no numbers."""
    grid = re.fullmatch(r"2\^(-?[\d.]+)\.\.2\^(-?[\d.]+)/(\d{1,4})", text.strip())
    if grid:
        low, high = (parse_number(name, grid[i]) for i in (1, 2))
        try:
            return log2_grid(low, high, int(grid[3]))
        except OverflowError:
            raise ExperimentError(name, "powers of two that are numbers", text) from None
    return tuple(parse_number(name, part) for part in text.split(",") if part.strip())


def as_text(value: object) -> str:
    """Return a value as text from which the readers above make it again: `--set`, links and text fields write it so.

    An even grid of powers of two is written by its ends, `2^-8..2^10/12`, and one of whole numbers if it is long.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number_text(value)
    if not isinstance(value, tuple):
        return str(value)
    if all(isinstance(part, float | int) and part > 0 for part in value) and len(value) > _longest_list(value):
        low, high = (round(math.log2(end), 2) for end in (value[0], value[-1]))
        if log2_grid(low, high, len(value)) == value:
            return f"2^{low:g}..2^{high:g}/{len(value)}"
    return ",".join(part if isinstance(part, str) else number_text(part) for part in value)


def _longest_list(values: tuple[float, ...]) -> int:
    """Return how many values of a grid are still written one by one: whole numbers are easily read."""
    return 6 if all(isinstance(value, int) for value in values) else 3


def number_text(value: float) -> str:
    """Return a number, a power of two as such where that is shorter to read, from which it comes back exactly."""
    plain = str(int(value)) if value == value // 1 else repr(value)
    if isinstance(value, float) and value > 0:
        power = round(math.log2(value), 2)
        if 2.0**power == value and len(text := f"2^{power:g}") < len(plain):
            return text
    return plain


def parse_bytes(name: str, text: str) -> int:
    """Return the size that `500MB` or `2GB` is, in bytes."""
    units = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}
    number = text.upper().removesuffix("B").strip()
    unit = number[-1:] if number[-1:] in units else ""
    try:
        size = float(number.removesuffix(unit)) * units[unit]
    except ValueError:
        size = -1
    if not 0 <= size < 1e15:
        raise ExperimentError(name, "a size such as 500MB or 2GB", text)
    return int(size)


def parse_flag(name: str, text: str) -> bool:
    """Return the truth of `true` or `false`."""
    word = text.strip().lower()
    if word not in ("true", "false"):
        raise ExperimentError(name, "true or false", text)
    return word == "true"


def _number(value: float) -> str:
    """Write powers of two beyond four digits as such: 2^15 reads better than 32768.0."""
    exponent = math.log2(value) if value > 0 else 0.5
    if exponent == int(exponent) and not 0.01 <= value <= 8192:
        return f"2^{int(exponent)}"
    return f"{value:g}" if abs(value) < 1e6 else f"{int(value)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
