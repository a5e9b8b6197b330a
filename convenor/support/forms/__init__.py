"""The forms of support, by part."""
