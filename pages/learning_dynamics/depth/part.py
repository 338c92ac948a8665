"""Depth and losses: a part of the Learning dynamics page."""

from __future__ import annotations

import streamlit as st


def draw() -> None:
    """Draw controls, charts and what can be taken away."""
    st.markdown("Depth and losses")
