"""Pages of a partnership: each begins from a query that knows its viewer, or does one action."""
