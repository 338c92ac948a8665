"""Trainscope: page settings and the way between pages, nothing else."""

import streamlit as st

st.set_page_config(page_title="Trainscope", page_icon=":material/insights:", layout="wide")
st.navigation(
    [
        st.Page("pages/explorer/page.py", title="Explorer", default=True),
        st.Page("pages/kinks/page.py", title="Kinks", url_path="kinks"),
        st.Page("pages/complexity/page.py", title="Complexity", url_path="complexity"),
        st.Page("pages/phase_plane/page.py", title="Phase plane", url_path="phase_plane"),
        st.Page("pages/learning_dynamics/page.py", title="Learning dynamics", url_path="learning_dynamics"),
    ],
    position="top",
).run()
