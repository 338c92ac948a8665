"""Overfitting from a simple start, in a linear model: its view and link, its controls, its charts."""
