"""Placing and carrying out orders, booking receipts, and keeping what follows from them true."""

from guanxi.sales.services.figures import refresh_facts, settle, settle_receipts
from guanxi.sales.services.orders import (
    cancel,
    complete,
    confirm,
    deliver,
    place,
    prepare_line,
    prepare_order,
    take_back,
    write_lines,
)
from guanxi.sales.services.receipts import allocate, auto_allocate, deallocate, offset, prepare_receipt, void

__all__ = [
    "allocate",
    "auto_allocate",
    "cancel",
    "complete",
    "confirm",
    "deallocate",
    "deliver",
    "offset",
    "place",
    "prepare_line",
    "prepare_order",
    "prepare_receipt",
    "refresh_facts",
    "settle",
    "settle_receipts",
    "take_back",
    "void",
    "write_lines",
]
