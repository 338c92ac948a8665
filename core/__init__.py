"""Training dynamics and how to show them. Knows nothing of Streamlit: a script or a notebook can use it as it is."""
