"""`guanxi duties run [--as-of MOMENT] [--json]` judges; `guanxi duties explain ID` tells why a duty is there."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.rulebook import engine
from guanxi.rulebook.explain import as_data, explained
from guanxi.rulebook.models import Duty


class Command(BaseCommand):
    help = "Judge duties, or explain one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        run = verbs.add_parser("run", help="judge up to a moment and list the duties")
        run.add_argument("--as-of", help="moment in company time, 2026-03-31T18:00; now if left out")
        run.add_argument("--company", help="code of a company; all if left out")
        run.add_argument("--replay", action="store_true", help="forget what follows from dated facts and judge anew")
        run.add_argument("--json", action="store_true", help="all duties as JSON")
        explain = verbs.add_parser("explain", help="why a duty is there and what ended it")
        explain.add_argument("id", type=int)
        explain.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["verb"] == "explain":
            return self.explain(options["id"], options["json"])
        moment = self.moment(options["as_of"])
        found: list[dict[str, Any]] = []
        for company in self.companies(options["company"]):
            with clock.shifted(moment):
                counted = engine.replay(company, moment) if options["replay"] else engine.judge(company, moment)
            found.append({"company": company.code, "as_of": moment.isoformat(), "counted": counted,
                          **({"duties": list(self.duties(company))} if options["json"] else {})})  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return None
        for one in found:
            counts = ", ".join(f"{name} {n}" for name, n in sorted(one["counted"].items())) or "nothing to do"
            self.stdout.write(f"{one['company']}: {counts}")
        return None

    @staticmethod
    def moment(text: str | None) -> datetime:
        if not text:
            return clock.now()
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise CommandError(f"{text} is no moment; write it as 2026-03-31T18:00.") from None
        return found if found.tzinfo else timezone.make_aware(found)

    @staticmethod
    def companies(code: str | None) -> list[Company]:
        rows = Company.objects.filter(code=code) if code else Company.objects.order_by("pk")
        if not rows:
            raise CommandError(f"There is no company {code}.")
        return list(rows)

    @staticmethod
    def duties(company: Company) -> Iterator[dict[str, Any]]:
        rows = Duty.objects.filter(company=company).order_by("due_at", "pk")
        for duty in rows.select_related("clause", "clause_version", "owner", "department").iterator(2_000):
            yield as_data(duty)

    def explain(self, pk: int, as_json: bool) -> None:
        duty = Duty.objects.filter(pk=pk).first()
        if duty is None:
            raise CommandError(f"There is no duty {pk}.")
        told = explained(duty)
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        article = told["article"]
        lines = [
            f"{told['clause']} {told['title']} (V{told['version']})",
            f"  {article['regulation']} {article['number']} {article['title']}" if article else "",
            f"  {told['rule']}",
            f"  {told['trigger']} -> {told['owner']} | {told['opened_at']} .. {told['due_at']} | {told['state']}",
            *(f"  {step['at']} {step['level']} -> {step['to']}" for step in told["taken"]),
            f"  {told['evidence']} {told['proof']} {told['met_on']}" if told["evidence"] else "",
        ]
        self.stdout.write("\n".join(line for line in lines if line))
