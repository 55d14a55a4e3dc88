"""Leads and what becomes of them: opportunities, their pipelines and stages, every move, and who had which lead."""

from guanxi.deals.models.leads import (
    AssignmentRule,
    InvalidReason,
    Lead,
    LeadNote,
    LeadRecycleRule,
    LeadStay,
    LeadTenure,
)
from guanxi.deals.models.opportunities import Opportunity, OpportunityLine, StageMove
from guanxi.deals.models.pipelines import LossReason, Pipeline, Stage

__all__ = [
    "AssignmentRule", "InvalidReason", "Lead", "LeadNote", "LeadRecycleRule", "LeadStay", "LeadTenure", "LossReason",
    "Opportunity", "OpportunityLine", "Pipeline", "Stage", "StageMove",
]  # fmt: skip
