"""Pages of early identification."""
