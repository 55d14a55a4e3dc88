"""How accounts of people and handovers show up in lists, forms, import, search and the API."""

from guanxi.handover.entities import accounts, handovers

__all__ = ["accounts", "handovers"]
