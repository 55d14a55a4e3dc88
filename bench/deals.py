"""Board and forecast of very many open opportunities, against the same questions in hand-written SQL.

    python -m bench.deals [opportunities = 200000]

Two hundred people in twelve branches have them in two pipelines of six stages, spread over eighteen months.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bench.money import TODAY, company_with, filled, raw, table

BATCH, STAGES = 5_000, 6
CARDS = "SELECT id, name, account_id, amount, expected_on FROM deals_opportunity WHERE {mine} ORDER BY id DESC LIMIT 30"
COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM deals_opportunity WHERE {mine} LIMIT 1001) AS few"
MINE = "company_id = %s AND deleted_at IS NULL AND stage_id = %s AND state = 'open'"
FORECAST = """
SELECT owner_id, {month}, forecast, probability, COUNT(*), SUM(amount) FROM deals_opportunity
WHERE company_id = %s AND deleted_at IS NULL AND state = 'open' GROUP BY 1, 2, 3, 4
"""
SUMS = """
SELECT COUNT(*), SUM(amount), SUM(amount * probability / 100), SUM(CASE WHEN stalled_on <= %s THEN 1 ELSE 0 END)
FROM deals_opportunity WHERE company_id = %s AND deleted_at IS NULL AND state = 'open'
"""


def main(number: int) -> None:
    boss, stages = filled(_pipeline, number)
    from django.db import connection

    from guanxi.deals.panels import sums
    from guanxi.deals.queries import forecast
    from guanxi.kernel.entities import entity
    from guanxi.web import boards
    from guanxi.web.listing import Listing

    declared = entity("deals.opportunity")
    month = "date_trunc('month', expected_on)" if connection.vendor == "postgresql" else "substr(expected_on, 1, 7)"

    def board() -> list[Any]:
        return boards.columns(Listing.read(declared, boss, {"layout": "board", "view": "open"}))

    def board_floor() -> None:
        for stage in stages:
            for question in (CARDS, COUNT):
                raw(question.format(mine=MINE), [boss.company_id, stage])()

    listing = Listing.read(declared, boss, {"view": "open"})
    rows = [
        ("board, open ones", board, board_floor),
        ("forecast, everybody", lambda: forecast(boss), raw(FORECAST.format(month=month), [boss.company_id])),
        ("sums above the list", lambda: sums(listing, boss), raw(SUMS, [TODAY, boss.company_id])),
    ]
    table(rows, f"{number:,} open opportunities")


def _pipeline(number: int) -> tuple[Any, list[int]]:
    """Poured without a trail, as a benchmark of reading needs no history."""
    from guanxi.deals.models import Pipeline, Stage
    from guanxi.kernel.models.pour import insert
    from guanxi.kernel.work import unit_of_work
    from guanxi.org.models import User

    company, cards, people = company_with(20_000)
    pipelines = [Pipeline(company=company, name=f"P{n}", position=n) for n in (1, 2)]
    stages = [
        Stage(company=company, pipeline=one, name=f"S{n}", position=n, probability=10 * n + 10)
        for one in pipelines
        for n in range(STAGES)
    ]
    unit_of_work(lambda: [row.save() for row in (*pipelines, *stages)])
    for start in range(0, number, BATCH):
        insert([
            _opportunity(company, cards[n % len(cards)], people[n % len(people)], stages[n * 7 % len(stages)], n)
            for n in range(start, min(start + BATCH, number))
        ])  # fmt: skip
    return User.objects.get(pk=people[0].pk), [stage.pk for stage in stages]


def _opportunity(company: Any, account: Any, owner: Any, stage: Any, n: int) -> Any:
    from guanxi.deals.models import Opportunity

    begun: date = TODAY - timedelta(days=n % 300)
    return Opportunity(
        company=company, number=f"S{n}", name=f"Deal {n}", account=account, owner=owner, department_id=owner.department_id,
        pipeline=stage.pipeline, stage=stage, probability=stage.probability, amount=Decimal(n % 9973 + 1) * 100,
        begun_on=begun, entered_on=begun, expected_on=TODAY + timedelta(days=n % 540 - 60),
        stalled_on=begun + timedelta(days=90),
    )  # fmt: skip


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("GUANXI_HOME", home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.project.settings"
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
