"""Finding a card to borrow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audit.sightings import look
from guanxi.custody.queries import loans as cards
from guanxi.custody.services.loans import borrow
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url
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
    hits = cards.find(user, text)
    look(user, ACCOUNT, rows=len(hits), key=("find", text))
    context: dict[str, Any] = {
        "q": text, "hits": hits, "short": 0 < len(text) < cards.SHORTEST, "running": cards.running(user),
        "pool": list_url("pool") if user.may("view", "pool.stay") else "",
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Say until when you need the card."), field="until") from None
