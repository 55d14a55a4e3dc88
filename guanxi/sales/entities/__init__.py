"""How orders, deliveries, receipts and receivables show up in lists, forms, search, import and the API."""

from guanxi.sales.entities import orders  # isort: skip -- what hangs on orders comes after them
from guanxi.sales.entities import deliveries, terms

__all__ = ["deliveries", "orders", "terms"]
