"""Leads from capture to conversion, and opportunities from the first stage to won or lost."""

from guanxi.deals.services.assignment import assign_by_rules, by_rules
from guanxi.deals.services.convert import convert
from guanxi.deals.services.opportunities import advance, lose, reopen, set_back, win

__all__ = ["advance", "assign_by_rules", "by_rules", "convert", "lose", "reopen", "set_back", "win"]
