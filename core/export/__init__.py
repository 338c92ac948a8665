"""What can be taken elsewhere of a run: a page that plays by itself, animations, pictures, tables."""
