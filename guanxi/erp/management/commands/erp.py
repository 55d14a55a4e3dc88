"""`guanxi erp run`: exchange files with the ERP now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from guanxi.erp.models import ErpLink
from guanxi.erp.services import exchange


class Command(BaseCommand):
    help = "Exchange files with the ERP: take in what lies in the folders, write what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["run"])
        parser.add_argument("--folder", help="only this exchange")

    def handle(self, *args: Any, **options: Any) -> None:
        links = ErpLink.objects.filter(active=True).select_related("company", "person").order_by("company", "pk")
        for link in links.filter(folder=options["folder"]) if options["folder"] else links:
            for run in exchange(link):
                figures = f"+{run.added} ~{run.changed} !{run.failed} >{run.written}"
                self.stdout.write(
                    f"{link}: {run.get_direction_display()} {run.file} {run.get_state_display()} {figures}"
                )
                if run.message:
                    self.stdout.write(f"  {run.message}")
