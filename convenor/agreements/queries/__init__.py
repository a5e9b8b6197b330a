"""Reads of agreements."""
