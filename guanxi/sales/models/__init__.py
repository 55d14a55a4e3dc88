"""What customers ordered, what they paid, and what they still owe."""

from guanxi.sales.models.money import Receipt, ReceiptShare, Receivable
from guanxi.sales.models.orders import COUNTED, OPEN, Order, OrderLine, cents

__all__ = ["COUNTED", "OPEN", "Order", "OrderLine", "Receipt", "ReceiptShare", "Receivable", "cents"]
