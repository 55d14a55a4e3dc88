"""What is done with the ledger: entering and deciding, duties missed, closing months, measures, reports."""

from guanxi.incentives.services import duties, entries, measures, months, reports
from guanxi.incentives.services.entries import Grounds, enter

__all__ = ["Grounds", "duties", "enter", "entries", "measures", "months", "reports"]
