"""Columns for amounts of money, and their sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Sum
from django.db.models.functions import Round


def money_field(label: Any = None, **options: Any) -> models.DecimalField[Any, Any]:
    """Yuan (or the row's currency) and cents; zero where nothing is known, unless the column may be empty."""
    usual = {} if options.get("null") else {"default": Decimal(0)}
    return models.DecimalField(label, max_digits=18, decimal_places=2, **{**usual, **options})


def money_sum(column: str) -> Round:
    """The sum of a column of amounts to the cent: SQLite adds decimals as floating numbers."""
    return Round(Sum(column), precision=2)
