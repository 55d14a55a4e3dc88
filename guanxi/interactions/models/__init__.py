"""Every dealing with a customer: contacts, visits, return visits, service requests, receptions, and what helps with them."""

from guanxi.interactions.models.contacts import Interaction, Phrase, ServiceLine
from guanxi.interactions.models.returns import ReturnVisit, ServiceRequest
from guanxi.interactions.models.rules import ContactRules
from guanxi.interactions.models.visits import Competitor, CompetitorNote, Reception, Visit, VisitPlan

__all__ = [
    "Competitor", "CompetitorNote", "ContactRules", "Interaction", "Phrase", "Reception", "ReturnVisit", "ServiceLine",
    "ServiceRequest", "Visit", "VisitPlan",
]  # fmt: skip
