"""The tables of earlier identification, by part."""
