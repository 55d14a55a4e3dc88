"""`guanxi demo`: load the demonstration company 远航设备."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guanxi.desk.demo import generate
from guanxi.desk.demo.staff import PASSWORD
from guanxi.kernel.jobs import task
from guanxi.kernel.models import Company
from guanxi.kernel.upkeep import optimize
from guanxi.org.models import User

WIDTH = 30


class Command(BaseCommand):
    help = "Load the demonstration company: about 200 people, 50,000 customers, two years of orders and receipts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customers", type=int, default=50_000, help="how many customers (50000)")
        parser.add_argument("--fresh", action="store_true", help="make it anew although it is there")
        parser.add_argument(
            "--accounts-only", action="store_true", help="the organisation and its people, no customers"
        )
        parser.add_argument("--accounts", action="store_true", help="list the accounts to sign in with")
        parser.add_argument("--progress", action="store_true", help="show progress although this is no terminal")

    def handle(self, *_args: Any, **options: Any) -> None:
        self.shown = options["progress"] or sys.stderr.isatty()
        if options["accounts"]:
            return self.list_accounts()
        if generate.standing() and not options["fresh"]:
            self.stdout.write("The demonstration company is already there; use --fresh to make it anew.")
            return self.list_accounts()
        begun = time.monotonic()
        generate.build(0 if options["accounts_only"] else options["customers"], self.progress)
        company = Company.objects.get(code=generate.CODE)
        task("insight.refresh").enqueue(
            company_id=company.pk, unique=f"insight:{company.pk}"
        )  # the worker's first task
        for job in ("filing.rechecks", "filing.rounds"):  # the day of the next verification, the first inspection
            task(job).enqueue(company_id=company.pk, unique=f"{job}:{company.pk}")
        optimize()  # the planner should know the new tables before the first visitor comes
        self.stdout.write(f"The demonstration company is ready ({time.monotonic() - begun:.0f} s).")
        self.list_accounts()

    def progress(self, what: str, done: int, total: int) -> None:
        if not self.shown:
            return
        full = WIDTH * done // max(total, 1)
        tail = "\n" if done >= total else ""
        sys.stderr.write(f"\r{what:<10} [{'#' * full}{'.' * (WIDTH - full)}] {done:>7,} / {total:,}{tail}")
        sys.stderr.flush()

    def list_accounts(self) -> None:
        """One account per role; everybody else of the demonstration cannot sign in."""
        people = User.objects.filter(company__code=generate.CODE).prefetch_related("roles").order_by("id")
        if people:
            self.stdout.write("\nDemonstration accounts:")
        for user in people:
            if user.has_usable_password():
                roles = ", ".join(f"{role.name} ({role.code})" for role in user.roles.all())
                self.stdout.write(f"{user.username:<16} {PASSWORD:<14} {user.name:<6} {roles}")
