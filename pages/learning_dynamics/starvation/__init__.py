"""The features that starve the others: its view and link, its controls, its charts."""
