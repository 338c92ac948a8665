"""Learning dynamics: why sigmoids, which features starve, cross-entropy or hinge?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.studies.basin.part import PART as basin
from core.studies.boundaries.part import PART as boundaries
from core.studies.depths.part import PART as depths
from core.studies.game.part import PART as game
from core.studies.modes.part import PART as modes
from core.studies.moons.part import PART as moons
from core.studies.shades.part import PART as shades
from core.studies.starvation.part import PART as starvation
from core.studies.strengths.part import PART as strengths
from pages.learning_dynamics.basin import HOOKS as basin_hooks
from pages.shared.heading import heading
from pages.shared.switch import Titled, either, titled

STARVATION = {"models": titled(starvation), "shades": titled(shades)}
DECOUPLING = {"moons": titled(moons), "strengths": titled(strengths)}
PARTS: Mapping[str, Titled] = {
    "modes": titled(modes),
    "basin": titled(basin, basin_hooks),
    "starvation": ("Gradient starvation", partial(either, "ls_look", "look", STARVATION)),
    "decoupling": ("Spectral decoupling", partial(either, "d_show", "show", DECOUPLING)),
    "variants": titled(boundaries),
    "depth": titled(depths),
    "game": titled(game),
}
"""By their names in links."""

SOURCES = (
    "Only the abstract of Tachet des Combes et al. 2018 was at hand: its setting is rebuilt from that, and what is "
    "drawn as theory is derived here, not quoted from the paper."
)


def page() -> None:
    """Draw the page."""
    heading(
        "Learning dynamics",
        "**Error falls as a sigmoid, mode by mode; some neurons never learn; frequent features starve rare ones; and "
        "hinge ends where cross-entropy goes on.** After Tachet des Combes et al. 2018 "
        "([1809.06848](https://arxiv.org/abs/1809.06848)), Pezeshki et al. 2021 "
        "([2011.09468](https://arxiv.org/abs/2011.09468)) and Saxe et al. 2013 "
        "([1312.6120](https://arxiv.org/abs/1312.6120)). The formulas are derived and checked here.",
        ("step", "mode", "logit", "active", "starvation", "decoupling"),
    )
    either("l_part", "part", PARTS)
    st.caption(SOURCES)


page()
