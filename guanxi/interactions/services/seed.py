"""What a company's dealings start with: rules and standard service phrases; run it as often as you like."""

from __future__ import annotations

import json
from pathlib import Path

from guanxi.interactions.models import ContactRules, Phrase
from guanxi.kernel.models import Company
from guanxi.org.services import furnishes

DATA = Path(__file__).parents[1] / "data" / "phrases.json"


@furnishes
def seed(company: Company) -> None:
    """Create what the company lacks; what exists or was deleted stays as it is."""
    if not ContactRules.everything.filter(company=company).exists():
        ContactRules(company=company).save()
    if not Phrase.everything.filter(company=company).exists():
        for position, row in enumerate(json.loads(DATA.read_text(encoding="utf-8")), 1):
            Phrase(company=company, position=10 * position, **row).save()
