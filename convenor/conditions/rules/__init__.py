"""Pure decisions about the nine conditions: what a diamond is, and what several say together."""
