"""The views of consultation, by part."""
