"""People coming, moving and leaving: personnel changes, account requests, rules for accounts, signs of sharing."""

from guanxi.handover.models.accounts import (
    AccountRequest,
    AccountRules,
    Concerning,
    PersonnelChange,
    Post,
    SharingSign,
)

__all__ = ["AccountRequest", "AccountRules", "Concerning", "PersonnelChange", "Post", "SharingSign"]
