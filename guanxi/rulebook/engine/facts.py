"""How a rule's words become conditions on rows: the subjects, who owes, whose customer, and the evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.fields import BigIntegerField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity
from guanxi.kernel.fields import Field
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.filters.env import start_of
from guanxi.kernel.models import Company
from guanxi.rulebook.engine.asked import any_at, kept
from guanxi.rulebook.engine.times import DAY
from guanxi.rulebook.models import ClauseVersion
from guanxi.rulebook.spec import Evidence, Spec, SpecError, path_of, read, the_entity, the_field
from guanxi.worktime.queries import CompanyCalendar as Calendar

Rows = Any  # a query set of any model
NOBODY = Value(None, output_field=BigIntegerField(null=True))


@dataclass
class Rule:
    """One version of a clause, ready to be carried out for a company."""

    version: ClauseVersion
    company: Company
    calendar: Calendar

    @cached_property
    def spec(self) -> Spec:
        return read(self.version.spec)

    @property
    def clause_id(self) -> int:
        return int(self.version.clause_id)

    @cached_property
    def model(self) -> Any:
        return self.spec.entity.model

    def path(self, name: str) -> str:
        return path_of(self.spec.entity, name, self.company)

    def subjects(self, day: date) -> Rows:
        """The rows the rule speaks of, as of a day."""
        rows = self.model._base_manager.filter(company_id=self.company.pk, deleted_at=None)
        return rows.filter(to_q(self.spec.node(self.company), Env(as_of=day))).order_by()

    @cached_property
    def key(self) -> tuple[Hashable, ...]:
        """All that a statement made from this rule depends on, but for the moment."""
        company = self.company
        return company.pk, company.config_version, self.version.pk, json.dumps(self.version.spec, sort_keys=True)

    def any(self, name: str, moment: datetime, rows: Callable[[datetime], Rows]) -> bool:
        """Whether there are such rows; `rows` may look at nothing but the rule and the moment."""
        return any_at((*self.key, name), moment, rows)

    @property
    def timeless(self) -> bool:
        """Whether the same rows are meant on every day, as long as the rows stay as they are."""
        return bool(kept((*self.key, "timeless"), self._timeless))

    def _timeless(self) -> bool:
        env = Env(as_of=date(2024, 3, 6))
        to_q(self.spec.node(self.company), env)
        if "today" in vars(env):  # the day was asked for, which an environment works out at first sight
            return False
        return "rulebook_duty" not in self.subjects(env.today).query.sql_with_params()[0]

    def living(self, rows: Rows, first: date, last: date) -> Rows:
        """Those of the rows that live through a whole period: begun before it, not ended in it."""
        since, until = self.spec.alive
        if since:
            rows = rows.filter(self._edge(since, "lt", first + DAY))
        if until:
            rows = rows.filter(Q(**{f"{self.path(until)}__isnull": True}) | self._edge(until, "gte", last))
        return rows

    def _edge(self, name: str, word: str, day: date) -> Q:
        found = the_field(self.spec.entity, name, self.company)
        return Q(**{f"{found.path}__{word}": start_of(day) if found.kind == "datetime" else day})

    def on(self, rows: Rows, day: date) -> Rows:
        """Those whose moment lies on a day."""
        return rows.filter(self._edge(self.spec.since, "gte", day), self._edge(self.spec.since, "lt", day + DAY))

    def until(self, rows: Rows, first: date, moment: datetime) -> Rows:
        """Those whose moment lies between the start of a day and a moment."""
        found = the_field(self.spec.entity, self.spec.since, self.company)
        edge: Any = moment if found.kind == "datetime" else moment.astimezone(start_of(first).tzinfo).date()
        return rows.filter(self._edge(self.spec.since, "gte", first), **{f"{found.path}__lte": edge})

    # -- who owes, and whose customer it is

    def person(self) -> tuple[Any, Any]:
        """Expressions for who owes and that person's department; nobody yet where a role's holder is looked for later."""
        who = self.spec.who
        if who.role:
            return NOBODY, self._department()
        if who.path == "self":
            link, person = "", "pk"
        else:
            link, person = self._link(who.path), self.path(who.path)
        if self.spec.about == "org.department":  # its people, through it: the head
            return F("head_id"), F("pk")
        if who.head:
            return head_over(f"{link}department", person), F(f"{link}department_id")
        return F(person), F(f"{link}department_id")

    def _link(self, name: str) -> str:
        """`account.owner` as a prefix for what hangs on it: `account__owner__`."""
        return the_field(self.spec.entity, name, self.company).path.removesuffix("_id") + "__"

    def _department(self) -> Any:
        columns = {f.name for f in self.model._meta.concrete_fields}
        if self.spec.about == "org.department":
            return F("pk")
        if {"department", "owner"} <= columns:
            return Coalesce(F("department_id"), F("owner__department_id"))
        if "department" in columns:
            return F("department_id")
        if self.spec.customer not in ("", "self"):
            return F(f"{self._link(self.spec.customer)}department_id")
        return NOBODY

    def customer(self) -> Any:
        if not self.spec.customer:
            return NOBODY
        return F("pk") if self.spec.customer == "self" else F(self.path(self.spec.customer))

    # -- evidence

    @cached_property
    def done(self) -> Evidence:
        if self.spec.done is None:
            raise SpecError(_("“%(name)s” is missing or not readable.") % {"name": "done"})
        return self.spec.done

    @cached_property
    def by(self) -> Entity:
        return the_entity(self.done.by)

    @cached_property
    def at(self) -> Field:
        """The moment of the evidence."""
        return the_field(self.by, self.done.at, self.company)

    def evidence(self, moment: datetime) -> Rows:
        """What fulfils a duty (the outer row), by a moment, earliest first."""
        done, by, at = self.done, self.by, self.at
        rows = by.model._base_manager.filter(company_id=self.company.pk)
        if any(f.name == "deleted_at" for f in by.model._meta.concrete_fields):
            rows = rows.filter(deleted_at=None)
        rows = rows.filter(to_q(parse(done.where, by, self.company), Env(as_of=moment.date())))
        for mine, theirs in done.match:
            rows = rows.filter(**{path_of(by, theirs, self.company): self._mine(mine)})
        if at.kind == "datetime":
            rows = rows.filter(**{f"{at.path}__gte": OuterRef("opened_at"), f"{at.path}__lte": moment})
        else:
            day = moment.astimezone(start_of(moment.date()).tzinfo).date()
            rows = rows.filter(**{f"{at.path}__gte": OuterRef("opened_on"), f"{at.path}__lte": day})
        if self.spec.kind == "every":
            word = "overdue_at" if at.kind == "datetime" else "overdue_on"
            rows = rows.filter(**{f"{at.path}__lte": OuterRef(word)})
        return rows.order_by(at.path, "pk")

    def _mine(self, name: str) -> Any:
        """The value of a subject's field, said from the duty."""
        if name in ("", "id"):
            return OuterRef("subject_id")
        if name == self.spec.customer:
            return OuterRef("account_id")
        if name == self.spec.who.path and not self.spec.who.head:
            return OuterRef("owner_id")
        return Subquery(
            self.model._base_manager.filter(pk=OuterRef(OuterRef("subject_id"))).values(self.path(name))[:1]
        )

    def still(self, day: date) -> Exists:
        """Whether a duty's subject is still one the rule speaks of."""
        return Exists(self.subjects(day).filter(pk=OuterRef("subject_id")))


def head_over(department: str, person: str) -> Case:
    """The head of a person's department; who heads it answers to the head of the department above."""
    own = f"{department}__head_id"
    return Case(When(**{own: F(person)}, then=F(f"{department}__parent__head_id")), default=F(own))
