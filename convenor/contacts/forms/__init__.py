"""The forms of contacts."""
