"""Reads of contacts."""
