"""The Grokking page: its parts."""
