"""Which neurons learn, and which die: its view and link, its controls, its charts."""
