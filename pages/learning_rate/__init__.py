"""The Learning rate page: its parts."""
