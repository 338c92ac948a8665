"""What the declarations of your own network cannot say: the file that it comes from, and which explainers it has."""

from __future__ import annotations

import streamlit as st

from core.recorded.bounded import MAX_BYTES
from core.studies.own_network.view import OwnNetworkView
from pages.shared.callback import to_its_end
from pages.shared.library import find
from pages.shared.part import Hooks
from pages.shared.session import Session
from pages.shared.upload import opening

Controls = Session[OwnNetworkView]

HELP = (
    "A file of `core.record.Recorder`; an npz with step, predictions and labels; or a CSV or Parquet file with the "
    "columns step, example, prediction, label."
)
SCRIPT = """from core.record import Recorder

rec = Recorder(test_inputs, test_labels)
for step, (x, y) in enumerate(batches):
    rec(step, model)
    ...  # train
rec.save("run.npz")"""


def _open(session: Controls) -> None:
    """Take a recording, and show how one is made."""
    opening(session, "Your recording", ("npz", "csv", "parquet"), MAX_BYTES, HELP)
    with st.expander("How to record"):
        st.code(SCRIPT, language="python")


def _explainer(session: Controls) -> None:
    """Choose the explainer among those that the recording has."""
    shown = find(session.view.experiment)
    if shown is None:
        return
    titles = {name: shown.trajectory.title_of(name) for name in shown.trajectory.explainers}
    there = session.view.explainer if session.view.explainer in titles else next(iter(titles))
    key = session.key("explainer_choice")
    st.session_state[key] = there

    def choose() -> None:
        session.change(explainer=st.session_state[key])

    st.selectbox(
        "Explainer L", list(titles), key=key, format_func=lambda name: titles[name], on_change=to_its_end(choose)
    )


HOOKS = Hooks(sections={"Your network": _open, "Explainer": _explainer})
