"""What the Kinks page shows: its view, its controls, its charts."""
