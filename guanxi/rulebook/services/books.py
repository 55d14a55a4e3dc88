"""Rulebooks as files: read and checked, loaded into a company without touching what it has changed, and written again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import resources
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import Department, User
from guanxi.rulebook.links import portable, settled
from guanxi.rulebook.models import Article, Clause, ClauseVersion, Regulation
from guanxi.rulebook.services.bookfile import Book, BookArticle, BookClause, read_book
from guanxi.rulebook.services.clauses import dormant_because, in_force, new_version, put_into_force
from guanxi.rulebook.spec import SpecError, read

State = ClauseVersion.State


@dataclass
class Loaded:
    """The codes of a book by what became of them; dormant ones are also among the others."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    dormant: list[str] = field(default_factory=list)


def ready() -> list[Book]:
    """The books that ship with the product."""
    files = (file for file in resources.files("guanxi.rulebook").joinpath("books").iterdir())
    return [
        read_book(file.read_text("utf-8"))
        for file in sorted(files, key=lambda f: f.name)
        if file.name.endswith(".json")
    ]


@in_unit_of_work
def load(company: Company, book: Book, *, actor: User | None = None, effective_on: date | None = None) -> Loaded:
    """Put a book into force from a day on (today); what the company has written itself stays as it is."""
    day, found = effective_on or clock.today(), Loaded()
    regulation = _regulation(company, book, day)
    for position, part in enumerate(book.articles, 1):
        article = _article(regulation, part, position)
        for clause in part.clauses:
            try:
                row = _clause(article, clause, book)
                here = replace(clause, spec=settled(clause.spec, company))
                _bring(row, here, book, found, (actor, day))
            except SpecError as error:
                raise SpecError(_("Clause %(code)s: %(why)s") % {"code": clause.code, "why": error}) from error
            if row.waits_for:
                found.dormant.append(clause.code)
    return found


def _regulation(company: Company, book: Book, day: date) -> Regulation:
    """The document; its words are set once, afterwards they are the company's."""
    row: Regulation | None = Regulation.objects.filter(company=company, code=book.slug).first()
    if row is None:
        interpreter = Department.objects.filter(company=company, name=book.interpreter).first()
        row = Regulation(
            company=company, code=book.slug, title=book.title, purpose=book.purpose, scope=book.scope, source=book.source,
            interpreter=interpreter, effective_on=day,
        )  # fmt: skip
        row.save()
    return row


def _article(regulation: Regulation, part: BookArticle, position: int) -> Article:
    row: Article | None = Article.objects.filter(regulation=regulation, number=part.number).first()
    if row is None:
        row = Article(
            company_id=regulation.company_id, regulation=regulation, chapter=part.chapter, number=part.number,
            title=part.title, text=part.text, position=position, carried_out_by=part.carried_out_by,
            supervised_by=part.supervised_by,
        )  # fmt: skip
        row.save()
    return row


def _clause(article: Article, part: BookClause, book: Book) -> Clause:
    row: Clause | None = Clause.objects.filter(company_id=article.company_id, code=part.code).first()
    if row is None:
        kind = str(part.spec["kind"])
        row = Clause(
            company_id=article.company_id, article=article, code=part.code, title=part.title, kind=kind, basis=part.basis
        )  # fmt: skip
        row.save()
    else:
        belongs(row, book)
    return row


def belongs(row: Clause, book: Book) -> None:
    """A code belongs to one book."""
    if row.article is not None and row.article.regulation.code != book.slug:
        raise SpecError(_("This code belongs to “%(name)s” already.") % {"name": row.article.regulation.title})


def _bring(row: Clause, part: BookClause, book: Book, found: Loaded, told: tuple[User | None, date]) -> None:
    """A version of its own for what is new or has changed in the book, unless the company has written the last one."""
    actor, day = told
    last = ClauseVersion.objects.filter(clause=row).exclude(state=State.WITHDRAWN).order_by("-number").first()
    if last is not None and (
        not last.shipped or last.spec == part.spec or settled(last.spec, row.company) == part.spec
    ):
        _awake(row, last)
        found.kept.append(part.code)
        return
    note = "" if last is None else str(_("Edition %(name)s of the ready book") % {"name": book.edition})
    version = new_version(row, dict(part.spec), day, note=note, shipped=f"{book.slug} {book.edition}")
    put_into_force(version, actor)
    row.refresh_from_db()
    (found.new if last is None else found.updated).append(part.code)


