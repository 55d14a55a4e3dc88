"""What a company starts with: pipelines with their stages, reasons, a pool for leads, sources leads come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guanxi.customers.models import Source
from guanxi.deals.models import InvalidReason, LeadRecycleRule, LossReason, Pipeline, Stage
from guanxi.kernel.models import Company, Record
from guanxi.org.services import furnishes
from guanxi.pool.models import Content, Pool

DATA = Path(__file__).parents[1] / "data" / "seed.json"


@furnishes
def seed(company: Company) -> int:
    """Create what the company lacks, told by name; what exists or was deleted stays as it is."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    made = 0
    for position, row in enumerate(data["pipelines"], 1):
        stages = row.pop("stages")
        if _make(Pipeline, company, {**row, "position": position * 10}):
            pipeline = Pipeline.objects.get(company=company, name=row["name"])
            for n, stage in enumerate(stages, 1):
                Stage(company=company, pipeline=pipeline, position=n * 10, **stage).save()
            made += 1 + len(stages)
    for model, key in ((LossReason, "loss_reasons"), (InvalidReason, "invalid_reasons")):
        made += sum(_make(model, company, {"name": name, "position": n}) for n, name in enumerate(data[key], 1))
    for row in data["sources"]:
        if not Source.everything.filter(company=company, code=row["code"]).exists():
            Source(company=company, **row).save()
            made += 1
    has_default = Pool.objects.filter(company=company, content=Content.LEADS, is_default=True).exists()
    made += sum(
        _make(Pool, company, {**row, "content": Content.LEADS, "is_default": not has_default}) for row in data["pools"]
    )
    return made + sum(_make(LeadRecycleRule, company, row) for row in data["rules"])


def _make(model: type[Record], company: Company, values: dict[str, Any]) -> bool:
    if model.everything.filter(company=company, **{"name": values["name"]}).exists():
        return False
    model(company=company, **values).save()
    return True
