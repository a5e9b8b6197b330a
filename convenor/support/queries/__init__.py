"""The queries of support, by part."""
