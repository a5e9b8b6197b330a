"""Facts of England

Days, school years, authorities and the words of inspections: what everything else in Convenor counts by.
"""
