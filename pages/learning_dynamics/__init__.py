"""The Learning dynamics page: its parts."""
