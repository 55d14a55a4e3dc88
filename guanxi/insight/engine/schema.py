"""The columnar facts the engine reads: one folder per table, one Parquet file per month."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

# `status` of an order is a small number because ten million of them are compared in every refresh.
SALE: Final = 1
CANCELLED: Final = 0
RETURN: Final = -1

MONEY: Final = pa.decimal128(18, 2)

# Amounts and costs are net of tax in the company's currency; returns and credit notes carry negative figures.
# A sale counts in money, frequency and dates; a return only in money; a cancelled order nowhere.
ORDERS: Final = pa.schema(
    [
        ("order_id", pa.int64()),
        ("customer_id", pa.int64()),
        ("ordered_on", pa.date32()),
        ("amount", MONEY),
        ("cost", MONEY),
        ("status", pa.int8()),
    ]
)
# Lines of cancelled orders are not exported.
LINES: Final = pa.schema(
    [
        ("order_id", pa.int64()),
        ("customer_id", pa.int64()),
        ("product_id", pa.int64()),
        ("ordered_on", pa.date32()),
        ("quantity", pa.decimal128(18, 4)),
        ("amount", MONEY),
        ("cost", MONEY),
    ]
)
CUSTOMERS: Final = pa.schema([("customer_id", pa.int64()), ("created_on", pa.date32())])
PRODUCTS: Final = pa.schema([("product_id", pa.int64()), ("category", pa.string())])

TABLES: Final = {"orders": ORDERS, "lines": LINES, "customers": CUSTOMERS, "products": PRODUCTS}
# The day a fact belongs to; products carry none and live in a single file.
DAY_OF: Final = {"orders": "ordered_on", "lines": "ordered_on", "customers": "created_on"}
