"""Questions that pages ask all day: compiled to SQL once per person and state of the rights, then only the ids change.

Putting a statement together costs the object-relational layer some ten times what a database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from copy import copy
from time import time
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.where import WhereNode

from guanxi.kernel import clock, planned

Question = Callable[..., QuerySet[Any]]
MARK = 7_000_000_000_000_000_000  # no id of ours comes near it for centuries
Ids = tuple[int | None, ...]
Row = tuple[Any, ...]


class Kept(dict[Hashable, Any]):
    """What was made once in this process, under keys that say everything it depends on: at most so many, else the older
    half goes.  With an `age` in seconds it is made again after that time at the latest.
    """

    def __init__(self, most: int, age: int = 0) -> None:
        self.most, self.age = most, age

    def __call__(self, key: Hashable, make: Callable[[], Any]) -> Any:
        key = (time() // self.age, key) if self.age else key
        try:
            return self[key]
        except KeyError:  # not asked with `in`: another thread may empty it in between
            made = make()
        if len(self) >= self.most:
            for old in list(self)[: self.most // 2]:
                self.pop(old, None)
        self[key] = made
        return made


kept = Kept(2_000)  # some 26 kB each; eight pages of one person make fifty


def ask(question: Question, user: Any, *ids: int | None, **fixed: Hashable) -> list[Any]:
    """The rows of `question(user, *ids, **fixed)`, a query that it only describes.

    What it says may depend on nothing but the person's rights, `fixed`, and the ids, which it uses as values of
    conditions and does not look at.
    """
    return [] if None in ids else _prepared(question, user, len(ids), **fixed).rows(ids)


def answer(key: tuple[Hashable, ...], describe: Question, ids: Ids) -> list[Any]:
    """The rows of `describe(*ids)`, under a key that says everything else it depends on."""
    prepared: Prepared = kept(key, lambda: Prepared(describe, len(ids), key))
    return prepared.rows(ids)


def among(key: tuple[Hashable, ...], describe: Question, ids: Ids, most: int) -> list[Any]:
    """The rows of `describe(*ids)` for some ids, usually at most so many: filled up, so that one statement serves all."""
    filled = (*ids, *ids[-1:] * (most - len(ids)))
    return answer((*key, len(filled)), describe, filled) if ids else []


def once(row: Any, question: Question, user: Any, **fixed: Hashable) -> list[Any]:
    """The rows of `question(user, row.pk, **fixed)`, asked once for all panels of the row's page."""
    asked = _asked(row)
    key = (question, user and user.pk, *sorted(fixed.items()))
    if key not in asked:
        asked[key] = ask(question, user, row.pk, **fixed)
    return asked[key]


def settled(question: Question, company: Any) -> list[Any]:
    """The rows of `question(None, company.pk)`, a company's configuration, kept for pages until its version is raised."""
    key = (question, company.pk, company.config_version)
    return kept(key, lambda: ask(question, None, company.pk))  # type: ignore[no-any-return]


def together(row: Any, questions: Iterable[Question], user: Any) -> None:
    """Asks in one statement what panels will ask `once`."""
    if not (wanted := tuple(dict.fromkeys(questions))):
        return
    joint: Joint = kept((wanted, reach(user)), lambda: Joint([_prepared(question, user, 1) for question in wanted]))
    for question, rows in zip(wanted, joint.answers((row.pk,)), strict=True):
        _asked(row)[question, user and user.pk] = rows


def _asked(row: Any) -> dict[tuple[Hashable, ...], list[Any]]:
    return row.__dict__.setdefault("_asked", {})  # type: ignore[no-any-return]


def _prepared(question: Question, user: Any, number: int, **fixed: Hashable) -> Prepared:
    key = (question, reach(user), number, *sorted(fixed.items()))
    return kept(key, lambda: Prepared(lambda *marks: question(user, *marks, **fixed), number, key))  # type: ignore[no-any-return]


def reach(user: Any) -> Hashable:
    """Everything a person's scope is computed from, the day for deputies and relative days included; see org.access."""
    return user and (user.pk, user.company_id, user.department_id, user.company.config_version, clock.today())


