"""Support that reaches the school: the directory, needs, brokerage, packages, deployments, and the review of effect."""
