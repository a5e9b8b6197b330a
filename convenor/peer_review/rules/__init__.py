"""Pure decisions of peer review: who may review whom, which teams are best, what is due when."""
