"""The queries of conditions, by part."""
