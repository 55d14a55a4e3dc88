"""What a company's training begins with: a plan by post and the rule on devices as a draft; run it as often as you like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guanxi.kernel.models import Company
from guanxi.learning.models import Course, Publication, Question
from guanxi.org.models import Role
from guanxi.org.services import furnishes

DATA = Path(__file__).parents[1] / "data" / "seed.json"


@furnishes
def seed(company: Company) -> int:
    """Create what the company lacks; where it has a plan or texts of its own, nothing."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    made = 0
    if not Publication.everything.filter(company=company).exists():
        made += sum(_publish(company, row) for row in data["publications"])
    if not Course.everything.filter(company=company).exists():
        names = dict(Role.objects.filter(company=company).values_list("code", "name"))
        for row in data["courses"]:
            made += _course(company, row, names)
    return made


def _publish(company: Company, row: dict[str, Any]) -> int:
    publication = Publication(company=company, title=row["title"], text="\n".join(row["text"]))
    publication.save()
    for n, (text, right, *answers) in enumerate(row["questions"], 1):
        options = dict(zip("abcd", answers, strict=False))
        Question(company=company, publication=publication, position=n, text=text, right=right, **options).save()
    return 1


def _course(company: Company, row: dict[str, Any], names: dict[str, str]) -> int:
    roles: Any = [names[code] for code in row.get("roles", ()) if code in names]
    proof = Publication.objects.filter(company=company, title=row.get("proof", "")).first()
    Course(
        company=company, title=row["title"], kind=row["kind"], content=row["content"], roles=roles, publication=proof,
        first_days=row.get("first_days"), every_months=row.get("every_months"),
    ).save()  # fmt: skip
    return 1
