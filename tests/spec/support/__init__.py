"""Support.

Schools lend what they are good at to a school that asked. The school that is helped agrees to everything and reads everything. These pages
say who may help whom, how an area's offers are shared out, and what is said of how a package goes and what came of it.
"""
