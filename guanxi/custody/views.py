"""Pages of the custodian that the shared machinery does not draw."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audit.sightings import look
from guanxi.custody.models import Visit
from guanxi.custody.queries import loans as lending
from guanxi.custody.queries import visits as packs
from guanxi.custody.services import visits as visiting
from guanxi.custody.services.loans import borrow
from guanxi.formats.regions import place
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.web.pages import done, form_key, person, whole

ACCOUNT = "customers.account"


@login_required
def find_card(request: HttpRequest) -> HttpResponse:
    """Look for a card of the whole company by its name and ask to borrow it; below, what one has on loan (CARD-11)."""
    user = person(request)
    for label in (ACCOUNT, "custody.cardloan"):
        verbs.require_right(user, "view", entity(label))
    text = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:100]
    hits = lending.find(user, text)
    look(user, ACCOUNT, rows=len(hits), key=("find", text))
    context: dict[str, Any] = {
        "q": text, "hits": hits, "short": 0 < len(text) < lending.SHORTEST, "running": lending.running(user),
        "key": form_key(), "until": clock.today() + timedelta(days=7), "here": reverse("card-find"),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "custody/find.html", context)
    try:
        return _borrow(request)
    except Refused as refused:
        context |= {"problem": str(refused), "purpose": request.POST.get("purpose", "")}
        return render(request, "custody/find.html", context, status=422)


def _borrow(request: HttpRequest) -> HttpResponse:
    user, data = person(request), request.POST
    wanted = whole(data, "account") or 0

    def body() -> dict[str, int]:
        return {"id": borrow(wanted, purpose=data.get("purpose", ""), until=_day(data.get("until", "")), actor=user).pk}

    once(user, data.get("key", ""), body)
    return done(request, reverse("card-find"), _("Asked for: whoever keeps the card decides."))


@login_required
def visit_pack(request: HttpRequest) -> HttpResponse:
    """The cards of one day's visits and no others; POST puts a suggested customer into the pack (CARD-03)."""
    user = person(request)
    for label in (ACCOUNT, "custody.visit"):
        verbs.require_right(user, "view", entity(label))
    day = _chosen_day(request)
    here = f"{reverse('visit-pack')}?day={day.isoformat()}"
    if request.method == "POST":
        visiting.plan_visit(whole(request.POST, "account") or 0, actor=user, on=day)
        return done(request, here, _("Added to the pack."))
    cards = [_stop(visit, user) for visit in packs.pack(user, day)]
    look(user, ACCOUNT, rows=len(cards), key=("pack", day))
    context = {
        "cards": cards, "day": day, "today": clock.today(), "here": here,
        "held": packs.not_handed_back(user, day), "suggested": packs.suggested(user, day) if day >= clock.today() else [],
    }  # fmt: skip
    return render(request, "custody/pack.html", context)


def _chosen_day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return clock.today()


def _stop(visit: Visit, user: Any) -> dict[str, Any]:
    """One card of the pack: where to go, whom to call, and what may be done now, or why not."""
    account = visit.account
    barred = user.masked_fields(ACCOUNT) | user.closed_fields(ACCOUNT)
    why = ""
    if visit.state == Visit.State.PLANNED and visit.read_at is None:
        why = _("Read the card first")
    elif visit.state == Visit.State.PLANNED and visit.day != clock.today():
        why = _("Planned for another day")
    return {
        "visit": visit,
        "card": reverse("record", args=["customers", account.pk]),
        "address": "" if "address" in barred else f"{place(account.region_code, unknown='')}{account.address}",
        "phone": "" if "phone" in barred else account.phone,
        "why_not": why,
        "do": f"{reverse('record', args=['visits', visit.pk])}do/",
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Say until when you need the card."), field="until") from None
