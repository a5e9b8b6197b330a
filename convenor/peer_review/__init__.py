"""Peer review as the engine: rounds, teams, matching, visits, findings, workshops, impact visits."""
