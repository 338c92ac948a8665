"""Two moons, and the strengths of features: its view and link, its controls, its charts."""
