"""Colours that tell things apart also do so for the colour-blind, and are seen on a light and on a dark page.

Dichromacy is simulated after Machado, Oliveira, Fernandes 2009 (IEEE TVCG 15, 1291), severity 1; distances are
CIEDE2000 (Sharma, Wu, Dalal 2005), of which 2.3 is just noticeable between patches side by side.
"""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.comparison.charts.four_cells import CELLS
from core.figure.palette import ACCENT, NEGATIVE, PINK, PINNED, POSITIVE
from core.studies.basin.charts.plane import COLOURS as FATES
from core.studies.depths.charts.marks import DEPTHS
from core.studies.explorer.charts.information import MEASURES as INFORMATION
from core.studies.explorer.charts.plane import ENDINGS
from core.studies.kinks.charts.descent import COUNTS
from core.studies.linear_model.charts.starts import STARTS
from core.studies.modes.charts.marks import LOSSES, MODES
from core.studies.moons.charts.penalties import PENALTIES as MOONS
from core.studies.perceptron.charts.growth import COLOURS as MARGINS
from core.studies.perceptron.charts.path import CURVES
from core.studies.phase_plane.charts.heat import LINES
from core.studies.shades.charts.frequency import CONDITIONS
from core.studies.starvation.charts.model import FEATURES
from core.studies.strengths.charts.penalties import PENALTIES as STRENGTHS

Floats = NDArray[np.float64]

LEAST = 12.0
LIGHT, DARK = "#ffffff", "#0e1117"

VISIONS: dict[str, Any] = {
    "trichromat": np.eye(3),
    "protanope": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranope": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
"""What of linear red, green and blue is seen."""


def hues(named: dict[Any, tuple[str, Any]]) -> list[str]:
    return [colour for _, colour in named.values()]


INFORMATION_SOLID = [hue for _, hue, dash in INFORMATION.values() if dash == [1, 0] and isinstance(hue, str)]
PALETTES = {
    "classes, network, a pinned run": [NEGATIVE, POSITIVE, ACCENT, PINK],
    "pinned runs": [look.colour for look in PINNED.values()],
    "depths": list(DEPTHS),
    "four cells": hues(CELLS),
    "fates": list(FATES.values()),
    "endings": list(ENDINGS.values()),
    "margins": list(MARGINS),
    "perceptron": hues(CURVES),
    "lines": hues(dict(LINES)),
    "information": INFORMATION_SOLID,
    "counts": hues(COUNTS),
    "starts": hues(dict(STARTS)),
    "modes": hues(dict(MODES)),
    "losses": hues(dict(LOSSES)),
    "two moons": hues(dict(MOONS)),
    "strengths": hues(dict(STRENGTHS)),
    "conditions": hues(CONDITIONS),
    "features": hues(FEATURES),
}


def linear(colours: list[str]) -> Floats:
    levels = np.array([[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in colours])
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def lab(rgb: Floats) -> Floats:
    """CIELAB of linear sRGB under D65, (colour, 3)."""
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = np.clip(rgb, 0, 1) @ np.array(to_xyz).T / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def ciede2000(one: Floats, other: Floats) -> float:
    """The distance of two colours in CIELAB; the names are those of the paper."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    g = 0.5 * (1 - np.sqrt(((c := (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7) / (c**7 + 25**7)))
    c1, c2 = np.hypot((1 + g) * a1, b1), np.hypot((1 + g) * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, (1 + g) * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    cosines = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(weight * np.cos(np.radians(times * hue + shift)) for weight, times, shift in cosines)
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = (
        -np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))) * 2 * np.sqrt(chroma**7 / (chroma**7 + 25**7))
    )
    d_l, d_c, d_h = (l2 - l1) / s_l, (c2 - c1) / s_c, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / s_h
    return float(np.sqrt(d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ],
)
def test_distances_are_those_of_the_paper(one: Any, other: Any, distance: float) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", PALETTES)
def test_colours_are_told_apart(name: str, vision: str) -> None:
    colours = PALETTES[name]
    seen = lab(linear(colours) @ np.array(VISIONS[vision]).T)
    for one, other in combinations(range(len(colours)), 2):
        distance = ciede2000(seen[one], seen[other])
        assert distance >= LEAST, f"{colours[one]} and {colours[other]}: {distance:.1f}"


@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_the_colours_of_depths_and_cells_are_seen_on_the_page(page: str) -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    ground = float((linear([page]) @ weights)[0])
    for colour in [*PALETTES["depths"], *PALETTES["four cells"], *PALETTES["fates"]]:
        mark = float((linear([colour]) @ weights)[0])
        contrast = (max(ground, mark) + 0.05) / (min(ground, mark) + 0.05)
        assert contrast >= 1.7, f"{colour}: {contrast:.2f}"
