"""What the links of all pages have in common: a step to rest at, and how a link's words are quoted."""

from __future__ import annotations

from core.experiments import ExperimentError, parse_number

LONGEST = 40


def step_of(text: str, most: float) -> int:
    """Return the step that a link names.

    Raises:
        ExperimentError: no whole number from 0 to `most`.
    """
    step = parse_number("step", text)
    if step != step // 1 or not 0 <= step <= most:
        raise ExperimentError("step", f"a whole number, 0 to {most:g}", text)
    return int(step)


def short(text: str) -> str:
    """Quote a word of a link, its beginning if it is long."""
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 3] + "...")