def _awake(row: Clause, version: ClauseVersion) -> None:
    """What a clause waited for may have been installed since."""
    waits_for = dormant_because(read(version.spec), row.company)[:200]
    if row.waits_for != waits_for:
        row.waits_for = waits_for
        row.save()


# -- writing


def export(company: Company, regulation: Regulation) -> dict[str, Any]:
    """The regulation as a book, with what its clauses say today; those switched off or never published stay out."""
    chapters: list[dict[str, Any]] = []
    editions: set[str] = set()
    for article in Article.objects.filter(company=company, regulation=regulation).order_by("position", "pk"):
        if not chapters or chapters[-1]["title"] != article.chapter:
            chapters.append({"title": article.chapter, "articles": []})
        clauses = list(_exported(article, editions))
        chapters[-1]["articles"].append({
            "number": article.number, "title": article.title, "text": article.text,
            "carried_out_by": article.carried_out_by, "supervised_by": article.supervised_by, "clauses": clauses,
        })  # fmt: skip
    words = {
        "title": regulation.title, "purpose": regulation.purpose, "scope": regulation.scope,
        "interpreter": regulation.interpreter.name if regulation.interpreter else "", "chapters": chapters,
    }  # fmt: skip
    edition = max(editions, default="") or clock.today().isoformat()
    return {"book": regulation.code, "title": regulation.title, "edition": edition, "source": regulation.source,
            "regulation": words}  # fmt: skip


def _exported(article: Article, editions: set[str]) -> Iterator[dict[str, Any]]:
    for clause in Clause.objects.filter(article=article, is_active=True).order_by("pk"):
        version = in_force(clause)
        if version is not None:
            editions.add(version.shipped.rpartition(" ")[2])
            try:
                spec = portable(version.spec, article.company)
            except SpecError as error:
                raise SpecError(_("Clause %(code)s: %(why)s") % {"code": clause.code, "why": error}) from error
            yield {"code": clause.code, "title": clause.title, "basis": clause.basis, "spec": spec}


def listed(company: Company | None) -> list[dict[str, Any]]:
    """Every ready book and every regulation of the company, each clause with what holds and what it waits for."""
    regulations = {r.code: r for r in Regulation.objects.filter(company=company)} if company else {}
    found = {book.slug: book for book in ready()}
    rows = []
    for slug in dict.fromkeys([*found, *regulations]):
        own = regulations.get(slug)
        title = own.title if own else found[slug].title
        clauses = _of_company(own) if own else [_of_book(clause) for clause in found[slug].clauses]
        edition = found[slug].edition if slug in found else ""
        rows.append({"book": slug, "title": title, "edition": edition, "loaded": own is not None, "clauses": clauses})
    return rows


def _of_company(regulation: Regulation) -> list[dict[str, Any]]:
    rows = []
    for clause in Clause.objects.filter(article__regulation=regulation).order_by("article__position", "pk"):
        version = in_force(clause)
        rows.append({
            "code": clause.code, "title": clause.title, "kind": clause.kind, "version": version.number if version else None,
            "effective_on": version.effective_on.isoformat() if version else None, "waits_for": clause.waits_for,
            "spec": version.spec if version else None,
        })  # fmt: skip
    return rows


def _of_book(clause: BookClause) -> dict[str, Any]:
    return {"code": clause.code, "title": clause.title, "kind": read(clause.spec).kind, "version": None,
            "effective_on": None, "waits_for": "", "spec": dict(clause.spec)}  # fmt: skip


def written(book: dict[str, Any]) -> str:
    """A book as the text of its file."""
    return json.dumps(book, ensure_ascii=False, indent=2) + "\n"