class Statement:
    """SQL of which only the ids change; all else is its text, so that the plan is kept (see kernel.planned)."""

    def __init__(self, using: str, sql: str, params: Iterable[Any], number: int) -> None:
        self.using, self.named = using, {MARK + n: f"%(id{n})s" for n in range(number)}
        self.sql = planned.inlined(connections[using], sql, tuple(params)).replace("%", "%%")
        for mark, name in self.named.items():
            self.sql = self.sql.replace(str(mark), name)

    def fetch(self, ids: Ids) -> list[Row]:
        connection: Any = connections[self.using]  # that of this thread
        with planned.planning(connection) if connection.vendor == "postgresql" else connection.cursor() as cursor:
            cursor.execute(self.sql, {f"id{n}": pk for n, pk in enumerate(ids)})
            return cursor.fetchall()  # type: ignore[no-any-return]


class Prepared:
    """One compiled query; `slots` are the types of its columns in the database, each with its number among the same."""

    def __init__(self, describe: Question, number: int, key: tuple[Hashable, ...]) -> None:
        self.question = describe(*(MARK + n for n in range(number)))
        self.compiler = self.question.query.get_compiler(self.question.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:  # nothing is in this person's scope
            self.sql = ""
            return
        self.statement = Statement(self.question.db, self.sql, self.params, number)
        if any(name not in self.statement.sql for name in self.statement.named.values()):
            raise RuntimeError(f"{key} does not use its ids as values of conditions.")
        self.question.query.where = WhereNode()  # it has become SQL; copying it for each answer would cost time
        shown = [one for one, *_sql in self.compiler.select]
        kinds = [(one.output_field.db_type(self.compiler.connection) or "").partition("(")[0] for one in shown]
        converters = self.compiler.get_converters(shown[: self.compiler.col_count])
        self.compiler.get_converters = lambda _fields: converters  # the same for every answer
        self.slots = [(kind, kinds[:n].count(kind)) for n, kind in enumerate(kinds)]

    def rows(self, ids: Ids) -> list[Any]:
        return self.read(self.statement.fetch(ids)) if self.sql else []

    def read(self, found: list[Row]) -> list[Any]:
        """What the question makes of rows as the database gives them."""
        if not found:
            return []
        compiler: Any = copy(self.compiler)
        compiler.connection = connections[self.question.db]
        compiler.execute_sql = lambda *_args, **_more: [found]
        answer = self.question.all()
        answer.query.get_compiler = lambda *_args, **_more: compiler  # type: ignore[method-assign]
        return list(answer)


class Joint:
    """Several questions about one id as one statement, in which columns of the same type share their places."""

    def __init__(self, wanted: list[Prepared]) -> None:
        self.wanted, self.parts = wanted, (parts := [part for part in wanted if part.sql])
        slots = list(dict.fromkeys(slot for part in parts for slot in part.slots))
        self.places = [[slots.index(slot) for slot in part.slots] for part in parts]
        named, arms = [], []
        for n, (part, places) in enumerate(zip(parts, self.places, strict=True)):
            named.append(
                f"q{n}({', '.join(f'c{at}' for at in places)}) AS MATERIALIZED ({part.sql})"
            )  # keeps its order
            given = (f"c{at}" if at in places else f"CAST(NULL AS {kind})" for at, (kind, _n) in enumerate(slots))
            arms.append(f"SELECT {n}, {', '.join(given)} FROM q{n}")  # noqa: S608 -- nothing typed in
        sql = f"WITH {', '.join(named)} {' UNION ALL '.join(arms)}"
        self.statement = parts and Statement(parts[0].question.db, sql, (p for part in parts for p in part.params), 1)

    def answers(self, ids: Ids) -> list[list[Any]]:
        """The rows of each of the questions, in their order."""
        found: dict[Prepared, list[Row]] = {}
        for which, *row in self.statement.fetch(ids) if self.statement else ():
            found.setdefault(self.parts[which], []).append(tuple([row[at] for at in self.places[which]]))
        return [part.read(found.get(part, [])) for part in self.wanted]
