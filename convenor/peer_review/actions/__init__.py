"""Writes of peer review."""
