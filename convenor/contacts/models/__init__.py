"""The tables of contacts."""
