"""Pure decisions of earlier identification: what is held against what, what is flagged, what is said, who may see it."""
