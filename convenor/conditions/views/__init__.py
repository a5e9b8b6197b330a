"""The views of conditions, by part."""
