"""Registration forms, who supplied which fact, and the rules and numbered forms of a company."""

from guanxi.filing.models.facts import FactSource, Origin
from guanxi.filing.models.inspection import (
    CHECKED,
    Defect,
    Finding,
    Incentive,
    InspectedFile,
    Inspection,
    InspectionPlan,
    Rectification,
    RectificationCost,
)
from guanxi.filing.models.registration import Exhibition, JoinAttempt, JoinLink, Registration
from guanxi.filing.models.rules import FilingRules
from guanxi.filing.models.tasks import FileTask, Recheck

__all__ = [
    "CHECKED",
    "Defect",
    "Exhibition",
    "FactSource",
    "FileTask",
    "FilingRules",
    "Finding",
    "Incentive",
    "InspectedFile",
    "Inspection",
    "InspectionPlan",
    "JoinAttempt",
    "JoinLink",
    "Origin",
    "Recheck",
    "Rectification",
    "RectificationCost",
    "Registration",
]
