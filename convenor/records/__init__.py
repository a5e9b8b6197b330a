"""Records: requests for information and what was decided, how long each class is held, and what is really deleted."""
