"""What customers ordered, what left for them, what they paid, and what they still owe."""

from guanxi.sales.models.deliveries import GONE, Delivery, DeliveryLine, DeliveryNeed
from guanxi.sales.models.money import Receipt, ReceiptShare, Receivable
from guanxi.sales.models.orders import COUNTED, OPEN, Order, OrderLine
from guanxi.sales.models.terms import After, Instalment, PaymentTerms, TermsPart

__all__ = [
    "COUNTED",
    "GONE",
    "OPEN",
    "After",
    "Delivery",
    "DeliveryLine",
    "DeliveryNeed",
    "Instalment",
    "Order",
    "OrderLine",
    "PaymentTerms",
    "Receipt",
    "ReceiptShare",
    "Receivable",
    "TermsPart",
]
