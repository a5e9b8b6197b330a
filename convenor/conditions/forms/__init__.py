"""The forms of conditions, by part."""
