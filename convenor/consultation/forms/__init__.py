"""The forms of consultation, by part."""
