"""Earlier identification.

What suggests an early conversation, who may know of one and from which day, and how it goes on. No score is on these pages: what counts are
the lines behind it, and what the school and its broker make of them.
"""
