"""The pack of a day's visits on the road, and where visits and time go (CARD-03, CARD-05)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audit.sightings import flush, look
from guanxi.formats.regions import place
from guanxi.interactions.models import Visit, VisitPlan
from guanxi.interactions.periods import chosen_day, chosen_period
from guanxi.interactions.queries import routes as routing
from guanxi.interactions.queries import visits as packs
from guanxi.interactions.services import visits as visiting
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.web.nav import link
from guanxi.web.pages import done, person, whole

ACCOUNT, VISIT, PLAN = "customers.account", "interactions.visit", "interactions.visitplan"


def allowed(request: HttpRequest, *labels: str) -> User:
    """The person, who may view all of these."""
    user = person(request)
    for label in labels:
        verbs.require_right(user, "view", entity(label))
    return user


@login_required
def pack(request: HttpRequest) -> HttpResponse:
    """The cards of one day's visits and no others; POST puts a suggested customer into the pack (CARD-03)."""
    user = allowed(request, ACCOUNT, VISIT)
    flush()  # a card opened a moment ago has been read
    day = chosen_day(request)
    here = f"{reverse('visit-pack')}?day={day.isoformat()}"
    if request.method == "POST":
        visiting.plan_visit(whole(request.POST, "account") or 0, actor=user, on=day)
        return done(request, here, _("Added to the pack."))
    cards = [_stop(visit, user) for visit in packs.pack(user, day)]
    look(user, ACCOUNT, rows=len(cards), key=("pack", day))
    context = {
        "cards": cards, "day": day, "today": clock.today(), "here": here, "plan": packs.agreed_plan(user, day),
        "held": packs.not_handed_back(user, day), "suggested": packs.suggested(user, day) if day >= clock.today() else [],
    }  # fmt: skip
    return render(request, "interactions/pack.html", context)


def _stop(visit: Visit, user: Any) -> dict[str, Any]:
    """One card of the pack: where to go, whom to call, and what may be done now, or why not."""
    account = visit.account
    barred = user.masked_fields(ACCOUNT) | user.closed_fields(ACCOUNT)
    return {
        "visit": visit,
        "card": record_url("customers", account.pk),
        "address": "" if "address" in barred else f"{place(account.region_code, unknown='')}{account.address}",
        "phone": "" if "phone" in barred else account.phone,
        "why_not": visiting.obstacle(visit) if visit.state == Visit.State.PLANNED else "",
        "do": f"{record_url('visits', visit.pk)}do/",
    }


@login_required
def routes(request: HttpRequest) -> HttpResponse:
    """Who drives where, what is left out, and which classes get the time: at the end of a month or quarter (CARD-05)."""
    user = allowed(request, ACCOUNT, VISIT)
    verbs.require_right(user, "export", entity(PLAN))
    first, last, choice = chosen_period(request)
    may_plan = user.may("add", PLAN) and user.may("hand_over", PLAN)
    legs = [
        {
            "leg": leg,
            **_opened(leg, first, last),
            "plan": _plan_of(leg, last + timedelta(days=1)) if may_plan and (leg.due or leg.untouched) else "",
        }
        for leg in routing.legs(user, first, last)
    ]
    look(user, ACCOUNT, rows=len(legs), key=request.get_full_path())
    context = {
        "legs": legs, "first": first, "last": last,
        "shares": [{**row, "url": _time_of(row["grade"], first, last)} for row in routing.time_shares(user, first, last)],
        "may_plan": may_plan, **choice,
    }  # fmt: skip
    return render(request, "interactions/routes.html", context)


def _plan_of(leg: routing.Leg, after: date) -> str:
    """A plan for who drives there, over the month that follows: as many visits as contacts are due or were missed."""
    first = max(after, clock.today())
    last = (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    values: dict[str, Any] = {
        "kind": VisitPlan.Kind.ROUND, "owner": leg.person_id, "starts_on": first, "ends_on": last,
        "region_code": leg.region, "number": max(leg.due, leg.untouched),
    }  # fmt: skip
    return f"{list_url('visit-plans')}new/?{urlencode(values)}"


def _opened(leg: routing.Leg, first: date, last: date) -> dict[str, str]:
    """The rows behind each figure of a leg."""
    mine: dict[str, Any] = {"f": "owner", "op": "is", "v": leg.person_id}
    there = {"f": "region_code", "op": "is", "v": leg.region} if leg.region else {"f": "region_code", "op": "empty"}
    kept = {"f": "retired_on", "op": "empty"}
    silent = {
        "any": [
            {"f": "last_contact_on", "op": "empty"},
            {"f": "last_contact_on", "op": "before", "v": first.isoformat()},
        ]
    }
    due = {"f": "next_contact_on", "op": "before", "v": (last + timedelta(days=1)).isoformat()}
    made = {"f": "state", "op": "is", "v": "done"}
    within = {"f": "day", "op": "between", "v": [first.isoformat(), last.isoformat()]}
    cards = link("customers", mine, there, kept)
    return {
        "url": cards, "customers": cards, "untouched": link("customers", mine, there, kept, silent),
        "due": link("customers", mine, there, kept, due),
        "visits": link("visits", mine, made, within, {**there, "f": "account.region_code"}),
    }  # fmt: skip


def _time_of(grade: str, first: date, last: date) -> str:
    """The dealings of a class on which time was spent."""
    of = {"f": "account.grade", "op": "is", "v": grade} if grade else {"f": "account.grade", "op": "empty"}
    within = {"f": "at", "op": "between", "v": [first.isoformat(), last.isoformat()]}
    return link("interactions", within, {"f": "minutes", "op": "not_empty"}, of)
