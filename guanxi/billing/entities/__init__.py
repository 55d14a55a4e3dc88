"""How invoices, returns and confirmed balances show up in lists, forms, search and the API."""

from guanxi.billing.entities import invoices, returns, statements

__all__ = ["invoices", "returns", "statements"]
