"""The pages of moving-in."""
