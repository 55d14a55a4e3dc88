"""What a company's filing starts with: rules and plans; run it as often as you like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guanxi.filing.models import FilingRules, InspectionPlan
from guanxi.kernel.models import Company, Record
from guanxi.org.services import furnishes

DATA = Path(__file__).parents[1] / "data" / "seed.json"


@furnishes
def seed(company: Company) -> int:
    """Create what the company lacks; what exists or was deleted stays as it is."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    made = 0 if FilingRules.everything.filter(company=company).exists() else _make(FilingRules, company, data["rules"])
    if not InspectionPlan.everything.filter(company=company).exists():
        made += sum(_make(InspectionPlan, company, row) for row in data["plans"])
    return made


def _make(model: type[Record], company: Company, values: dict[str, Any]) -> int:
    row = model(company=company, **values)
    row.full_clean(exclude=["company", "created_by"])
    row.save()
    return 1
