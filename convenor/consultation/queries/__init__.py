"""The queries of consultation, by part."""
