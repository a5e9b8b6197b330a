"""The actions of contacts, by part."""
