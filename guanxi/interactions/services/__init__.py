"""Recording dealings, visits, return visits and receptions, and what follows from them."""

from guanxi.interactions.services import contacts, follow, receptions, reminders, returns, seed, visits

__all__ = ["contacts", "follow", "receptions", "reminders", "returns", "seed", "visits"]
