"""Keeping analysis up to date: facts out of the database, profiles and figures back into it."""
