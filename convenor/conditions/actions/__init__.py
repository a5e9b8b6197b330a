"""The actions of conditions, by part."""
