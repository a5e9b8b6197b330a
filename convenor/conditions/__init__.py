"""The nine conditions of a school improvement system, and what a room says of them: diamond nine."""
