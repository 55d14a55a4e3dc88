"""Keeping the cards: exports, reading, loans, visits, reviews."""
