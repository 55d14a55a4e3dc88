"""People coming, moving and leaving: personnel changes, account requests, signs of sharing, sealed handovers."""

from guanxi.handover.models.accounts import (
    AccountRequest,
    AccountRules,
    Concerning,
    PersonnelChange,
    Post,
    SharingSign,
)
from guanxi.handover.models.handovers import Handover, Holding, Rule, Successor

__all__ = [
    "AccountRequest",
    "AccountRules",
    "Concerning",
    "Handover",
    "Holding",
    "PersonnelChange",
    "Post",
    "Rule",
    "SharingSign",
    "Successor",
]
