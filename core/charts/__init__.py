"""Altair charts of tidy tables. The only place that knows Altair."""
