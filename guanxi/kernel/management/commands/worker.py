"""`guanxi worker`: deliver events, run due jobs and schedules until told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guanxi.kernel import jobs


class Command(BaseCommand):
    help = "Run background jobs until stopped; --once works off what is due and ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            jobs.work_off()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        jobs.worker(stop)
