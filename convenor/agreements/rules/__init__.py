"""The rules of agreements."""
