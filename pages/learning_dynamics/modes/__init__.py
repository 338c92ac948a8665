"""Sigmoids, modes, and two losses on one path: its view and link, its controls, its charts."""
