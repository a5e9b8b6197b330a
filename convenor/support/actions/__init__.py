"""The actions of support, by part."""
