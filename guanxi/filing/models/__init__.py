"""Registration forms, who supplied which fact, and the rules and numbered forms of a company."""

from guanxi.filing.models.facts import FactSource, Origin
from guanxi.filing.models.registration import Exhibition, JoinAttempt, JoinLink, Registration
from guanxi.filing.models.rules import FilingRules, FormNumber
from guanxi.filing.models.tasks import FileTask, Recheck

__all__ = [
    "Exhibition",
    "FactSource",
    "FileTask",
    "FilingRules",
    "FormNumber",
    "JoinAttempt",
    "JoinLink",
    "Origin",
    "Recheck",
    "Registration",
]
