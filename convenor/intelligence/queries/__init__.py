"""Reads of early identification; each takes its viewer."""
