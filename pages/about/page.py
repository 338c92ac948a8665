"""About: what Trainscope is, its words, its papers, and how this app runs."""

from __future__ import annotations

import importlib.metadata
import os
import platform

import pandas as pd
import streamlit as st

from core import papers
from core.glossary import TERMS
from core.limits import MODE, here, limits, mode_of
from pages.shared.heading import heading
from pages.shared.library import jobs

PACKAGES = ("streamlit", "torch", "numpy", "pandas", "altair", "scikit-learn", "joblib")

TERM_PIXELS = 440


def page() -> None:
    """Draw the page."""
    heading(
        "About Trainscope",
        "**Trainscope trains small networks and plays how they learn.** Choose data, a width, an output scale, a "
        "learning rate; every chart shows the same step of the same training, next to what theory says, and can be "
        "taken away as a table, a picture, an animation or a page that plays. Everything on screen was trained by this "
        "code; where theory and measurement differ, both are drawn.",
    )
    for title, draw in (("Words and symbols", _words), ("Papers", _papers), ("This app", _app)):
        st.header(title, divider="gray")
        draw()


def _words() -> None:
    side_by_side = st.container(horizontal=True)
    for term in TERMS.values():
        side_by_side.markdown(term.markdown, width=TERM_PIXELS)


def _papers() -> None:
    for paper in papers.PAPERS:
        st.markdown(f"{paper.who} {paper.year}, *{paper.title}*, [{paper.arxiv}]({paper.url})")
    with st.expander("BibTeX"):
        st.code("\n".join(paper.bibtex for paper in papers.PAPERS), language="latex", wrap_lines=True)


def _app() -> None:
    active = jobs().active()
    cached = sum(entry.size for entry in jobs().store.entries() if not entry.shipped)
    training = sum(job.state == "training" for job in active)
    facts = {
        "Mode": f"{mode_of(os.environ)} ({MODE})",
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
        "Device": jobs().device,
        "Processes of a plane": jobs().workers,
        "Training now": training,
        "Waiting": len(active) - training,
        "Trained snapshots on disk": f"{cached / 1e6:,.0f} MB of at most {limits().cache_bytes / 1e6:,.0f} MB",
    }
    rows = "\n".join(f"| {what} | {now} |" for what, now in facts.items())
    st.markdown(f"| | |\n| --- | --- |\n{rows}")
    with st.expander("What this host allows"):
        st.dataframe(pd.DataFrame(here(), columns=["what is bounded", "bound", "variable"]), hide_index=True)


page()
