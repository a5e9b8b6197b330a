"""The rules of consultation: pure, without a database."""
