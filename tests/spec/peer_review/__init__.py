"""Peer review.

Schools review each other, at their own asking. What is found belongs to the school. These pages say what follows what, who sees which part,
and what a round of reviews holds to when it makes its teams.
"""
