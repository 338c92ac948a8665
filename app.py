"""Trainscope: page settings and the way between pages, nothing else."""

import streamlit as st

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0072B2"/>
<path d="M5 23 L12 23 L19 9 L27 16" fill="none" stroke="#fff" stroke-width="3.2" stroke-linejoin="round"/>
<circle cx="12" cy="23" r="2.6" fill="#E69F00"/><circle cx="19" cy="9" r="2.6" fill="#E69F00"/>
</svg>"""
"""The tab's icon, drawn here: a name of Streamlit's own would be fetched from another host at every visit."""

st.set_page_config(page_title="Trainscope", page_icon=ICON, layout="wide")
begins = "explorer" if st.query_params or st.context.is_embedded else "door"  # links to the Explorer led to the root
st.navigation(
    [
        st.Page(f"pages/{begins}/page.py", title="Trainscope", url_path="door", default=True),
        st.Page("pages/explorer/page.py", title="Explorer", url_path="explorer"),
        st.Page("pages/kinks/page.py", title="Kinks", url_path="kinks"),
        st.Page("pages/complexity/page.py", title="Complexity", url_path="complexity"),
        st.Page("pages/phase_plane/page.py", title="Phase plane", url_path="phase_plane"),
        st.Page("pages/learning_dynamics/page.py", title="Learning dynamics", url_path="learning_dynamics"),
        st.Page("pages/learning_rate/page.py", title="Learning rate", url_path="learning_rate"),
        st.Page("pages/grokking/page.py", title="Grokking", url_path="grokking"),
        st.Page("pages/about/page.py", title="About", url_path="about"),
    ],
    position="top",
).run()
