"""`guanxi import customers.account file.csv`: the import wizard for the shell, Parquet and SQLite files included."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.jobs import LEASE, Run, execute
from guanxi.kernel.models import ImportedRow, Job
from guanxi.org.models import User
from guanxi.web.importing.matching import fillable
from guanxi.web.importing.plan import MODES, PRESETS, Plan, park


class Command(BaseCommand):
    help = "Take in a file: XLSX, XLS, ODS, CSV, Parquet or SQLite."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("label", help="an entity such as customers.account, or the name of a preset")
        parser.add_argument("file", type=Path)
        parser.add_argument("--sheet", default="", help="sheet of a workbook or table of a SQLite file")
        parser.add_argument("--encoding", default="")
        parser.add_argument("--map", action="append", default=[], metavar="HEADER=FIELD", help="an empty FIELD drops the column")
        parser.add_argument("--mode", choices=MODES)
        parser.add_argument("--key", action="append", help="a field that tells which row is meant")
        parser.add_argument("--user", required=True, help="sign-in name of the person who imports")
        parser.add_argument("--company", help="its code, where sign-in names are not enough")

    def handle(self, *args: Any, **options: Any) -> None:
        people = User.objects.filter(username=options["user"], is_active=True)
        user = (people.filter(company__code=options["company"]) if options["company"] else people).first()
        if user is None:
            raise CommandError(f"There is no active person with the sign-in name {options['user']}.")
        with translation.override("zh-hans" if translation.get_language() is None else translation.get_language()):
            try:
                job = park(self.plan(user, options), user)
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            except KeyError as unknown:
                raise CommandError(f"There is no entity or preset {unknown}.") from unknown
            self.run_now(job)

    def plan(self, user: User, options: dict[str, Any]) -> Plan:
        preset = PRESETS.get(options["label"], {})
        path = options["file"].resolve()
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        plan = Plan(preset.get("label", options["label"]), str(path), path.name, options["sheet"], options["encoding"])
        entity(plan.label)
        plan.suggest(user)
        fields = fillable(plan.entity, user)
        given = dict(pair.rpartition("=")[::2] for pair in options["map"])
        chosen = {**plan.mapping, **preset.get("mapping", {}), **given}
        plan.mapping = {header: name for header, name in chosen.items() if name and header in plan.table.headers}
        plan.mode = options["mode"] or preset.get("mode", "create")
        plan.key = options["key"] or preset.get("key") or [name for name in plan.key if name in plan.mapping.values()]
        self.stdout.write("\n".join(f"  {header} -> {fields[name].label}" for header, name in plan.mapping.items() if name in fields))
        plan.check(user)
        return plan

    def run_now(self, job: Job) -> None:
        """In this process; after a kill the worker goes on with it."""
        Job.objects.filter(pk=job.pk).update(state="running", attempt=1, run_at=clock.now(), leased_until=clock.now() + LEASE)
        job.refresh_from_db()
        execute(Run(job, 1))
        job.refresh_from_db()
        self.stdout.write(", ".join(f"{key}: {value}" for key, value in job.result.items() if isinstance(value, int)))
        for row in ImportedRow.objects.filter(job=job, outcome="failed").order_by("line")[:20]:
            self.stdout.write(f"  {row.line}: {row.reason}")
        if job.state != "done":
            raise CommandError(f"{job.get_state_display()}: {job.message}")
