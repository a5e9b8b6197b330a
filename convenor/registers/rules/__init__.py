"""Decisions about the published record: pure Python, no Django, no clock, no database."""
