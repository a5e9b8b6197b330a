"""Contacts: role addresses of schools, when they were last verified, letters to many at once, and inviting heads."""
