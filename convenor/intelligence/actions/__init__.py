"""What is done about early identification; each action says who and when."""
