"""Placing and carrying out orders, booking receipts, and keeping what follows from them true."""

from guanxi.sales.services.credit import adopt_limit, ask_release, credit_of, release_order
from guanxi.sales.services.figures import refresh_facts, settle, settle_receipts
from guanxi.sales.services.orders import (
    PAST,
    cancel,
    check_order,
    complete,
    complete_lines,
    confirm,
    deliver,
    number_orders,
    place,
    prepare_line,
    take_back,
    write_lines,
)
from guanxi.sales.services.past import book_past, hold_past, unbook_past
from guanxi.sales.services.quoted import make_order
from guanxi.sales.services.receipts import allocate, auto_allocate, deallocate, number_receipts, offset, void

__all__ = [
    "PAST",
    "adopt_limit",
    "allocate",
    "ask_release",
    "auto_allocate",
    "book_past",
    "cancel",
    "check_order",
    "complete",
    "complete_lines",
    "confirm",
    "credit_of",
    "deallocate",
    "deliver",
    "hold_past",
    "make_order",
    "number_orders",
    "number_receipts",
    "offset",
    "place",
    "prepare_line",
    "refresh_facts",
    "release_order",
    "settle",
    "settle_receipts",
    "take_back",
    "unbook_past",
    "void",
    "write_lines",
]
