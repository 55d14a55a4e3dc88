"""`guanxi rulebook load|export|check|list`: rulebooks as files, into a company and out of it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.rulebook.models import Regulation
from guanxi.rulebook.services.bookfile import Book, read_book
from guanxi.rulebook.services.books import export, listed, load, ready, written
from guanxi.rulebook.services.clauses import dormant_because
from guanxi.rulebook.spec import SpecError, read


class Command(BaseCommand):
    help = "Load, write, check and list rulebooks. A BOOK is a file or the name of a ready book."

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        one = words.add_parser("load", help="put books into force; without BOOK every ready one")
        one.add_argument("books", nargs="*", metavar="BOOK")
        one.add_argument("--company", help="its code, where there are several")
        one.add_argument("--from", dest="day", type=date.fromisoformat, metavar="DAY", help="effective from, today")
        one = words.add_parser("export", help="write a regulation of the company as a file")
        one.add_argument("code", help="code of the regulation")
        one.add_argument("--company")
        one.add_argument("--output", type=Path, help="the file; standard output without it")
        one = words.add_parser("check", help="is the book readable, and what do its clauses wait for")
        one.add_argument("books", nargs="+", metavar="BOOK")
        one = words.add_parser("list", help="ready books and those of the company")
        one.add_argument("--company")
        one.add_argument("--json", action="store_true", help="with every clause and its rule")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override("zh-hans" if translation.get_language() is None else translation.get_language()):
            try:
                getattr(self, f"_{options['word']}")(options)
            except Refused as refused:
                raise CommandError(str(refused)) from refused

    def _load(self, options: dict[str, Any]) -> None:
        company = self.company(options["company"])
        if company is None:
            raise CommandError("Name the company: --company CODE.")
        for book in map(self.book, options["books"]) if options["books"] else ready():
            found = load(company, book, effective_on=options["day"])
            counted = ", ".join(f"{word} {len(getattr(found, word))}" for word in ("new", "updated", "kept", "dormant"))
            self.stdout.write(f"{book.slug}  {book.title}: {counted}")

    def _export(self, options: dict[str, Any]) -> None:
        company = self.company(options["company"])
        regulation = Regulation.objects.filter(company=company, code=options["code"]).first() if company else None
        if company is None or regulation is None:
            raise CommandError(f"There is no regulation {options['code']}.")
        text = written(export(company, regulation))
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

    def _check(self, options: dict[str, Any]) -> None:
        wrong = 0
        for book in map(self.book, options["books"]):
            for clause in book.clauses:
                try:
                    state = dormant_because(read(clause.spec), None) or "ok"
                except SpecError as error:
                    wrong, state = wrong + 1, f"! {error}"
                self.stdout.write(f"{book.slug}  {clause.code:<12} {clause.title}  {state}")
        if wrong:
            raise CommandError(f"{wrong} clauses cannot be carried out as they are written.")

    def _list(self, options: dict[str, Any]) -> None:
        rows = listed(self.company(options["company"]))
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            mark = "+" if row["loaded"] else " "
            self.stdout.write(f"{mark} {row['book']:<22} {row['edition']:<8} {len(row['clauses']):>3}  {row['title']}")

    def company(self, code: str | None) -> Company | None:
        """The one that is named, or the only one there is."""
        found = list(Company.objects.filter(code=code) if code else Company.objects.all()[:2])
        if code and not found:
            raise CommandError(f"There is no company {code}.")
        return found[0] if len(found) == 1 else None

    def book(self, name: str) -> Book:
        """A file, or a ready book by its name."""
        path = Path(name)
        if path.is_file():
            try:
                return read_book(path.read_text("utf-8"))
            except UnicodeDecodeError as error:
                raise CommandError(f"{name} is not a text in UTF-8.") from error
        known = {book.slug: book for book in ready()}
        if name not in known:
            raise CommandError(f"There is no file and no ready book {name}: {', '.join(known)}.")
        return known[name]
