"""Matching: which people review which school, at the least cost that every rule allows, proved; or why it cannot be done."""
