"""The frame of a planted year: people, customers, facts that happen at their moments, and what is owed because of them.

Deadlines are worked out here from the clause texts, in plain Python; nothing of the rulebook's engine is used.  The company
is looked at every evening at eight, so what must hold is found out then, and what is mended is mended then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account, Channel
from guanxi.formats.workdays import PACKAGED
from guanxi.kernel import clock, work
from guanxi.kernel.models import Company
from guanxi.kernel.models.pour import insert
from guanxi.org.models import Department, User
from guanxi.org.services import open_account, seed_roles

DAY = timedelta(days=1)
FIRST = date(2025, 1, 1)
EVENING = 20
HEADQUARTERS = (
    "relations-specialist", "business-department", "marketing", "operations-specialist", "supervision", "block-administrator",
)  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """One duty as it must stand at the end: whose, about which row, until which day, and what became of it."""

    code: str
    subject: int
    owner: int | None
    due: date
    state: str


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def end(day: date) -> datetime:
    return at(day + DAY, 0) - timedelta(microseconds=1)


def is_workday(day: date) -> bool:
    return PACKAGED.is_workday(day)


def later(day: date, n: int, unit: str = "days") -> date:
    """The day `n` days or working days after a day."""
    if unit == "days":
        return day + n * DAY
    while n:
        day += DAY
        n -= is_workday(day)
    return day


def periods(unit: str, first: date, last: date) -> list[tuple[date, date]]:
    """First and last days of the weeks, months, quarters, halves or years (or single working days) that begin in a span."""
    size = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(unit, 0)
    found, day = [], first
    while day <= last:
        if unit == "workday" and is_workday(day):
            found.append((day, day))
        elif unit == "week" and day.weekday() == 0:
            found.append((day, day + 6 * DAY))
        elif size and day.day == 1 and (day.month - 1) % size == 0:
            months = day.month - 1 + size
            found.append((day, date(day.year + months // 12, months % 12 + 1, 1) - DAY))
        day += DAY
    return found


@dataclass
class Year:
    """`branches` with a head, an accountant and `sellers` each; `customers` to plant stories on; from FIRST to `last`."""

    company: Company
    last: date
    branches: int
    sellers: int
    customers: int
    heads: list[User] = field(default_factory=list)
    accountants: dict[int | None, User] = field(default_factory=dict)
    people: list[User] = field(default_factory=list)  # the sellers
    left: list[User] = field(default_factory=list)
    office: dict[str, User] = field(default_factory=dict)
    root: Department = field(init=False)
    departments: list[Department] = field(default_factory=list)
    channels: dict[str, Channel] = field(default_factory=dict)
    base: list[Account] = field(default_factory=list)
    facts: dict[date, list[tuple[datetime, Callable[[], None] | Any]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    owed: Counter[Owed] = field(default_factory=Counter)
    born: dict[int, date] = field(default_factory=dict)  # the day of accounts that are new in the year
    used: int = 0

    # -- the company

    def found(self) -> None:
        """People, branches and sound customers of whom no clause has anything to say."""
        with clock.shifted(at(date(2024, 6, 3))):
            roles = seed_roles(self.company)
            self.root = self._saved(Department(company=self.company, name="总部", code="hq", kind="hq"))
            for code in HEADQUARTERS:
                self.office[code] = self._hire(f"hq-{code}", roles[code], self.root)
            for n in range(self.branches):
                branch = self._saved(
                    Department(company=self.company, name=f"{n + 1}店", code=f"b{n}", kind="branch", parent=self.root)
                )
                self.departments.append(branch)
                self.heads.append(self._hire(f"head{n}", roles["store-manager"], branch))
                self.accountants[branch.pk] = self._hire(f"acc{n}", roles["branch-accountant"], branch)
                Department.everything.filter(pk=branch.pk).update_silently(head=self.heads[-1])
                self.people += [self._hire(f"s{n}-{i}", roles["representative"], branch) for i in range(self.sellers)]
                self.left.append(self._hire(f"left{n}", roles["representative"], branch))
                User.everything.filter(pk=self.left[-1].pk).update_silently(is_active=False)
            for code in ("direct-sales", "e-commerce"):
                known = Channel.everything.filter(company=self.company, code=code).first()
                self.channels[code] = known or self._saved(Channel(company=self.company, name=code, code=code))
        born = at(date(2024, 6, 3))
        for n in range(self.customers):
            person = self.people[n % len(self.people)]
            self.base.append(
                Account(
                    company=self.company, name=f"企业{n:06d}", name_key=f"企业{n:06d}", owner=person, created_at=born,
                    updated_at=born, department_id=person.department_id, phone=f"139{n:08d}", business_needs="设备",
                    completeness=95, stage="potential",
                )
            )  # fmt: skip

    def _saved(self, row: Any) -> Any:
        work.unit_of_work(row.save)
        return row

    def _hire(self, username: str, role: Any, department: Department) -> User:
        person = open_account(
            self.company, roles=[role], username=username, name=username, department=department, password=None
        )
        User.everything.filter(pk=person.pk).update_silently(last_login=clock.now())
        return person

    def head_of(self, person: User) -> int:
        return self.heads[[one.pk for one in self.departments].index(person.department_id)].pk

    @property
    def staff(self) -> list[User]:
        return [*self.office.values(), *self.heads, *self.accountants.values(), *self.people]

    def customer(self, **values: Any) -> Account:
        """The next customer nobody has told a story about, changed before the year begins."""
        row = self.base[self.used]
        self.used += 1
        for name, value in values.items():
            setattr(row, name, value)
        return row

    def days(self, n: int, *, step: int = 1) -> list[date]:
        """So many working days over the whole span, the last ones near its end."""
        every = [day for day, _last in periods("workday", FIRST + 7 * DAY, self.last)]
        return [every[(i * len(every) // n + i * step) % len(every)] for i in range(n)]

    # -- facts

    def add(self, model: Any, moment: datetime, **values: Any) -> Any:
        """A row that comes into being at a moment."""
        known = {f.name for f in model._meta.concrete_fields}
        row = model(company=self.company, **{n: moment for n in ("created_at", "updated_at") if n in known}, **values)
        if hasattr(row, "owner_id") and row.owner_id and not getattr(row, "department_id", None):
            row.department_id = row.owner.department_id
        self.facts[timezone.localtime(moment).date()].append((moment, row))
        return row

    def change(self, row: Any, moment: datetime, **values: Any) -> None:
        def do() -> None:
            rows = type(row).everything if hasattr(type(row), "everything") else type(row)._base_manager
            known = {f.name for f in row._meta.concrete_fields}
            more = {"updated_at": moment} if "updated_at" in known else {}
            found = rows.filter(pk=row.pk)
            assert getattr(found, "update_silently", found.update)(**values, **more) == 1

        self.facts[timezone.localtime(moment).date()].append((moment, do))

    def happen(self, until: datetime, since: datetime | None) -> None:
        """Everything between two evenings, in order; rows of a kind go in together."""
        day = FIRST if since is None else timezone.localtime(since).date()
        happened = []
        while day <= timezone.localtime(until).date():
            happened += [one for one in self.facts[day] if one[0] <= until and (since is None or one[0] > since)]
            day += DAY
        fresh: dict[type, list[Any]] = defaultdict(list)
        for _moment, what in happened:
            if not callable(what):
                fresh[type(what)].append(what)
        for rows in fresh.values():
            insert(rows)
        for _moment, what in sorted((one for one in happened if callable(one[1])), key=lambda one: one[0]):
            what()

    def rows(self, model: Any, **wanted: Any) -> list[Any]:
        """The rows of a kind that come into being before the end."""
        found = [
            what for day in self.facts.values() for m, what in day if isinstance(what, model) and m <= self.horizon
        ]
        return [row for row in found if all(getattr(row, n) == v for n, v in wanted.items())]

    # -- what is owed

    @property
    def horizon(self) -> datetime:
        return at(self.last, EVENING)

    def owes(self, code: str, subject: int, owner: int | None, due: date, state: str) -> None:
        self.owed[Owed(code, subject, owner, due, state)] += 1

    def within(self, code: str, subject: int, owner: int | None, due: datetime, proof: datetime | None) -> None:
        """Owed until a moment; done later counts as late."""
        if proof is not None and proof <= self.horizon:
            state = "met" if proof <= due else "late"
        else:
            state = "missed" if due < self.horizon else "open"
        self.owes(code, subject, owner, timezone.localtime(due).date(), state)

    def every(
        self, code: str, subject: int, owner: int | None, unit: str, proofs: Iterable[datetime], *,
        grace: tuple[int, str] = (0, "days"), times: int = 1, spans: list[tuple[date, date]] | None = None,
    ) -> None:  # fmt: skip
        """Owed `times` in each period; afterwards (and after the grace) it is too late for good."""
        found = sorted(proofs)
        for first, last in periods(unit, FIRST, self.last) if spans is None else spans:
            over = end(later(last, *grace))
            n = sum(at(first, 0) <= one <= min(over, self.horizon) for one in found)
            state = "met" if n >= times else "missed" if over < self.horizon else "open"
            self.owes(code, subject, owner, last, state)

    def holds(
        self, code: str, subject: int, owner: int | None, span: tuple[int, str], broken: Callable[[date], bool],
        applies: Callable[[date], bool] = lambda _day: True,
    ) -> None:  # fmt: skip
        """Must be so every evening; where it is not, there is a time to mend it."""
        due: datetime | None = None
        missed = False
        day = FIRST
        while day <= self.last:
            evening = at(day, EVENING)
            if due is not None and applies(day) and not broken(day):
                self.owes(code, subject, owner, timezone.localtime(due).date(), "met" if due >= evening else "late")
                due, missed = None, False
            if due is None and applies(day) and broken(day):
                due = evening + timedelta(hours=span[0]) if span[1] == "hours" else end(later(day, *span))
            elif due is not None and not missed and not applies(day) and due >= end(day - DAY):
                self.owes(code, subject, owner, timezone.localtime(due).date(), "void")
                due = None
            missed = due is not None and due < evening
            day += DAY
        if due is not None:
            self.owes(code, subject, owner, timezone.localtime(due).date(), "missed" if due < self.horizon else "open")


def fixed_on(year: Year, day: date, after: int | None) -> datetime | None:
    if after is None or later(day, after, "workdays") > year.last:
        return None
    return at(later(day, after, "workdays"), 15)


def open_until(day: date, fixed: datetime | None) -> Any:
    return lambda today: today >= day and (fixed is None or today < fixed.date())
