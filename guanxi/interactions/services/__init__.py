"""Recording dealings, visits, return visits and receptions, and what follows from them."""

from guanxi.interactions.services import contacts, follow, lines, receptions, reminders, returns, seed, visits

__all__ = ["contacts", "follow", "lines", "receptions", "reminders", "returns", "seed", "visits"]
