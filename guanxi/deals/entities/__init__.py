"""Declarations of leads and opportunities, their lists and rights."""

from guanxi.deals.entities import leads, opportunities, rights

__all__ = ["leads", "opportunities", "rights"]
