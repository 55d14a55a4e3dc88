"""What a company starts with: one pool for all, the usual reasons, two rules that wait to be switched on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guanxi.kernel.models import Company, Record
from guanxi.org.services import furnishes
from guanxi.pool.models import Content, Pool, RecycleRule, ReturnReason

DATA = Path(__file__).parents[1] / "data" / "seed.json"


@furnishes
def seed(company: Company) -> int:
    """Create what the company lacks, told by name; what exists or was deleted stays as it is."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    has_default = Pool.objects.filter(company=company, content=Content.CUSTOMERS, is_default=True).exists()
    made = sum(_make(Pool, company, {**row, "is_default": not has_default}) for row in data["pools"])
    reasons = [{"name": name, "position": n} for n, name in enumerate(data["reasons"], 1)]
    made += sum(_make(ReturnReason, company, row) for row in reasons)
    return made + sum(_make(RecycleRule, company, row) for row in data["rules"])


def _make(model: type[Record], company: Company, values: dict[str, Any]) -> bool:
    if model.everything.filter(company=company, **{"name": values["name"]}).exists():
        return False
    model(company=company, **values).save()
    return True
