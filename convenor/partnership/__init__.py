"""A partnership and its bodies in tiers: seats, terms, membership, and its constitution as data."""
