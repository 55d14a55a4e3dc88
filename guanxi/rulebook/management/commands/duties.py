"""`guanxi duties run [--as-of MOMENT] [--json]` judges; `guanxi duties explain ID` tells why a duty is there."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.rulebook import engine, explain
from guanxi.rulebook.management.asked import as_json, companies, moment, number, wrong
from guanxi.rulebook.models import Duty, DutyRun


class Command(BaseCommand):
    help = "Judge duties, or explain one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        run = verbs.add_parser("run", help="judge up to a moment and count what came of it; --json lists the duties")
        run.add_argument(
            "--as-of", type=moment, metavar="MOMENT", help="in company time, 2026-03-31T18:00; now if left out"
        )
        run.add_argument("--company", help="code of a company; all if left out")
        run.add_argument("--replay", action="store_true", help="forget what follows from dated facts and judge anew")
        run.add_argument("--json", action="store_true", help="all duties as JSON")
        one = verbs.add_parser("explain", help="why a duty is there and what ended it")
        one.add_argument(
            "id", type=number, metavar="ID", help="number of the duty: the last part of its address /duties/ID/"
        )
        one.add_argument("--json", action="store_true", help="everything about it as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["verb"] == "explain":
            return self.explain(options["id"], options["json"])
        asked = options["as_of"]
        found: list[dict[str, Any]] = []
        for company in companies(options["company"]):
            until = asked or clock.now()
            back = not options["replay"] and self.looks_back(company, until)
            with clock.shifted(until), transaction.atomic() if back else nullcontext():
                again = options["replay"] or back
                counted = engine.replay(company, until) if again else engine.judge(company, until)
                found.append({"company": company.code, "as_of": explain.moment(until), "counted": counted,
                              **({"duties": list(self.duties(company, until))} if options["json"] else {})})  # fmt: skip
                if back:
                    transaction.set_rollback(True)
        if options["json"]:
            self.stdout.write(as_json(found))
            return None
        for one in found:
            counts = ", ".join(f"{name} {n}" for name, n in sorted(one["counted"].items()) if n) or "nothing to do"
            self.stdout.write(f"{one['company']}: {counts}")
        if not found:
            self.stdout.write("There is no company yet.")
        return None

    def looks_back(self, company: Company, until: datetime) -> bool:
        """Whether the moment lies before the last run; then it is shown how things stood, and nothing is written."""
        run = DutyRun.objects.filter(company=company).first()
        if run is None or run.judged_until is None or until >= run.judged_until:
            return False
        self.stderr.write(
            f"{company.code} is judged until {explain.moment(run.judged_until)}: shown as of the earlier moment, "
            "nothing is written; --replay begins anew and ends there."
        )
        return True

    @staticmethod
    def duties(company: Company, until: datetime) -> Iterator[dict[str, Any]]:
        rows = Duty.objects.filter(company=company, opened_at__lte=until).order_by("due_at", "pk")
        for duty in rows.select_related("clause", "clause_version", "owner", "department").iterator(2_000):
            yield explain.as_data(duty)

    def explain(self, pk: int, plain: bool) -> None:
        # No number of a duty has more digits than the column.
        duty = Duty.objects.filter(pk=pk).first() if 0 < pk < 2**63 else None
        if duty is None:
            raise wrong(f"There is no duty {pk}.")
        told = explain.explained(duty)
        if plain:
            self.stdout.write(as_json(told))
            return
        article = told["article"]
        lines = [
            f"{told['clause']} {told['title']} (V{told['version']})",
            f"  {article['regulation']} {article['number']} {article['title']}" if article else "",
            f"  {told['rule']}",
            f"  {told['trigger']} -> {told['owner'] or '-'} | {told['opened_at']} .. {told['due_at']} | {duty.get_state_display()}",
            *(f"  {step['at']} {step['level']} -> {step['to'] or '-'}" for step in told["taken"]),
            f"  {entity(told['evidence']).singular}: {' '.join(told['proof'].split())} {told['met_on']}"
            if told["evidence"]
            else "",
        ]
        self.stdout.write("\n".join(line for line in lines if line))
