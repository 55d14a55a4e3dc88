"""How customers show up in lists, forms, filters, boards, search, import and the API."""

from guanxi.customers.entities import accounts, entries

__all__ = ["accounts", "entries"]
