"""Convenor: the software that a local education partnership runs on."""

__version__ = "0.1.0"
