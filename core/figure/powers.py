"""Powers as they are printed: on the axes of a plane, in tooltips and in sentences."""

from __future__ import annotations

import altair as alt

SUPERSCRIPTS = dict(zip("-0123456789.", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹·", strict=True))


def raised(number: float | str) -> str:
    """Return a number as an exponent."""
    return "".join(SUPERSCRIPTS[digit] for digit in str(number))


def power(exponent: str) -> str:
    """Return the expression that writes 2 to the `exponent`, an expression of a number."""
    text = f"format({exponent}, '.3~g')"
    for plain, above in SUPERSCRIPTS.items():
        pattern = "[.]" if plain == "." else "−" if plain == "-" else plain
        text = f"replace({text}, /{pattern}/g, '{above}')"
    return f"'2' + {text}"


def powers() -> alt.Axis:
    """Label exponents as powers of two."""
    return alt.Axis(labelExpr=power("datum.value"), grid=False, tickMinStep=1, tickCount=7)
