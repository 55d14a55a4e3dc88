"""Targets, and commission: plans, lines and statements."""

from guanxi.targets.models.commission import CommissionLine, CommissionPlan, CommissionRate, Statement
from guanxi.targets.models.targets import Target

__all__ = ["CommissionLine", "CommissionPlan", "CommissionRate", "Statement", "Target"]
