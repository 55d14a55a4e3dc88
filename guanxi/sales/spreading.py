"""Spreading an amount over parts to the cent: what is rounded away goes to the largest remainders."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from guanxi.formats.money import CENT


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Parts of `total` in proportion to the weights (none negative, not all zero); they add up to it exactly."""
    if not weights:
        return []
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [one.quantize(CENT, ROUND_DOWN) for one in exact]
    left = int((total - sum(parts)) / CENT)
    sign = -1 if left < 0 else 1
    largest = sorted(range(len(parts)), key=lambda n: (-abs(exact[n] - parts[n]), n))
    for n in largest[: abs(left)]:
        parts[n] += sign * CENT
    return parts
