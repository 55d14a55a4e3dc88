"""Suggestions beside an order or a quote, what the customer said to them, and the customers on the way of a delivery."""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from guanxi.audit.sightings import look
from guanxi.customers.models import Account
from guanxi.formats.regions import place
from guanxi.interactions.periods import chosen_day
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.offers.models import Reaction
from guanxi.sales.advice.queries import Suggestion, delivery_day, habits, suggestions
from guanxi.web.pages import fetch, person, whole

ACCOUNT, REACTION = "customers.account", "offers.reaction"
PRODUCT = re.compile(r"^line-\d+-product$")
FEW = 3


def offers_for(account: Account, chosen: list[int], user: Any) -> dict[str, Any]:
    """The context of the list of suggestions."""
    may = user.may("add", REACTION)
    rows = [_row(account, one, may) for one in suggestions(account, chosen, user)]
    return {"rows": rows, "account": account}


def _row(account: Account, one: Suggestion, may: bool) -> dict[str, Any]:
    answers = _answers(account, one.product.pk, one.ground) if may else []
    return {"one": one, "ground": Reaction.Ground(one.ground).label, "answers": answers}


def _answers(account: Account, product: int | None, ground: str) -> list[dict[str, Any]]:
    """What a customer can say, as values a button sends."""
    # As text: a script’s numbers would lose the last digits of an id.
    kept = {"account": str(account.pk), "product": str(product or ""), "ground": ground}
    return [
        {"label": answer.label, "values": json.dumps({**kept, "answer": answer.value})} for answer in Reaction.Answer
    ]


@login_required
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """For the customer and products typed into a form so far; nothing where there is no customer yet."""
    user = person(request)
    verbs.require_right(user, "view", entity("catalog.product"))
    pk = whole(request.POST, "account")
    if pk is None:
        return HttpResponse("")
    account = fetch(entity(ACCOUNT), user, pk)
    chosen = [whole(request.POST, name) for name in request.POST if PRODUCT.match(name)]
    context = offers_for(account, [pk for pk in chosen if pk], user)
    return render(request, "sales/suggestions.html", {**context, "carded": "carded" in request.POST})


@login_required
@require_POST
def react(request: HttpRequest) -> HttpResponse:
    """Note what the customer said; whoever looks after the customer is told (SALE-12)."""
    user = person(request)
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in ("ground", "answer")}
    pk = whole(request.POST, "account")
    if pk is None:
        raise Http404
    account = fetch(entity(ACCOUNT), user, pk)
    product = whole(request.POST, "product")
    values |= {"account": account, "product": fetch(entity("catalog.product"), user, product) if product else None}
    row = verbs.add(entity(REACTION), values, actor=user)
    return render(request, "sales/reacted.html", {"row": row})


@login_required
def delivery_calls(request: HttpRequest) -> HttpResponse:
    """Whom to call for additional goods before the van leaves (SALE-13)."""
    user = person(request)
    for label in (ACCOUNT, "sales.delivery"):
        verbs.require_right(user, "view", entity(label))
    day = chosen_day(request)
    stops = delivery_day(user, day)
    near = [account for stop in stops for account in stop.nearby]
    usual, may = habits([account.pk for account in near], user), user.may("add", REACTION)
    barred = user.masked_fields(ACCOUNT) | user.closed_fields(ACCOUNT)
    look(user, ACCOUNT, rows=len(near), key=("delivery", day))
    shown = [
        {
            "place": place(stop.region, unknown=stop.region), "deliveries": stop.deliveries,
            "near": [_call(account, usual.get(account.pk, [])[:FEW], may, barred) for account in stop.nearby],
        }
        for stop in stops
    ]  # fmt: skip
    return render(request, "sales/delivery_calls.html", {"stops": shown, "day": day})


def _call(account: Account, usual: list[Any], may: bool, barred: frozenset[str]) -> dict[str, Any]:
    ground = Reaction.Ground.ROUTE
    offers = [{"habit": one, "answers": _answers(account, one.product.pk, ground) if may else []} for one in usual]
    return {
        "account": account, "phone": "" if "phone" in barred else account.phone,
        "address": "" if "address" in barred else account.address, "offers": offers,
        "answers": _answers(account, None, ground) if may and not offers else [],
    }  # fmt: skip
