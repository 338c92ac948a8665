"""Learning dynamics: why sigmoids, which features starve, cross-entropy or hinge?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from core.studies.basin.part import PART as basin
from core.studies.depths.part import PART as depths
from core.studies.modes.part import PART as modes
from pages.learning_dynamics.basin import HOOKS as basin_hooks
from pages.learning_dynamics.decoupling import part as decoupling_part
from pages.learning_dynamics.starvation import part as starvation_part
from pages.shared.heading import heading
from pages.shared.part import draw

PARTS: Mapping[str, Callable[[], None]] = {
    modes.title: partial(draw, modes),
    basin.title: partial(draw, basin, basin_hooks),
    "Gradient starvation": starvation_part.draw,
    "Spectral decoupling": decoupling_part.draw,
    depths.title: partial(draw, depths),
}
IN_LINKS = dict(zip(("modes", "basin", "starvation", "decoupling", "depth"), PARTS, strict=True))

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
    )
    first = next(iter(PARTS))
    if st.session_state.get("l_part") is None:
        st.session_state["l_part"] = IN_LINKS.get(st.query_params.get("part", "modes"), first)
    part = st.segmented_control("Part", list(PARTS), key="l_part", required=True, label_visibility="collapsed")
    PARTS[part or first]()
    st.caption(SOURCES)


page()
