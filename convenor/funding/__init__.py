"""Who pays for what: funds and what has been committed from them."""
