"""How customers show up in lists, forms, filters, boards, search, import and the API."""

from guanxi.customers.entities import accounts, classes, entries, rights, teams, tiers

__all__ = ["accounts", "classes", "entries", "rights", "teams", "tiers"]
