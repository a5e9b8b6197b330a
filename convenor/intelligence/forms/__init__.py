"""Forms of early identification."""
