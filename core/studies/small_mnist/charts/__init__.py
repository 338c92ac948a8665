"""One chart a module."""
