"""The file of a rulebook: read from JSON text, every part checked, and refused with the place where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.rulebook.spec import SpecError, read

DEEPEST = 60  # levels of brackets; a rule needs fifteen
DEEP = _("The file is nested too deeply.")


@dataclass(frozen=True)
class BookClause:
    code: str
    title: str
    basis: str
    spec: Mapping[str, Any]


@dataclass(frozen=True)
class BookArticle:
    chapter: str
    number: str
    title: str
    text: str
    carried_out_by: str
    supervised_by: str
    clauses: tuple[BookClause, ...]


@dataclass(frozen=True)
class Book:
    slug: str
    title: str
    edition: str
    source: str
    purpose: str
    scope: str
    interpreter: str
    articles: tuple[BookArticle, ...]

    @property
    def clauses(self) -> Iterator[BookClause]:
        return (clause for article in self.articles for clause in article.clauses)


def read_book(text: str) -> Book:
    """A book from its text; SpecError names the article or the code of the clause that is wrong."""
    raw = _json(text)
    words = _object(_object(raw, "book").get("regulation"), "regulation")
    articles = tuple(
        _article(article, _text(_object(chapter, "chapters"), "title", 80))
        for chapter in _list(words, "chapters")
        for article in _list(chapter, "articles")
    )
    _once([article.number for article in articles])
    _once([clause.code for article in articles for clause in article.clauses])
    slug = _text(raw, "book", 40)
    if not slug.replace("-", "").replace("_", "").isalnum() or not slug.isascii():
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": "book"})
    return Book(
        slug, _text(words, "title", 120), _text(raw, "edition", 20), _text(raw, "source", 120, needed=False),
        _text(words, "purpose", 2000, needed=False), _text(words, "scope", 1000, needed=False),
        _text(words, "interpreter", 120, needed=False), articles,
    )  # fmt: skip


def _json(text: str) -> Any:
    """The text as JSON, without what no database keeps: NaN, halves of characters, the character zero."""
    try:
        raw = json.loads(text.removeprefix("\ufeff"))
        json.dumps(raw, ensure_ascii=False, allow_nan=False).encode()
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise SpecError(_("The file is not JSON: line %(line)s, column %(column)s cannot be read.") % place) from error
    except ValueError as error:  # a number that is none, half a character
        raise SpecError(_("The file is not JSON: it holds something JSON has no way to write.")) from error
    except RecursionError as error:
        raise SpecError(DEEP) from error
    _sound(raw, 0)
    return raw


def _sound(raw: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise SpecError(DEEP)
    if isinstance(raw, str) and "\x00" in raw:
        raise SpecError(_("The file holds a character that cannot be stored: %(text)s") % {"text": ascii(raw[:40])})
    for part in [*raw, *raw.values()] if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        _sound(part, depth + 1)


def _article(raw: Any, chapter: str) -> BookArticle:
    raw = _object(raw, "articles")
    number = _text(raw, "number", 20)
    try:
        return BookArticle(
            chapter, number, _text(raw, "title", 120), _text(raw, "text", 6000, needed=False),
            _text(raw, "carried_out_by", 120, needed=False), _text(raw, "supervised_by", 120, needed=False),
            tuple(_clause(clause) for clause in _list(raw, "clauses")),
        )  # fmt: skip
    except SpecError as error:
        raise SpecError(f"{number}: {error}") from error


def _clause(raw: Any) -> BookClause:
    raw = _object(raw, "clauses")
    code = _text(raw, "code", 40)
    try:
        spec = _object(raw.get("spec"), "spec")
        read(spec)
        return BookClause(code, _text(raw, "title", 120), _text(raw, "basis", 120, needed=False), spec)
    except SpecError as error:
        raise SpecError(_("Clause %(code)s: %(why)s") % {"code": code, "why": error}) from error


def _object(raw: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return raw


def _list(raw: Any, name: str) -> list[Any]:
    found = _object(raw, name).get(name, [])
    if not isinstance(found, list):
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return found


def _text(raw: Mapping[str, Any], name: str, most: int, *, needed: bool = True) -> str:
    found = raw.get(name, "")
    if not isinstance(found, str) or len(found) > most or "\x00" in found or (needed and not found.strip()):
        raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": name})
    return found


def _once(names: list[str]) -> None:
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise SpecError(_("“%(name)s” stands in the book twice.") % {"name": twice})
