"""The processes a company starts with: data beside the code, then the company's own words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guanxi.kernel.models import Company
from guanxi.org.access import sources
from guanxi.org.models import Role
from guanxi.org.services import furnishes
from guanxi.rulebook.models import ProcessStep

DATA = Path(__file__).parents[1] / "data" / "processes.json"


def declared() -> list[dict[str, Any]]:
    """Every step that comes with the product, in order."""
    rows: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))
    return rows


@furnishes
def seed(company: Company) -> int:
    """Write down the steps the company lacks, told by what they are taken on; what it has changed or deleted stays."""
    rows: Any = ProcessStep.everything.filter(company=company)
    known = {(about, *states) for about, states in rows.values_list("about", "states")}
    roles = {role.code: role for role in Role.objects.filter(company=company)}
    lacking = [(n, row) for n, row in enumerate(declared(), 1) if (row["about"], *row["states"]) not in known]
    for position, row in lacking:
        ProcessStep(
            company=company, position=position, process=row["process"], title=row["title"], about=row["about"],
            states=row["states"], role=roles.get(row["role"]), standard=row["standard"], clause_code=row.get("clause", ""),
        ).save()  # fmt: skip
    return len(lacking)


# Every page shows the steps: all processes read them again when one has changed.
sources.add("rulebook.processstep")
