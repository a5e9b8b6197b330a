"""The forms of moving-in."""
