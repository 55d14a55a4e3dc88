"""What a company starts with: sources, channels, filing standards, class schemes, playbooks; run it as often as you like."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from guanxi.customers.models import (
    Channel,
    ClassScheme,
    CreditRule,
    FilingStandard,
    Source,
    StagePlaybook,
    TierPolicy,
)
from guanxi.customers.services.standards import keep
from guanxi.kernel import clock
from guanxi.kernel.models import Company, Record
from guanxi.org.services import furnishes

DATA = Path(__file__).parents[1] / "data" / "seed.json"


@furnishes
def seed(company: Company) -> int:
    """Create what the company lacks, told by code, name or stage; what exists or was deleted stays as it is."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    made = sum(_make(Source, company, "code", {"position": n, **row}) for n, row in enumerate(data["sources"], 1))
    made += sum(_make(Channel, company, "code", {"position": n, **row}) for n, row in enumerate(data["channels"], 1))
    channels = dict(Channel.objects.filter(company=company).values_list("code", "pk"))
    for row in data["standards"]:
        channel = row.pop("channel", None)
        if channel is None or channel in channels:
            made += _make(FilingStandard, company, "name", {"channel_id": channels.get(channel), **row})
    has_policy = ClassScheme.objects.filter(company=company, is_policy=True).exists()
    for row in data["schemes"]:
        is_policy = row.pop("is_policy", False) and not has_policy
        made += _make(ClassScheme, company, "code", {"is_policy": is_policy, "published_at": clock.now(), **row})
    for scheme in ClassScheme.objects.filter(company=company):
        keep(scheme)
    for row in data["tiers"]:
        named = {"name": f"{row['grade']} {clock.today()}", "published_at": clock.now(), **_exact(row)}
        made += _make(TierPolicy, company, "grade", named)
    made += sum(_make(CreditRule, company, "standing", _exact(row)) for row in data["credit_rules"])
    return made + sum(_make(StagePlaybook, company, "stage", row) for row in data["playbooks"])


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    """Numbers of the file as the columns want them."""
    return {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in row.items()}


def _make(model: type[Record], company: Company, key: str, values: dict[str, Any]) -> bool:
    if model.everything.filter(company=company, **{key: values[key]}).exists():
        return False
    row = model(company=company, **values)
    row.full_clean(exclude=["company", "created_by"])
    row.save()
    return True
