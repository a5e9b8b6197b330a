"""The published record

How published figures about schools and areas are counted, which are believed, and what is never made of them.
"""
