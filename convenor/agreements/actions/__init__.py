"""The actions of agreements, by part."""
