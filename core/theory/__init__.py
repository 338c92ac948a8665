"""Closed forms and limits of the papers: overlays for the charts and oracles for the tests."""
