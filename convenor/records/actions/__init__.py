"""The actions of records, by part."""
