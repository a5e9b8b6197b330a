"""The rules of records."""
