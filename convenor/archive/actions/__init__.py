"""The actions of archive, by part."""
