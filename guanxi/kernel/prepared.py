"""Questions that pages ask all day: compiled to SQL once per person and state of the rights, then only the ids change.

Putting a statement together costs the object-relational layer some ten times what a database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.where import WhereNode

from guanxi.kernel import clock

Question = Callable[..., QuerySet[Any]]
MARK = 7_000_000_000_000_000_000  # no id of ours comes near it for centuries
MOST = 1_000
_kept: dict[tuple[Hashable, ...], Prepared] = {}


def ask(question: Question, user: Any, *ids: int | None, **fixed: Hashable) -> list[Any]:
    """The rows of `question(user, *ids, **fixed)`, a query that it only describes.

    What it says may depend on nothing but the person's rights, `fixed`, and the ids, which it uses as values of
    conditions and does not look at.
    """
    if None in ids:
        return []
    key = (question, reach(user), len(ids), *sorted(fixed.items()))
    return answer(key, lambda *marks: question(user, *marks, **fixed), ids)


def answer(key: tuple[Hashable, ...], describe: Question, ids: tuple[int | None, ...]) -> list[Any]:
    """The rows of `describe(*ids)`, under a key that says everything else it depends on."""
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= MOST:
            _kept.clear()
        found = _kept[key] = Prepared(describe, len(ids), key)
    return found.rows(ids)


def reach(user: Any) -> Hashable:
    """Everything a person's scope is computed from, the day for deputies and relative days included; see org.access."""
    return user and (user.pk, user.company_id, user.department_id, user.company.config_version, clock.today())


class Prepared:
    """One compiled query; `places` are the positions of its parameters that are ids, with the number of the id."""

    def __init__(self, describe: Question, number: int, key: tuple[Hashable, ...]) -> None:
        self.question = describe(*(MARK + n for n in range(number)))
        self.compiler = self.question.query.get_compiler(self.question.db)
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:  # nothing is in this person's scope
            self.sql, params = "", ()
        self.params = list(params)
        self.places = [(n, p - MARK) for n, p in enumerate(params) if isinstance(p, int) and MARK <= p < MARK + number]
        if self.sql and {mark for _n, mark in self.places} != set(range(number)):
            raise RuntimeError(f"{key} does not use its ids as values of conditions.")
        self.question.query.where = WhereNode()  # it has become SQL; copying it for each answer would cost time

    def rows(self, ids: tuple[int | None, ...]) -> list[Any]:
        if not self.sql:
            return []
        params = self.params.copy()
        for place, number in self.places:
            params[place] = type(params[place])(ids[number])
        compiler: Any = copy(self.compiler)
        compiler.connection = connections[self.question.db]  # that of this thread
        compiler.as_sql = lambda *_args, **_more: (self.sql, tuple(params))
        answer = self.question.all()
        answer.query.get_compiler = lambda *_args, **_more: compiler  # type: ignore[method-assign]
        return list(answer)


def once(row: Any, question: Question, user: Any, **fixed: Hashable) -> list[Any]:
    """The rows of `question(user, row.pk, **fixed)`, asked once for all panels of the row's page."""
    kept: dict[tuple[Hashable, ...], list[Any]] = row.__dict__.setdefault("_asked", {})
    key = (question, user and user.pk, *sorted(fixed.items()))
    if key not in kept:
        kept[key] = ask(question, user, row.pk, **fixed)
    return kept[key]
