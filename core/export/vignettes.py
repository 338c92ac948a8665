"""Moving pictures of four presets, a few kilobytes of SVG each: no chart to read off, but what there is to see.

`python -m core.export.vignettes pages/door` makes those that ship with the app. They have no ground, and lines in the
colour of text, light or dark as the browser asks for; without its animations a picture is the end of the training.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.atomic import write
from core.figure.palette import ACCENT, NEGATIVE, POSITIVE
from core.runs import Run, load, named
from core.view import View

Floats = NDArray[np.float64]

WIDTH, HEIGHT, MARGIN = 320, 200, 12
FRAMES, HELD = 36, 8
"""Snapshots of a run, evenly among those recorded, and for how many of them the last one is held."""
SECONDS = 8
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">
<style>svg {{ color: #1a1a1a }} @media (prefers-color-scheme: dark) {{ svg {{ color: #f2f2f2 }} }}</style>
{drawn}
</svg>
"""
HEAT = ("#fde725", "#addc30", "#5ec962", "#28ae80", "#21918c", "#2c728e", "#3b528b", "#472d7b", "#440154")
"""Viridis, from small errors to large ones."""


@dataclass(frozen=True)
class Vignette:
    """What is drawn of which view."""

    preset: str
    draw: Callable[[Run], str]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def view(self) -> View:
        """The view that it is a picture of."""
        return named(self.preset, self.settings)[1]

    def svg(self) -> str:
        """Return the picture, from the run as it is stored."""
        drawn = self.draw(load(self.preset, **self.settings))
        return SVG.format(width=WIDTH, height=HEIGHT, drawn=drawn)


def still(svg: str) -> str:
    """Return a picture without what moves in it."""
    return re.sub("<animate [^>]*/>", "", svg)


def kinks(run: Run) -> str:
    """Return the function of one input above, and below it where the slope of which unit changes, and by how much."""
    rows, points = run.tables["kinks"], run.tables["points"]
    function = run.tables["function"]
    steps = _frames(function["step"].unique())
    low, high = function["x"].min(), function["x"].max()
    x, top = _scale(low, high), _scale(-0.95, 0.8, 118, MARGIN)
    shown = function[function["x"].isin(function["x"].unique()[::3])]
    lines = [_line(x(at["x"]), top(at["y"])) for _, at in shown[shown["step"].isin(steps)].groupby("step")]
    jumps = rows[rows["step"].isin(steps) & (rows["neuron"] % 5 == 0)]
    largest = np.abs(jumps.loc[jumps["position"].between(low, high), "slope_jump"]).max()
    down = _scale(-1, 1, HEIGHT - 4, 128)
    drawn: dict[int, list[str]] = {1: [], -1: []}
    signs = jumps[jumps["step"] == steps[-1]].set_index("neuron")["sign"]
    for _, at in jumps.groupby("step"):
        for sign, moving in drawn.items():
            one = at[at["neuron"].map(signs) == sign]
            size = np.arcsinh(1e3 * one["slope_jump"] / largest) / np.arcsinh(1e3)
            moving.append(_dots(x(one["position"].clip(low - 1, high + 1)), down(size)))
    base = down(np.zeros(1))[0]
    return "\n".join(
        [
            f'<path d="M{MARGIN} {base:.0f}H{WIDTH - MARGIN}" stroke="currentColor" stroke-opacity=".35"/>',
            *(
                _moving(paths, f'stroke="{hue}" stroke-width="5" stroke-linecap="round" stroke-opacity=".75"')
                for hue, paths in ((POSITIVE, drawn[1]), (NEGATIVE, drawn[-1]))
            ),
            _moving(lines, f'fill="none" stroke="{ACCENT}" stroke-width="3" stroke-linejoin="round"'),
            *(
                f'<circle cx="{cx:.0f}" cy="{cy:.0f}" r="5" fill="none" stroke="currentColor" stroke-width="2"/>'
                for cx, cy in zip(x(points["x"]), top(points["y"]), strict=True)
            ),
        ]
    )


def explained(run: Run) -> str:
    """Return the network's information over the logarithm of the step, and the part that a linear classifier explains.

    It is uncovered from the left, as training goes.
    """
    rows = run.tables["information"].query("explainer == 'linear'")
    mean = rows.groupby("step")[["mutual_information_test", "mu_y"]].mean()
    steps = np.log1p(mean.index.to_numpy(np.float64))
    x, y = _scale(0, steps[-1])(steps), _scale(0, mean["mutual_information_test"].max() * 1.05, HEIGHT - 22, MARGIN)
    network, linear, ground = y(mean["mutual_information_test"]), y(mean["mu_y"]), y(np.zeros(len(steps)))
    uncovered = [f"{x[0] + (x[-1] - x[0]) * share:.0f}" for share in np.linspace(0, 1, FRAMES)]
    return "\n".join(
        [
            f'<clipPath id="uncovered"><rect height="{HEIGHT}" width="{WIDTH}">{_animate("width", uncovered)}</rect>'
            "</clipPath>",
            '<g clip-path="url(#uncovered)">',
            _area(x, linear, ground, POSITIVE),
            _area(x, network, linear, NEGATIVE),
            f'<path d="{_line(x, network)}" fill="none" stroke="currentColor" stroke-width="2.5"/>',
            "</g>",
            f'<path d="M{MARGIN} {ground[0]:.0f}H{WIDTH - MARGIN}" stroke="currentColor" stroke-opacity=".6"/>',
            _words("training step (logarithmic)", WIDTH / 2, HEIGHT - 6),
        ]
    )


