"""Questions about leads and opportunities: whose they are, what a stage still lacks, figures, forecast, changes."""

from guanxi.deals.queries.forecast import Changes, Outlook, changes, forecast

__all__ = ["Changes", "Outlook", "changes", "forecast"]
