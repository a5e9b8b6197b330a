"""The tables of archive."""
