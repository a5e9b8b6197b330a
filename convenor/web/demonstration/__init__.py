"""The demonstration: an area's real schools with published facts only, and an invented partnership of invented schools.

Everything here is made from a seed, so that the same area always gives the same schools, people and seats. Nothing invented ever
stands beside a real school's name.
"""
