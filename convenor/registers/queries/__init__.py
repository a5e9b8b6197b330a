"""Reads of the published record. Each takes the viewer; what is published is open to everyone."""
