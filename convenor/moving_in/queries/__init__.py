"""Reads of moving-in."""
