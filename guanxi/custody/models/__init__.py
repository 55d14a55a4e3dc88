"""Custody of the customer cards: how much is read and exported, what is lent, and what stood out."""

from guanxi.custody.models.loans import CardLoan
from guanxi.custody.models.visits import Visit
from guanxi.custody.models.watch import ExportLog, Flag, Safeguard, Tally

__all__ = ["CardLoan", "ExportLog", "Flag", "Safeguard", "Tally", "Visit"]
