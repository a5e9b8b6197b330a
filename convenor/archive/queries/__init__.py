"""Reads of archive."""
