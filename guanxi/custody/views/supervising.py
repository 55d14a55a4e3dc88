"""A supervisor's pages: cards and dealings of each person, balances of customers, the plan of the year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from guanxi.audit.sightings import look
from guanxi.custody.models import CardReview, DayTalk
from guanxi.custody.queries import reviews as queries
from guanxi.custody.services import reviews as services
from guanxi.formats.dates import monday
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.org.models import User
from guanxi.web.nav import link
from guanxi.web.pages import done, form_key, person, whole
from guanxi.web.panels import panels_for

REVIEW, COLLECTION, PLAN = "custody.cardreview", "custody.collection", "custody.salesplan"


def _supervisor(request: HttpRequest, label: str, *verbs_needed: str) -> User:
    user = person(request)
    for verb in ("view", *verbs_needed):
        verbs.require_right(user, verb, entity(label))
    verbs.require_right(user, "view", entity("customers.account"))
    return user


@login_required
def week(request: HttpRequest) -> HttpResponse:
    """Each person's cards this week and dealings of the day before; a review and a talk are written here (CARD-01, 08)."""
    user, today = _supervisor(request, REVIEW, "add"), clock.today()
    day = _day(request.GET.get("day", ""), user)
    people = sorted(
        queries.keepings(user, day, today), key=lambda one: one.review is not None
    )  # what is to be done first
    if request.method == "POST":
        return _record(request, user, people, day)
    shown, groups = _group(request, people)
    rows = [
        {"one": one, "cards": link("customers", {"f": "owner", "op": "is", "v": one.person.pk}), "key": form_key()}
        for one in shown
    ]
    context = {
        "rows": rows, "day": day, "monday": monday(today), "groups": groups, "here": _here(request, day),
        "only": request.GET.get("only", ""),
        "steps": format_html("{}{}", *(panels_for(row._meta.label_lower, row, request, "form") for row in (CardReview(), DayTalk()))),
    }  # fmt: skip
    return render(request, "custody/week.html", context)


def _group(request: HttpRequest, people: list[queries.Keeping]) -> tuple[list[queries.Keeping], list[dict[str, Any]]]:
    """The people asked for, one or a group of them, and the groups with how many are in each."""
    groups = {
        "": (_("All people"), people),
        "review": (_("Not reviewed"), [one for one in people if one.cards and one.review is None]),
        "talk": (_("Not talked to"), [one for one in people if one.talk is None]),
    }
    only, pk = request.GET.get("only", ""), whole(request.GET, "person")
    shown = groups.get(only, groups[""])[1]
    strip = [
        {"label": label, "n": len(found), "url": f"?{urlencode({**_kept(request, 'day'), 'only': name})}", "on": name == only and not pk}
        for name, (label, found) in groups.items()
    ]  # fmt: skip
    return ([one for one in shown if one.person.pk == pk] if pk else shown), strip


def _kept(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _here(request: HttpRequest, day: date) -> str:
    """This very page again: day and group stay."""
    return f"{reverse('card-review-week')}?{urlencode({'day': day.isoformat(), **_kept(request, 'only')})}"


def _day(text: str, user: User) -> date:
    """The day asked for, else the last working day."""
    today = clock.today()
    try:
        return min(date.fromisoformat(text), today - timedelta(days=1))
    except ValueError:
        return queries.day_before(user.company, today)


def _record(request: HttpRequest, user: User, people: list[queries.Keeping], day: date) -> HttpResponse:
    data = request.POST
    one = next((one for one in people if one.person.pk == whole(data, "person")), None)
    if one is None:
        raise Http404

    def body() -> dict[str, int]:
        if data.get("what") == "talk":
            dealt = (one.ordered, one.received)
            return {"id": services.record_talk(one.person, day, note=data.get("note", ""), dealt=dealt, actor=user).pk}
        looked, score = whole(data, "looked"), whole(data, "score")
        if looked is None or score is None:
            raise Refused(_("Say how many cards you looked at, and the score."))
        remark = data.get("remark", "")
        made = services.record_review(one.person, looked=looked, score=score, remark=remark, actor=user)
        return {"id": made.pk}

    once(user, data.get("key", ""), body)
    return done(request, _here(request, day), _("Recorded for %(name)s.") % {"name": one.person})


@login_required
def balances(request: HttpRequest) -> HttpResponse:
    """Sales against collections of who owes, the most overdue first; POST drafts the collection plan (CARD-09, CARD-10)."""
    user = _supervisor(request, COLLECTION, *(("add",) if request.method == "POST" else ()))
    verbs.require_right(user, "view", entity("sales.receivable"))
    if request.method == "POST":
        made = services.draft_collections(user)
        return done(request, list_url("collections"), _("Drafted: %(n)d customers.") % {"n": made})
    found = queries.owing(user)
    look(user, "customers.account", rows=len(found), key=request.get_full_path())
    context: dict[str, Any] = {
        "rows": [{"one": one, "due": due, "url": f"{record_url('customers', one.account_id)}tab/receivables/"}
                 for one, due in found],
        "total": sum((one.balance for one, _due in found), queries.ZERO),
        "late": sum((one.overdue for one, _due in found), queries.ZERO),
        "today": clock.today(), "may_draft": user.may("add", COLLECTION),
    }  # fmt: skip
    return render(request, "custody/balances.html", context)


@login_required
def draft_plan(request: HttpRequest) -> HttpResponse:
    """The plan of a year by quarter beside what was sold the year before; POST begins it from those results (CARD-06)."""
    user = _supervisor(request, PLAN, *(("add",) if request.method == "POST" else ()))
    this = clock.today().year
    year = whole(request.GET, "year") or this + 1
    if not this <= year <= this + 1:
        raise Refused(_("Plan this year or the next."))
    if request.method == "POST":
        made = services.draft_plan(year, actor=user)
        return done(request, f"{reverse('sales-plan-draft')}?year={year}", _("Drafted: %(n)d lines.") % {"n": made})
    context = {
        "year": year, "years": (this, this + 1), "quarters": queries.plan_by_quarter(user, year),
        "may_draft": user.may("add", PLAN),
    }  # fmt: skip
    return render(request, "custody/plan.html", context)
