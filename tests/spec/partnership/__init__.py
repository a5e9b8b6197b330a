"""A partnership

Who sits where, for how long, who may take a seat, and who may see and do what.
"""
