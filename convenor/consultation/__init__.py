"""Consultation: a proposition in versions, one response a school, views from anyone, and what came of them."""
