"""Earlier identification: indicators, similar schools, early conversations, soft signals, categories, and the back-test of the score."""
