"""Agreements: what the partnership is for, what a school agrees to for each class of record, and what follows when it withdraws."""
