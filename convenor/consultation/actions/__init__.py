"""The actions of consultation, by part."""
