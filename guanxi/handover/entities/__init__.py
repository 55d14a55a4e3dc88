"""How accounts of people and handovers show up in lists, forms, import, search and the API."""

from guanxi.handover.entities import accounts

__all__ = ["accounts"]
