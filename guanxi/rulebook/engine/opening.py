"""Opening duties: one INSERT … SELECT per clause and day, straight from the subjects' table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, JSONField, Max, OuterRef, TextField, Value, When, Window
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber, StrIndex, Substr, TruncDate

from guanxi.kernel.fields import DAYS, Field
from guanxi.kernel.filters.env import start_of
from guanxi.kernel.ids import new_id
from guanxi.org.models import Absence, Department, User
from guanxi.rulebook.engine.facts import Rows, Rule
from guanxi.rulebook.engine.times import Period, after, around, beginning, end_of, local_day
from guanxi.rulebook.models import Duty
from guanxi.rulebook.spec import the_field

OPEN, MISSED = Duty.State.OPEN, Duty.State.MISSED


def open_within(rule: Rule, first: date, last: date | None, moment: datetime) -> int:
    """Duties for every subject whose moment has come and who has none; `last` is the version's last day."""

    def come(moment: datetime) -> Rows:
        rows = owed(rule, rule.until(rule.subjects(local_day(moment)), first, moment))
        return rows.filter(~Exists(duties_of(rule).filter(subject_id=OuterRef("pk"))))

    if not rule.any(f"come {first}", moment, come):
        return 0
    rows = come(moment)
    found = the_field(rule.spec.entity, rule.spec.since, rule.company)
    days = rows.annotate(_day=TruncDate(found.path) if found.kind == "datetime" else F(found.path))
    opened = 0
    for day in list(days.values_list("_day", flat=True).distinct().order_by("_day")):
        if last is None or day <= last:
            opened += _open_day(rule, rule.on(rows, day), day, found)
    return opened


@dataclass(frozen=True)
class Terms:
    """When a set of duties begins and ends: expressions, or one moment for all; `day` is the day they begin on."""

    turn: int
    opened: Any
    day: date
    due: Any
    overdue: Any


def _open_day(rule: Rule, rows: Rows, day: date, found: Field) -> int:
    start, wait, grace = start_of(day), rule.spec.within, rule.spec.grace
    if found.kind == "datetime" and wait[1] in ("hours", "minutes"):
        due = F(found.path) + (after(start, wait, rule.calendar) - start)
        overdue = due + (after(start, grace, rule.calendar) - start) if grace[0] else due
        return insert(rule, rows, Terms(0, F(found.path), day, due, overdue))
    end = after(start, wait, rule.calendar)
    opened = F(found.path) if found.kind == "datetime" else start
    return insert(rule, rows, Terms(0, opened, day, end, _overdue(rule, end)))


def open_every(rule: Rule, day: date) -> int:
    """Duties for the period that begins on a day, one for each subject that lives then and is not excused."""
    period = beginning(rule.spec.every, day, rule.calendar)
    if period is None:
        return 0

    def beginners(moment: datetime) -> Rows:
        return _beginners(rule, local_day(moment), around(rule.spec.every, local_day(moment)))

    if not rule.any("beginners", start_of(day), beginners):
        return 0
    due = end_of(period.last)
    terms = Terms(period.turn, start_of(period.first), period.first, due, _overdue(rule, due))
    return insert(rule, _beginners(rule, day, period), terms)


def _beginners(rule: Rule, day: date, period: Period) -> Rows:
    """Who owes something for a period and has no duty yet."""
    rows = owed(rule, rule.living(rule.subjects(day), period.first, period.first))
    rows = rows.filter(~Exists(duties_of(rule).filter(subject_id=OuterRef("pk"), turn=period.turn)))
    return _present(rule, rows, period)


def _present(rule: Rule, rows: Rows, period: Period) -> Rows:
    """Without those whose person is away, for a reason that excuses, the whole period."""
    if not rule.spec.excuse:
        return rows
    person, _department = rule.person()
    away = Absence.objects.filter(
        owner_id=OuterRef("_who"), kind__in=rule.spec.excuse, starts_on__lte=period.first, ends_on__gte=period.last
    )
    return rows.annotate(_who=person).filter(~Exists(away))


def open_holds(rule: Rule, breaking: Callable[[Rule, datetime], Rows], moment: datetime) -> int:
    """Duties for subjects that do not hold and have no open one."""

    def broken(moment: datetime) -> Rows:
        mine = duties_of(rule).filter(subject_id=OuterRef("pk"))
        rows = owed(rule, breaking(rule, moment)).filter(~Exists(mine.filter(state__in=[OPEN, MISSED])))
        return rows.filter(~Exists(mine.filter(turn=local_day(moment).toordinal())))

    if not rule.any("broken", moment, broken):
        return 0
    day, due = local_day(moment), after(moment, rule.spec.within, rule.calendar)
    return insert(rule, broken(moment), Terms(day.toordinal(), moment, day, due, _overdue(rule, due)))


def _overdue(rule: Rule, due: datetime) -> datetime:
    return after(due, rule.spec.grace, rule.calendar) if rule.spec.grace[0] else due


def duties_of(rule: Rule) -> Rows:
    return Duty.everything.filter(clause_id=rule.clause_id)


def owed(rule: Rule, rows: Rows) -> Rows:
    """Those of the rows that somebody owes a duty for, or for which a role's holder will be looked for."""
    if rule.spec.who.role or "_owing" in rows.query.annotations:
        return rows
    return rows.annotate(_owing=rule.person()[0]).filter(_owing__isnull=False)


