"""About Trainscope."""
