"""What the declarations of your own network cannot say: the file that it comes from, and which explainers it has."""

from __future__ import annotations

import streamlit as st

from core.datasets import DataError
from core.studies.own_network.view import OwnNetworkView
from core.study import opened
from pages.shared.library import find, jobs
from pages.shared.part import Hooks
from pages.shared.session import Session
from pages.shared.words import plain

Controls = Session[OwnNetworkView]

HELP = (
    "A file of `core.record.Recorder`; an npz with step, predictions and labels; or a CSV or Parquet file with the "
    "columns step, example, prediction, label. At most 64 MB. It stays on this server, under a name that only you and "
    "those you give your link to know."
)
SCRIPT = """from core.record import Recorder

rec = Recorder(test_inputs, test_labels)
for step, (x, y) in enumerate(batches):
    rec(step, model)
    ...  # train
rec.save("run.npz")"""


def _open(session: Controls) -> None:
    """Take a file; one that is refused is said, and what was there stays. The uploader is empty again after each."""
    turn = session.get("upload", 0)
    file = st.file_uploader(
        "Your recording",
        type=["npz", "csv", "parquet"],
        max_upload_size=64,
        help=HELP,
        key=session.key(f"upload-{turn}"),
    )
    if file is not None:
        session["upload"] = turn + 1
        session["refused"], session["told"] = "", ("", [])
        try:
            experiment, said = opened(file.getvalue(), jobs().store.uploads)
        except DataError as error:
            session["refused"] = f"{file.name} is refused: {str(error).removeprefix('recording: ')}"
        else:
            session["told"] = experiment, [file.name, *said]
            session.show(session.view.with_preset(experiment))
        st.rerun()
    if refused := session.get("refused"):
        st.error(plain(refused))
    experiment, said = session.get("told", ("", []))
    if experiment == session.view.experiment:
        st.markdown(f"**{plain(said[0])}**")
        st.caption("  \n".join(map(plain, said[1:])))
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

    st.selectbox("Explainer L", list(titles), key=key, format_func=lambda name: titles[name], on_change=choose)


HOOKS = Hooks(sections={"Your network": _open, "Explainer": _explainer})