def insert(rule: Rule, rows: Rows, terms: Terms) -> int:
    """INSERT … SELECT; ids follow the greatest there is, so that they stay unique and in order."""
    person, department = rule.person()
    rows = owed(rule, rows)
    base = max(new_id(), (Duty.everything.aggregate(last=Max("pk"))["last"] or 0) + 1)
    opened, overdue = _moment(terms.opened), terms.overdue
    columns: dict[str, Any] = {
        "id": Value(base) + Window(RowNumber(), order_by="pk"),
        "company_id": Value(rule.company.pk), "version": Value(1),
        "created_at": opened, "updated_at": opened, "extra": _json("{}"), "figures": _json("{}"),
        "owner_id": person, "department_id": department,
        "clause_id": Value(rule.clause_id), "clause_version_id": Value(rule.version.pk),
        "subject_label": Value(rule.spec.about), "subject_id": F("pk"),
        "title": _title(rule), "account_id": rule.customer(), "turn": Value(terms.turn),
        "opened_at": opened, "opened_on": Value(terms.day),
        "due_at": _moment(terms.due), "overdue_at": _moment(overdue),
        "overdue_on": Value(local_day(overdue)) if isinstance(overdue, datetime) else TruncDate(overdue),
        "state": Value(OPEN.value), "evidence_label": Value(""), "note": Value(""), "level": Value(0),
    }  # fmt: skip
    return insert_select(Duty, rows, columns)


def _moment(value: Any) -> Any:
    return Value(value) if isinstance(value, datetime) else value


def _json(text: str) -> Any:
    """An empty JSON object as each database writes it."""
    return Cast(Value(text), JSONField()) if connection.vendor == "postgresql" else Value(text)


def _title(rule: Rule) -> Any:
    """What the subject is called, as far as one column tells."""
    declared = rule.spec.entity
    fields = declared.fields_for(rule.company)
    name = fields.get(declared.name_field)
    if name is None:
        return Value("")
    called: Any = Cast(F(name.shown or name.path), TextField())
    if name.choices and not name.shown:  # by its word, not by what is stored
        words = (When(**{name.path: value}, then=Value(str(word))) for value, word in name.choices)
        called = Case(*words, default=called, output_field=TextField())
    if name.kind in (*DAYS, "choice"):  # a day or a word alone says nothing
        called = Concat(Value(f"{declared.singular} "), called, output_field=TextField())
    called = Coalesce(called, Value(""), output_field=TextField())
    if name.kind == "longtext":  # a letter is called by its subject, not by all it says
        line = Value("\n", output_field=TextField())
        end = StrIndex(Concat(called, line, output_field=TextField()), line)
        return Substr(Substr(called, 1, end - 1), 1, 60)
    return Substr(called, 1, 200)


def insert_select(model: Any, rows: Rows, columns: dict[str, Any]) -> int:
    """Pour the rows of a query into a table; returns how many."""
    named = {f"_c{n}": value for n, value in enumerate(columns.values())}
    query = rows.order_by().annotate(**named).values_list(*named).query
    sql, params = query.sql_with_params()
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {sql}", params)
        return max(int(cursor.rowcount), 0)


def tell_planner() -> None:
    """How many duties there are: a planner that takes the table for nearly empty goes through all of it for each row."""
    if connection.vendor == "postgresql":  # SQLite is told every night and chose well without
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(Duty._meta.db_table)}")


# -- holders of roles


def ownerless(company_id: int) -> set[int]:
    """The clauses that have duties for whose role nobody has been found yet."""
    rows: Rows = Duty.everything.filter(company_id=company_id, owner=None, state__in=[OPEN, MISSED])
    return set(rows.order_by().values_list("clause_id", flat=True).distinct())


def assign(rule: Rule) -> int:
    """Give the duties of a role to whoever holds it nearest above the department; returns how many found nobody."""
    role = rule.spec.who.role
    waiting = duties_of(rule).filter(owner=None, state__in=[OPEN, MISSED])
    holders = _holders(rule.company.pk, role)
    departments: Rows = Department.everything
    paths = dict(departments.filter(company_id=rule.company.pk).values_list("pk", "path"))
    lost = 0
    for department in list(waiting.order_by().values_list("department_id", flat=True).distinct()):
        chain = [int(part) for part in paths.get(department, "").split("/") if part]
        holder = next((holders[pk] for pk in reversed(chain) if pk in holders), None) or holders.get(0)
        mine = waiting.filter(department_id=department)
        if holder is None:
            lost += mine.count()
        else:
            mine.update_silently(owner_id=holder[0], department_id=holder[1])
    return lost


def _holders(company_id: int, role: str) -> dict[int, tuple[int, int | None]]:
    """Department -> (person, department) for the first holder of a role in each; 0 is the first one anywhere."""
    found: dict[int, tuple[int, int | None]] = {}
    people = User.objects.filter(company_id=company_id, is_active=True, roles__code=role).order_by("pk")
    for pk, department in people.values_list("pk", "department_id"):
        found.setdefault(department or 0, (pk, department))
        found.setdefault(0, (pk, department))
    return found
