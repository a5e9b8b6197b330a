"""Vision, priorities, task-and-finish groups and decisions."""
