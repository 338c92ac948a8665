"""Points as text, from a person's hand or a spreadsheet, and back."""

from __future__ import annotations

from collections.abc import Sequence

from core.values import ExperimentError


def read_points(text: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return x and y of points written one a line, numbers apart by commas, semicolons, tabs or spaces.

    A first line of words is a header.

    Raises:
        ExperimentError: another line is not two numbers.
    """
    x, y = [], []
    for number, line in enumerate(part for part in text.splitlines() if part.strip()):
        words = line.replace(",", " ").replace(";", " ").split()
        try:
            here, height = (float(word) for word in words)
        except ValueError:
            if number == 0 and len(words) == 2 and not any(word[0] in "+-.0123456789" for word in words):
                continue
            raise ExperimentError("points", "two numbers a line, x and y", line.strip()) from None
        x.append(here)
        y.append(height)
    return tuple(x), tuple(y)


def written(x: Sequence[float], y: Sequence[float]) -> str:
    """Return points as `read_points` takes them."""
    return "\n".join(f"{here:g}, {height:g}" for here, height in zip(x, y, strict=True))


def moved(given: tuple[Sequence[float], ...], taken: tuple[Sequence[float], ...]) -> str:
    """Say how points were brought into range."""
    (x, y), (new_x, new_y) = given, taken
    words = []
    if x != new_x:
        words.append(f"x from [{min(x):g}, {max(x):g}] to [{min(new_x):g}, {max(new_x):g}]")
    if y != new_y:
        words.append(f"largest |y| from {max(map(abs, y)):g} to {max(map(abs, new_y)):g}")
    return f"Rescaled to where the training takes points: {'; '.join(words)}."
