"""What is printed and circulated: the month-end report and the notice of use; and the words of an article in a drawer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.rulebook.engine.times import Period, around
from guanxi.rulebook.models import Article
from guanxi.rulebook.queries import compliance, people, report
from guanxi.rulebook.reached import goal_rows
from guanxi.rulebook.shown import Where, cells, due, duties, heads, percent, points, tone, where
from guanxi.rulebook.views.compliance import INDENT, inside, reader
from guanxi.web.pages import entity_page, fetch, is_fragment
from guanxi.web.panels import panels_for

WORST = 3
REPORT = "rulebook.report"  # apps above put their own parts on it, as panels of this name over its period


def month_asked(request: HttpRequest) -> Period:
    """The month asked for; this one if none or an unreadable one was."""
    try:
        day = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        day = clock.today()
    return around("month", min(max(day, date(2000, 1, 1)), date(2200, 1, 1)))


@login_required
def month_report(request: HttpRequest) -> HttpResponse:
    """ANLY-05, ANLY-06: rates by article and department, the worst with evidence, waivers, assessments, to print."""
    user, span = reader(request), month_asked(request)
    found = report.courses(user, compliance.periods("month", span.first, report.BACK))
    context = {
        "month": f"{span.first:%Y-%m}", "span": span, "heads": heads(), "total": _line("", found.total[-1], span),
        "clauses": [
            _line(one.clause.title, one.now, span, where("clause", "is", one.clause.pk),
                  article=one.clause.article, moved=points(one.now.rate, one.before.rate))
            for one in found.clauses if one.now != compliance.Tally()
        ],
        "departments": [
            _line(INDENT * one.depth + (one.department.name if one.department else "—"), one.tally, span, inside(one))
            for one in compliance.rolled_up(user.company_id, report.departments(user, span))
        ],
        "trend": [_line(f"{one.first:%Y-%m}", total, one) for one, total in zip(found.spans, found.total, strict=True)],
        "worst": [_worst(user, span, one) for one in found.worst[:WORST]],
        "waived": report.waived(user, span),
        "goals": goal_rows(user, span.first.year) if user.may("view", "rulebook.goal") else [], "quarters": [1, 2, 3, 4],
        "assessments": report.assessments(user, span) if user.may("view", "rulebook.assessment") else [],
        "parts": panels_for(REPORT, span, request, "main"), "printed_at": clock.now(),
    }  # fmt: skip
    return render(request, "rulebook/report.html", context)


def _line(name: str, one: compliance.Tally, span: Period, *conditions: Where, **more: Any) -> dict[str, Any]:
    """A line of the paper; on the screen its figures open the duties they count."""
    return {"name": name, "rate": percent(one.rate), "figures": cells(one, span, *conditions), **more}


def _worst(user: User, span: Period, one: report.Course) -> dict[str, Any]:
    condition = (due(span.first, span.last), where("clause", "is", one.clause.pk))
    return {
        "clause": one.clause, "rate": percent(one.now.rate), "moved": points(one.now.rate, one.before.rate),
        "rows": report.failures(user, span, one.clause), "href": duties(*condition, states=("missed", "late")),
        "n": one.now.missed + one.now.late,
    }  # fmt: skip


@login_required
def use_notice(request: HttpRequest) -> HttpResponse:
    """USE-03, USE-05: who is named in the notice of a month, and how people and subsidiaries use the system."""
    user, span = reader(request), month_asked(request)
    rows = people.use_of(user, span)
    expected = people.workdays(user.company_id, span, clock.today())
    of = due(span.first, span.last)
    named = [
        {"one": one, "missed": [(each, duties(of, where("owner", "is", one.person.pk), where("clause", "is", each.clause.pk),
                                              states=("missed",))) for each in one.missed]}
        for one in people.named(user, span)
    ]  # fmt: skip
    units = [
        {"one": one, "share": percent(100 * one.days / (one.people * expected)) if expected else "—", "rate": percent(one.tally.rate)}
        for one in people.use_by_unit(rows, user.company_id)
    ]  # fmt: skip
    context = {
        "month": f"{span.first:%Y-%m}", "span": span, "expected": expected, "named": named, "units": units,
        "people": [{"one": one, "rate": percent(one.tally.rate), "tone": tone(one.tally.rate)} for one in rows],
        "printed_at": clock.now(),
    }  # fmt: skip
    return render(request, "rulebook/notice.html", context)


def article_words(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of an article: in a drawer, else its page."""
    return _words(request, entity(Article), pk)  # type: ignore[return-value]


@entity_page()
def _words(request: HttpRequest, declared: Any, pk: int) -> HttpResponse:
    article = fetch(declared, request.user, pk)
    if not is_fragment(request):
        return redirect("record", declared.slug, pk)
    return render(request, "rulebook/article_words.html", {"article": article})
