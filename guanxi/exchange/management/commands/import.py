"""`guanxi import customers.account file.csv`: the import wizard for the shell, Parquet, SQLite and presets included."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from guanxi.exchange.importing.matching import fillable
from guanxi.exchange.importing.plan import MODES, Plan, park, run_now
from guanxi.exchange.importing.presets import PRESETS, find_file, read_preset
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import ImportedRow
from guanxi.org.models import User

SHOWN = 20


class Command(BaseCommand):
    help = "Take in a file: XLSX, XLS, ODS, CSV, Parquet or SQLite."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("label", help="an entity such as customers.account, a preset, or the .json file of one")
        parser.add_argument("file", type=Path, help="the file, or for some presets its folder")
        parser.add_argument("--sheet", default="", help="sheet of a workbook or table of a SQLite file")
        parser.add_argument("--encoding", default="")
        parser.add_argument(
            "--map", action="append", default=[], metavar="HEADER=FIELD", help="an empty FIELD drops the column"
        )
        parser.add_argument("--mode", choices=MODES)
        parser.add_argument("--key", action="append", help="a field that tells which row is meant")
        parser.add_argument(
            "--set", action="append", default=[], metavar="OPTION=VALUE", help="an option of the preset"
        )
        parser.add_argument("--user", required=True, help="sign-in name of the person who imports")
        parser.add_argument("--company", help="its code, where sign-in names are not enough")

    def handle(self, *args: Any, **options: Any) -> None:
        people = User.objects.filter(username=options["user"], is_active=True)
        user = (people.filter(company__code=options["company"]) if options["company"] else people).first()
        if user is None:
            raise CommandError(f"There is no active person with the sign-in name {options['user']}.")
        name, path = options["label"], options["file"].resolve()
        if not path.exists():
            raise CommandError(f"There is no file {path}.")
        with translation.override("zh-hans" if translation.get_language() is None else translation.get_language()):
            try:
                if name in PRESETS or name.endswith(".json"):
                    for plan in self.steps(name, path, options):  # a later step may point to rows of an earlier one
                        self.run_now(plan, user)
                else:
                    self.run_now(self.plan(name, path, user, options), user)
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            except KeyError as unknown:
                raise CommandError(f"There is no entity or preset {unknown}.") from unknown

    def steps(self, name: str, path: Path, options: dict[str, Any]) -> Iterator[Plan]:
        for step in read_preset(name, dict(pair.partition("=")[::2] for pair in options["set"])):
            if path.is_file() and step.file and not fnmatch(path.name, step.file):
                continue
            file = find_file(path, step.file) if path.is_dir() else path
            yield Plan(
                entity(step.label).label, str(file), file.name, options["sheet"] or step.sheet, options["encoding"],
                step.mapping, step.mode, step.key, step=asdict(step),
            )  # fmt: skip

    def plan(self, label: str, path: Path, user: User, options: dict[str, Any]) -> Plan:
        plan = Plan(label, str(path), path.name, options["sheet"], options["encoding"])
        entity(plan.label)
        plan.suggest(user)
        fields = fillable(plan.entity, user)
        chosen = {**plan.mapping, **dict(pair.rpartition("=")[::2] for pair in options["map"])}
        plan.mapping = {header: name for header, name in chosen.items() if name and header in plan.table.headers}
        plan.mode = options["mode"] or plan.mode
        plan.key = options["key"] or [name for name in plan.key if name in plan.mapping.values()]
        self.stdout.write(
            "\n".join(f"  {header} -> {fields[name].label}" for header, name in plan.mapping.items() if name in fields)
        )
        return plan

    def run_now(self, plan: Plan, user: User) -> None:
        """In this process; after a kill the worker goes on with it."""
        plan.check(user)
        job = run_now(park(plan, user))
        counted = ", ".join(f"{key}: {value}" for key, value in job.result.items() if isinstance(value, int))
        self.stdout.write(
            f"{plan.name} {plan.sheet}".strip() + f" -> {plan.entity.title}: {counted}" if plan.step else counted
        )
        for row in ImportedRow.objects.filter(job=job, outcome="failed").order_by("line")[:SHOWN]:
            self.stdout.write(f"  {row.line}: {row.reason}")
        if job.state != "done":
            raise CommandError(f"{job.get_state_display()}: {job.message}")
