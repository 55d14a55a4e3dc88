"""Ready rulebooks and a company: what a book brings that the company does not have yet, and taking it over (GOV-02)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.kernel import clock, work
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.rulebook.models import Clause, ClauseVersion, Regulation
from guanxi.rulebook.services.bookfile import Book, BookClause
from guanxi.rulebook.services.books import belongs, load, ready
from guanxi.rulebook.services.clauses import dormant_because
from guanxi.rulebook.spec import SpecError, read

SUBJECT = "rulebook.edition"
RIGHT = ("publish", "rulebook.clause")


@dataclass
class Edition:
    """A ready book beside what the company has of it; `changed` holds the rule that would give way."""

    book: Book
    regulation: Regulation | None = None
    new: list[BookClause] = field(default_factory=list)
    changed: list[tuple[BookClause, Mapping[str, Any]]] = field(default_factory=list)
    kept: list[tuple[BookClause, Mapping[str, Any]]] = field(default_factory=list)
    woken: list[BookClause] = field(default_factory=list)  # waited for something that is there by now
    foreign: list[BookClause] = field(default_factory=list)
    same: int = 0
    asked: Approval | None = None

    @property
    def offers(self) -> bool:
        return bool(self.n) and not self.foreign

    @property
    def n(self) -> int:
        return len(self.new) + len(self.changed) + len(self.woken)

    @property
    def upgrades(self) -> bool:
        return self.offers and self.regulation is not None


@cache
def shipped() -> tuple[Book, ...]:
    """The books of this installation, read once."""
    return tuple(ready())


def editions(company: Company) -> list[Edition]:
    """Every ready book compared with the company's clauses, in three statements."""
    codes = [clause.code for book in shipped() for clause in book.clauses]
    clauses = Clause.objects.filter(company=company, code__in=codes).select_related("article__regulation", "company")
    known = {row.code: row for row in clauses}
    versions = ClauseVersion.objects.filter(clause__in=known.values()).exclude(state=ClauseVersion.State.WITHDRAWN)
    last = {row.clause_id: row for row in versions.order_by("number")}
    regulations = {row.code: row for row in Regulation.objects.filter(company=company)}
    asked = {row.payload.get("book"): row for row in _asked(company)}
    found = []
    for book in shipped():
        one = Edition(book, regulations.get(book.slug), asked=asked.get(book.slug))
        for part in book.clauses:
            _compare(one, part, known.get(part.code), last)
        found.append(one)
    return found


def _asked(company: Company) -> Iterator[Approval]:
    yield from Approval.objects.filter(company=company, kind=SUBJECT, state=Approval.State.PENDING)


def _compare(one: Edition, part: BookClause, row: Clause | None, last: Mapping[int, ClauseVersion]) -> None:
    """The same question `load` asks, without writing."""
    version = last.get(row.pk) if row is not None else None
    try:
        if row is not None:
            belongs(row, one.book)
    except SpecError:
        one.foreign.append(part)
        return
    if version is None:
        one.new.append(part)
    elif version.spec == part.spec:
        one.same += 1
        if row is not None and row.waits_for and not dormant_because(read(version.spec), row.company):
            one.woken.append(part)
    elif version.shipped:
        one.changed.append((part, version.spec))
    else:
        one.kept.append((part, version.spec))


def take(company: Company, slug: str, *, actor: User, effective_on: date, reason: str = "") -> Approval:
    """Ask for a ready book to be put into force: approved where the company has a chain for it, else at once."""
    if not actor.may(*RIGHT):
        raise Refused(_("Your role may not put rules into force."))
    one = next((one for one in editions(company) if one.book.slug == slug), None)
    if one is None or not one.offers:
        raise Refused(_("This rulebook has nothing new for your company."))
    if one.asked is not None:
        raise Refused(_("This rulebook waits for approval already."))
    if effective_on < clock.today():
        raise Refused(_("New rules hold from today on at the earliest."), field="effective_on")
    title = gettext("Load the rulebook %(name)s") % {"name": one.book.title}
    payload = {"book": slug, "edition": one.book.edition, "effective_on": effective_on.isoformat()}
    request = Request(SUBJECT, title, reason=reason, row=one.regulation, payload=payload)
    return work.unit_of_work(lambda: ask(request, actor=actor))


def asked_for(approval: Approval) -> Edition | None:
    """The book of a request, compared with the company as it is now."""
    return next((one for one in editions(approval.company) if one.book.slug == approval.payload.get("book")), None)


def _facts(approval: Approval) -> Iterator[tuple[Any, str]]:
    yield _("Effective from"), str(approval.payload.get("effective_on", ""))
    yield pgettext_lazy("rulebook", "Edition"), str(approval.payload.get("edition", ""))


@subject(SUBJECT, label=_("Loading of a ready rulebook"), facts=_facts, steps=({"who": "head"},))
def _agreed(approval: Approval) -> str:
    book = next((book for book in shipped() if book.slug == approval.payload.get("book")), None)
    if book is None:
        raise Refused(_("This rulebook has nothing new for your company."))
    day = max(date.fromisoformat(approval.payload["effective_on"]), clock.today())
    found = load(approval.company, book, actor=approval.owner, effective_on=day)
    n = len(found.new) + len(found.updated)
    if not n:
        return gettext("The clauses that waited work from now on")
    return ngettext("%(n)s clause in force from %(day)s", "%(n)s clauses in force from %(day)s", n) % {
        "n": n,
        "day": day,
    }
