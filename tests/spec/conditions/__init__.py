"""The nine conditions.

What a room says of the conditions of its school improvement system, and how much of it may be chance.
"""
