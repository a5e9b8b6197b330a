"""The rules of moving-in."""
