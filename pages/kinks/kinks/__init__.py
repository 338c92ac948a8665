"""A network on a line: its view and link, its controls, its charts."""
