"""The Complexity page: how much of a network a simpler classifier explains, step by step."""
