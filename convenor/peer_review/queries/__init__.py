"""Reads of peer review. Each takes its viewer."""
