"""How far the rules are observed: by clause, department, person or customer, each figure opening the duties it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.rulebook.engine.times import DAY, Period, around
from guanxi.rulebook.models import Duty
from guanxi.rulebook.queries import compliance, report
from guanxi.rulebook.queries.owed import addresses
from guanxi.rulebook.sentences import PERIOD_WORDS
from guanxi.rulebook.shown import Where, cells, heads, percent, points, tone, where
from guanxi.web.pages import person

EVERY = ("week", "month", "quarter", "year")
INDENT = "\u3000"


@dataclass(frozen=True)
class Asked:
    """Which period a page speaks of, and by what it divides the duties."""

    every: str
    span: Period
    by: str

    def other(self, **more: str) -> str:
        now = {"every": self.every, "on": self.span.first.isoformat(), "by": self.by, **more}
        return "?" + "&".join(f"{name}={value}" for name, value in now.items())


def reader(request: HttpRequest) -> User:
    """Who may look: whoever may look at duties, and then at those in sight."""
    user = person(request)
    verbs.require_right(user, "view", entity(Duty))
    return user


def asked(request: HttpRequest) -> Asked:
    """From the query string; this month by clause where it says nothing readable."""
    params = request.GET
    every = params.get("every", "")
    by = params.get("by", "")
    return Asked(
        every if every in EVERY else "month", _span(every, params.get("on", "")), by if by in VIEWS else "clause"
    )


def _span(every: str, text: str) -> Period:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = clock.today()
    return around(every if every in EVERY else "month", min(max(day, date(2000, 1, 1)), date(2200, 1, 1)))


@login_required
def compliance_page(request: HttpRequest) -> HttpResponse:
    user, chosen = reader(request), asked(request)
    found = report.courses(user, compliance.periods(chosen.every, chosen.span.first, report.BACK))
    now, before = found.total[-1], found.total[-2]
    words = {name: PERIOD_WORDS[name] for name in EVERY}
    by = {
        "clause": _("By clause"), "department": _("By department"), "person": _("By person"), "customer": _("By customer"),
    }  # fmt: skip
    rows = VIEWS[chosen.by](user, chosen, found)
    waiting = [row for row in rows if row["bar"] is None] if chosen.by == "clause" else []
    context: dict[str, Any] = {
        "chosen": chosen, "title": title(chosen), "now": now, "rate": percent(now.rate), "tone": tone(now.rate),
        "moved": points(now.rate, before.rate), "up": (now.rate or 0) >= (before.rate or 0),
        "figures": list(zip(heads(), cells(now, chosen.span), strict=True))[1:5], "left": cells(now, chosen.span)[5],
        "every": [(words[one], chosen.other(every=one), one == chosen.every) for one in EVERY],
        "by": [(by[one], chosen.other(by=one), one == chosen.by) for one in VIEWS],
        "earlier": chosen.other(on=(chosen.span.first - DAY).isoformat()),
        "later": chosen.other(on=(chosen.span.last + DAY).isoformat()) if chosen.span.last < clock.today() else "",
        "heads": heads(), "rows": [row for row in rows if row not in waiting] or waiting,
        "waiting": waiting if len(waiting) < len(rows) else [],
        "worst": worst_rows(found), "chart": chart(found, chosen),
        "assessments": report.assessments(user, chosen.span)[:8] if user.may("view", "rulebook.assessment") else [],
        "may_assess": user.may("add", "rulebook.assessment"), "may_goals": user.may("view", "rulebook.goal"), "most": report.MOST,
    }  # fmt: skip
    return render(request, "rulebook/compliance.html", context)


def title(chosen: Asked) -> str:
    """What the period is called."""
    first = chosen.span.first
    values = {"year": first.year, "month": f"{first:%m}", "n": (first.month - 1) // 3 + 1}
    match chosen.every:
        case "week":
            return _("Week from %(day)s") % {"day": first.isoformat()}
        case "month":
            return pgettext("period", "%(year)s-%(month)s") % values
        case "quarter":
            return pgettext("period", "%(year)s, quarter %(n)s") % values
    return pgettext("period", "Year %(year)s") % values


def _row(name: str, tally: compliance.Tally, chosen: Asked, *conditions: Where, **more: Any) -> dict[str, Any]:
    rate = tally.rate
    figures = list(zip(heads(), cells(tally, chosen.span, *conditions), strict=True))
    return {"name": name, "rate": percent(rate), "bar": rate, "tone": tone(rate), "figures": figures, **more}


def clause_rows(_user: User, chosen: Asked, found: report.Courses) -> list[dict[str, Any]]:
    return [
        _row(
            one.clause.title, one.now, chosen, where("clause", "is", one.clause.pk), hint=one.clause.code,
            article=one.clause.article, href=record_url("clauses", one.clause.pk),
            moved=points(one.now.rate, one.before.rate),
        )
        for one in found.clauses
        if one.now != compliance.Tally()
    ]  # fmt: skip


def department_rows(user: User, chosen: Asked, _found: report.Courses) -> list[dict[str, Any]]:
    rows = []
    for one in compliance.rolled_up(user.company_id, report.departments(user, chosen.span)):
        name = one.department.name if one.department else _("No department")
        rows.append(_row(INDENT * one.depth + name, one.tally, chosen, inside(one)))
    return rows


def inside(one: compliance.Branch) -> Where:
    """The duties of a department with those below it, or those of none."""
    return where("department", "in", list(one.ids)) if one.department else where("department", "empty")


def person_rows(user: User, chosen: Asked, _found: report.Courses) -> list[dict[str, Any]]:
    rows = report.lines(user, chosen.span, "owner")
    return _lines(user, chosen, rows, ("org.user", "owner", _("Nobody")))


def customer_rows(user: User, chosen: Asked, _found: report.Courses) -> list[dict[str, Any]]:
    rows = report.lines(user, chosen.span, "account")
    return _lines(user, chosen, rows, ("customers.account", "account", ""))


def _lines(user: User, chosen: Asked, rows: list[report.Line], names: tuple[str, str, str]) -> list[dict[str, Any]]:
    """With a link to who or what it is where the reader may open it."""
    label, column, nobody = names
    pages = addresses(user, ((label, one.pk) for one in rows))
    return [
        _row(
            one.name or nobody, one.tally, chosen,
            where(column, "is", one.pk) if one.pk else where(column, "empty"),
            href=pages.get((label, one.pk or 0), ""),
        )
        for one in rows
    ]  # fmt: skip


Rows = Callable[[User, Asked, report.Courses], list[dict[str, Any]]]
VIEWS: dict[str, Rows] = {
    "clause": clause_rows,
    "department": department_rows,
    "person": person_rows,
    "customer": customer_rows,
}


def worst_rows(found: report.Courses) -> list[dict[str, Any]]:
    return [
        {
            "clause": one.clause, "rate": percent(one.now.rate), "tone": tone(one.now.rate),
            "moved": points(one.now.rate, one.before.rate), "up": (one.now.rate or 0) >= (one.before.rate or 0),
            "missed": cells(one.now, found.spans[-1], where("clause", "is", one.clause.pk))[3],
        }
        for one in found.worst
    ]  # fmt: skip


def chart(found: report.Courses, chosen: Asked) -> dict[str, Any]:
    """The rate of all clauses and of the three worst over the last periods."""

    def rates(tallies: Any) -> list[float | None]:
        return [None if one.rate is None else round(one.rate, 1) for one in tallies]

    series = [{"name": _("All clauses"), "data": rates(found.total)}]
    series += [{"name": one.clause.title, "data": rates(one.tallies)} for one in found.worst[:3]]
    style = {"week": "%m-%d", "year": "%Y"}.get(chosen.every, "%y-%m")
    return {
        "kind": "line", "labels": [span.first.strftime(style) for span in found.spans], "series": series, "max": 100,
        "unit": "%", "links": [chosen.other(on=span.first.isoformat()) for span in found.spans],
    }  # fmt: skip
