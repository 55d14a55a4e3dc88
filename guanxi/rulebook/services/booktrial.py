"""A whole book on trial: each clause of a file as the draft it would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Company
from guanxi.rulebook.links import settled
from guanxi.rulebook.models import Clause
from guanxi.rulebook.services.backtest import PASTLESS, Trial, try_out
from guanxi.rulebook.services.bookfile import Book, BookClause
from guanxi.rulebook.services.books import belongs
from guanxi.rulebook.services.clauses import in_force, same_kind
from guanxi.rulebook.spec import Missing, SpecError, check, read

LAST_DAY = _("What must hold is looked at on the last day alone: nobody has written down how it was before.")


@dataclass
class Tried:
    """A clause of a file on trial: with a result, or with what it waits for or what is wrong with it."""

    clause: BookClause
    standing: str  # new | changed | unchanged, beside what holds in the company today
    trial: Trial | None = None
    waits_for: str = ""
    wrong: str = ""
    note: str = ""


def try_book(company: Company, book: Book, first: date, last: date) -> Iterator[Tried]:
    """Each clause of a file as the draft it would be; what would be refused at loading is wrong here, too."""
    held = {
        clause.code: clause for clause in Clause.objects.filter(company=company).select_related("article__regulation")
    }
    for clause in book.clauses:
        known = held.get(clause.code)
        version = in_force(known) if known is not None else None
        found = Tried(clause, "new" if version is None else "changed")
        try:
            found.clause = replace(clause, spec=settled(clause.spec, company))
            if version is not None and settled(version.spec, company) == found.clause.spec:
                found.standing = "unchanged"
            if known is not None:
                belongs(known, book)
                same_kind(known, clause.spec)
            _try(company, found, first, last)
        except SpecError as error:
            found.wrong = str(error)
        yield found


def _try(company: Company, found: Tried, first: date, last: date) -> None:
    spec = found.clause.spec
    try:
        check(read(spec), company)
    except Missing as missing:
        found.waits_for = str(missing)
    else:
        if spec["kind"] == "guard":
            found.note = str(PASTLESS)
        else:
            found.trial = try_out(company, spec, first, last)
            found.note = str(LAST_DAY) if spec["kind"] == "holds" else ""
