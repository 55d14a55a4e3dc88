"""`guanxi rulebook load|export|check|list|backtest`: rulebooks as files, into a company, out of it, and on trial."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from guanxi.kernel import clock
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.rulebook.links import settled
from guanxi.rulebook.management.asked import as_json, companies, company, day, wrong
from guanxi.rulebook.management.told import in_lines, tried_as_data
from guanxi.rulebook.models import Regulation
from guanxi.rulebook.services.backtest import MOST_DAYS
from guanxi.rulebook.services.bookfile import Book, read_book
from guanxi.rulebook.services.books import export, listed, load, ready, written
from guanxi.rulebook.services.booktrial import Tried, try_book
from guanxi.rulebook.services.clauses import dormant_because
from guanxi.rulebook.spec import SpecError, read

BOOK, WHOSE = "a file, or the name of a ready book", "code of the company, where there are several"
USUAL = 90  # days of the past a book is tried on


class Command(BaseCommand):
    help = "Load, write, check, list and try rulebooks. A BOOK is a file or the name of a ready book."

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        one = words.add_parser("load", help="put books into force; without BOOK every ready one")
        one.add_argument("books", nargs="*", metavar="BOOK", help=BOOK)
        one.add_argument("--company", help=WHOSE)
        one.add_argument(
            "--from", dest="day", type=day, metavar="DAY", help="effective from, as 2026-03-31; today if left out"
        )
        one = words.add_parser("export", help="write a regulation of the company as a file")
        one.add_argument("code", help="code of the regulation, as guanxi rulebook list shows it")
        one.add_argument("--company", help=WHOSE)
        one.add_argument("--output", type=Path, help="the file; standard output without it")
        one = words.add_parser("check", help="is the book readable, and what do its clauses wait for")
        one.add_argument("books", nargs="+", metavar="BOOK", help=BOOK)
        one.add_argument("--company", help="whose products, channels and so on the rules name; the only one")
        one = words.add_parser("list", help="ready books and those of the company")
        one.add_argument("--company", help=WHOSE)
        one.add_argument("--json", action="store_true", help="with every clause and its rule")
        one = words.add_parser("backtest", help="what a book would have done on the recorded past; nothing is written")
        one.add_argument("book", metavar="BOOK", help=BOOK)
        one.add_argument("--from", dest="first", type=day, metavar="DAY", help=f"first day, {USUAL} days ago")
        one.add_argument("--to", dest="last", type=day, metavar="DAY", help="last day, yesterday")
        one.add_argument("--company", help=WHOSE)
        one.add_argument("--json", action="store_true", help="clause by clause as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override("zh-hans" if translation.get_language() is None else translation.get_language()):
            try:
                getattr(self, f"_{options['word']}")(options)
            except Refused as refused:
                raise wrong(refused) from refused

    def _load(self, options: dict[str, Any]) -> None:
        whose = company(options["company"])
        for book in list(map(self.book, options["books"])) if options["books"] else ready():
            found = load(whose, book, effective_on=options["day"])
            counted = ", ".join(f"{word} {len(getattr(found, word))}" for word in ("new", "updated", "kept", "dormant"))
            self.stdout.write(f"{book.slug}  {book.title}: {counted}")

    def _export(self, options: dict[str, Any]) -> None:
        whose = company(options["company"])
        regulation = Regulation.objects.filter(company=whose, code=options["code"]).first()
        if regulation is None:
            raise wrong(f"There is no regulation {options['code']}.")
        text = written(export(whose, regulation))
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            options["output"].write_text(text, encoding="utf-8")
        except OSError as error:
            raise wrong(f"{options['output']} cannot be written: {error.strerror}.") from error

    def _check(self, options: dict[str, Any]) -> None:
        faults, known = 0, companies(options["company"])
        whose = known[0] if len(known) == 1 else None
        for book in list(map(self.book, options["books"])):
            for clause in book.clauses:
                try:
                    waits_for = dormant_because(read(settled(clause.spec, whose)), whose)
                    state = f"waits: {waits_for}" if waits_for else "ok"
                except SpecError as error:
                    faults, state = faults + 1, f"! {error}"
                self.stdout.write(f"{book.slug}  {clause.code:<12} {clause.title}  {state}")
        self.refuse(faults)

    def _list(self, options: dict[str, Any]) -> None:
        found = companies(options["company"])
        rows = listed(company(options["company"]) if found else None)
        if options["json"]:
            self.stdout.write(as_json(rows))
            return
        for row in rows:
            mark = "+" if row["loaded"] else " "
            self.stdout.write(f"{mark} {row['book']:<22} {row['edition']:<8} {len(row['clauses']):>3}  {row['title']}")

    def _backtest(self, options: dict[str, Any]) -> None:
        whose, book = company(options["company"]), self.book(options["book"])
        first, last = self.span(options)
        tried = list(try_book(whose, book, first, last))
        if options["json"]:
            self.stdout.write(as_json(tried_as_data(whose, book, (first, last), tried)))
        else:
            self.say(whose, book, tried, f"{first.isoformat()} .. {last.isoformat()}")
        self.refuse(sum(bool(one.wrong) for one in tried))

    def say(self, whose: Company, book: Book, tried: list[Tried], span: str) -> None:
        self.stdout.write(f"{book.slug}  {book.title}  {whose.code}  {span}")
        for one in tried:
            self.stdout.write("\n".join(in_lines(one)))

    @staticmethod
    def span(options: dict[str, Any]) -> tuple[date, date]:
        """The days asked for, all of them over."""
        yesterday = clock.today() - timedelta(days=1)
        last = options["last"] or yesterday
        first = options["first"] or last - timedelta(days=USUAL - 1)
        if last > yesterday:
            raise wrong(f"--to {last}: only days that are over can be tried, up to {yesterday}.")
        if first > last:
            raise wrong(f"--from {first} lies after --to {last}.")
        if (last - first).days > MOST_DAYS:
            raise wrong(f"{first} .. {last}: at most {MOST_DAYS} days are tried.")
        return first, last

    @staticmethod
    def refuse(faults: int) -> None:
        if faults:
            raise wrong(f"{faults} clause{'s' * (faults > 1)} cannot be carried out as written.")

    def book(self, name: str) -> Book:
        """A file, or a ready book by its name."""
        path = Path(name)
        if path.is_file():
            try:
                return read_book(path.read_text("utf-8"))
            except UnicodeDecodeError as error:
                raise wrong(f"{name} is not a text in UTF-8: save it in that encoding.") from error
            except OSError as error:
                raise wrong(f"{name} cannot be read: {error.strerror}.") from error
            except SpecError as error:
                raise wrong(f"{name}: {error}") from error
        known = {book.slug: book for book in ready()}
        if name not in known:
            raise wrong(f"There is no file and no ready book {name}: {', '.join(known)}.")
        return known[name]
