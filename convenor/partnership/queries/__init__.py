"""Reads of the partnership. Each takes the viewer, and shows what that viewer may see."""
