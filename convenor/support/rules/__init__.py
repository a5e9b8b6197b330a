"""The rules of support, by part."""
