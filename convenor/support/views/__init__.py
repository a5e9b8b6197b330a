"""The views of support, by part."""
