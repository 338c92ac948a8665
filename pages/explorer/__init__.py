"""What the Explorer shows: its view, its controls, its charts."""