def plane(run: Run) -> str:
    """Return the test errors of all networks of the plane, a cell each, grey where a training has diverged."""
    figure = run.scene.figures["plane"]
    cells = figure.tables["cells"].rows
    ends = {name: float(figure.params[name]) for name in ("x_min", "x_max", "y_min", "y_max", "c_min", "c_max")}
    x = _scale(ends["x_min"], ends["x_max"], 26, WIDTH - MARGIN)
    y = _scale(ends["y_min"], ends["y_max"], HEIGHT - 22, 6)
    low, high = np.log([ends["c_min"], ends["c_max"]])
    frames = _frames(np.arange(len(run.scene.steps)))

    def hue(cell: Mapping[str, Any], frame: int) -> str:
        error = cell["v"][frame] if frame < cell["end"] else cell["last"]
        if error is None:
            return "#777"
        share = (np.log(max(error, 1e-9)) - low) / (high - low)
        return HEAT[int(np.clip(share, 0, 0.999) * len(HEAT))]

    drawn = []
    for cell in cells:
        left, right, under, over = x(cell["x"]), x(cell["x2"]), y(cell["y"]), y(cell["y2"])
        place = f'x="{left:.1f}" y="{over:.1f}" width="{right - left - 1:.1f}" height="{under - over - 1:.1f}"'
        hues = [hue(cell, frame) for frame in frames]
        changing = _animate("fill", hues, ' calcMode="discrete"')
        drawn.append(f'<rect {place} fill="{hues[-1]}">{changing}</rect>')
    words = [_words("output scale α →", (WIDTH + MARGIN) / 2, HEIGHT - 6)]
    words.append(_words("temperature T →", 16, HEIGHT / 2 - 8, ' transform="rotate(-90 16 92)"'))
    return "\n".join([*drawn, *words])


def moons(run: Run) -> str:
    """Return two classes of points, and the decision boundaries without a penalty and with Spectral Decoupling."""
    every = run.tables["points"], run.tables["boundary"]
    margin, seed = every[0][["margin", "seed"]].iloc[0]
    points, lines = (rows[(rows["margin"] == margin) & (rows["seed"] == seed)] for rows in every)
    x, y = _scale(-2.8, 2.8), _scale(-1.75, 1.75, HEIGHT, 0)
    look = 'stroke-width="4.5" stroke-linecap="round"'
    drawn = [
        f'<path d="{_dots(x(own["x1"]), y(own["x2"]))}" stroke="{hue}" {look}/>'
        for label, hue in ((-1, NEGATIVE), (1, POSITIVE))
        for own in (points[points["label"] == label],)
    ]
    for penalty, look in (("spectral_decoupling", f'stroke="{ACCENT}"'), ("none", 'stroke="currentColor"')):
        rows = lines[lines["penalty"] == penalty].dropna()
        found = rows[rows["epoch"].isin(_frames(rows["epoch"].unique()))]
        heights = np.sort(rows["x2"].unique())
        paths = [
            _line(x(np.interp(heights, at["x2"], at["x1"])), y(heights))
            for _, at in found.sort_values("x2").groupby("epoch")
        ]
        drawn.append(_moving(paths, f'fill="none" stroke-width="3" {look}'))
    return "\n".join(drawn)


VIGNETTES: Mapping[str, Vignette] = {
    "kinks": Vignette("kinks/zig5", kinks),
    "complexity": Vignette("complexity/sinusoid", explained),
    "phase_plane": Vignette("phase_plane/digits", plane, {"when": "played step"}),
    "learning_dynamics": Vignette("learning_dynamics/two_moons", moons),
}
"""By the page that their view is on."""


def _frames(found: Sequence[Any] | NDArray[Any]) -> list[Any]:
    """Return `FRAMES` of what was recorded, or all of it."""
    places = np.unique(np.linspace(0, len(found) - 1, FRAMES).round().astype(int))
    return [found[place] for place in places]


def _scale(low: float, high: float, first: float = MARGIN, last: float = WIDTH - MARGIN) -> Callable[[Any], Any]:
    """Return what places numbers between two pixels."""
    return lambda values: first + (np.asarray(values, np.float64) - low) / (high - low) * (last - first)


def _line(x: Floats, y: Floats) -> str:
    return "M" + "L".join(f"{a:.0f} {b:.1f}" for a, b in zip(x, y, strict=True))


def _dots(x: Floats, y: Floats) -> str:
    """Return a path of no length at each place, which round ends of its line make a dot."""
    return "".join(f"M{a:.0f} {b:.0f}h0" for a, b in zip(x, y, strict=True))


def _area(x: Floats, over: Floats, under: Floats, hue: str) -> str:
    around = _line(np.concatenate([x, x[::-1]]), np.concatenate([over, under[::-1]]))
    return f'<path d="{around}Z" fill="{hue}" fill-opacity=".5"/>'


def _moving(paths: Sequence[str], look: str) -> str:
    return f'<path d="{paths[-1]}" {look}>{_animate("d", paths)}</path>'


def _animate(name: str, values: Iterable[str], how: str = "") -> str:
    *moving, last = values
    frames = ";".join([*moving, *[last] * HELD])
    return f'<animate attributeName="{name}" dur="{SECONDS}s" repeatCount="indefinite"{how} values="{frames}"/>'


def _words(text: str, x: float, y: float, turned: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="currentColor" font-size="12" text-anchor="middle"{turned}>{text}</text>'


if __name__ == "__main__":
    for name, vignette in VIGNETTES.items():
        write(Path(sys.argv[1]) / f"{name}.svg", vignette.svg().encode())
