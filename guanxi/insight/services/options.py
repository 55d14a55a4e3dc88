"""What a company has set about its analysis, from `Company.settings["insight"]`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guanxi.insight.engine.profile import Options
from guanxi.insight.engine.ranking import CUTS
from guanxi.insight.engine.stages import StageRules
from guanxi.kernel.models import Company

TARGET = 60  # VALUE-05: percent of the revenue that should come from existing customers


def options_of(company: Company) -> Options:
    """{"window_months": 24, "cuts": [0.8, 0.95], "stages": {"dormant_days": 90, …}}; what is missing is standard."""
    chosen: dict[str, Any] = company.settings.get("insight", {})
    cuts = cuts_of(chosen.get("cuts"))
    return Options(chosen.get("window_months"), cuts, StageRules(**chosen.get("stages", {})))


def cuts_of(raw: Any) -> tuple[Decimal, Decimal]:
    """Two cut-offs, or the standard ones."""
    if not raw or len(raw) != 2:
        return CUTS
    return Decimal(str(raw[0])), Decimal(str(raw[1]))
