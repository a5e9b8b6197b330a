"""The rules of archive."""
