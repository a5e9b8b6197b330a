"""Stored documents, each with an audience and a version."""
