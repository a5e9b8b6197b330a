"""The forms of records."""
