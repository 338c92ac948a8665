"""Figures: Vega-Lite specifications and their tables, as values."""
