"""What mu_Y measures: a reader sets accuracies and how far errors coincide, and sees every number follow."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.tables import to_csv
from pages.complexity.measure import controls
from pages.complexity.measure.stage import TABLES, numbers, sentence, tables, to_player
from pages.complexity.measure.view import View, to_query
from pages.shared.downloads import meaning
from pages.shared.player import play
from pages.shared.words import warn

STILL = "<style>.st-key-m-stage .trainscope-player .bar { display: none; }</style>"
"""Nothing plays here: the player's toolbar would have one snapshot."""


def draw() -> None:
    """Draw controls, charts, the numbers, and what can be taken away."""
    controls.kept.start()
    st.markdown(
        "F is the network, L a simpler classifier, Y the label; all three are hard labels of the same test points. "
        "**μ_Y(F;L) = I(F;Y) − I(F;Y|L)**, in bits: of what F tells about Y, the part that L tells, too. "
        "It depends on nothing but the eight cells below: neither on weights nor on how sure a classifier is."
    )
    controls.special_cases(controls.current())
    view = controls.current()
    controls.sidebar()
    warn(controls.kept.said(view))
    st.query_params.from_dict(to_query(view))
    with st.container(key="m-stage"):
        st.html(STILL)
        play(to_player(view), key="m-player", on_pick=controls.clicked)
    st.markdown(sentence(view))
    st.markdown(numbers(view))
    st.caption(
        "Noise floor: an estimate from N points stays below it 19 times in 20 where the truth is 0 (G-test). "
        "A high μ_Y does not mean that F is linear: look at P(F = L) and I(F;Y|L) beside it. And it is blind to the "
        "sign: a classifier that is wrong everywhere tells all."
    )
    take_away(view)


def take_away(view: View) -> None:
    """Draw the download buttons and the tables."""
    st.subheader("Take it away", divider="gray")
    with st.container(horizontal=True, key="m-take-away"):
        for name, text in TABLES.items():
            st.download_button(
                f"{name}.csv",
                data=partial(_csv, view, name),
                file_name=f"{name}.csv",
                mime="text/csv",
                key=f"m_csv_{name}",
                on_click="ignore",
                icon=":material/download:",
                help=text,
            )
    with st.expander("The tables behind the charts", on_change="rerun", key="m_tables") as opened:
        if not opened.open:
            return
        chosen = st.segmented_control("Table", list(TABLES), default="measure", key="m_table", required=True)
        rows = tables(view)[chosen or "measure"]
        st.dataframe(rows, height=260, hide_index=True)
        st.caption(f"{len(rows):,} rows. " + " ".join(f"**{name}**: {meaning(name)}." for name in rows.columns))


def _csv(view: View, name: str) -> bytes:
    return to_csv(tables(view)[name])
