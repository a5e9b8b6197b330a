"""The actions of moving-in, by part."""
