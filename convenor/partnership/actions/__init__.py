"""Writes of the partnership: each asks whether they may, asks the rule, writes, records and posts."""
