"""What the door shows: a figure that plays, four questions with a picture each, and the ways in."""

FIRST = "complexity/disc"
"""The preset of the figure."""
