"""Invoices, goods that come back, and balances customers have confirmed."""

from guanxi.billing.models.invoices import Invoice, InvoiceLine, OrderInvoicing
from guanxi.billing.models.returns import ReturnLine, ReturnRequest
from guanxi.billing.models.statements import Confirmation

__all__ = [
    "Confirmation",
    "Invoice",
    "InvoiceLine",
    "OrderInvoicing",
    "ReturnLine",
    "ReturnRequest",
]
