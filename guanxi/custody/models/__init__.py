"""Custody of the customer cards: how much is read and exported, what is lent, and what stood out."""

from guanxi.custody.models.loans import CardLoan
from guanxi.custody.models.reviews import CardReview, Collection, DayTalk, SalesPlan
from guanxi.custody.models.watch import ExportLog, Flag, Safeguard, Tally

__all__ = [
    "CardLoan", "CardReview", "Collection", "DayTalk", "ExportLog", "Flag", "Safeguard", "SalesPlan", "Tally",
]  # fmt: skip
