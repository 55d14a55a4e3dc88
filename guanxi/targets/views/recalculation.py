"""Commission computed anew: the differences are shown before anybody accepts them (PROD-02)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.exchange.paper import month_asked
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.sales.models import Order
from guanxi.targets.models import Statement
from guanxi.targets.models.targets import after
from guanxi.targets.queries.commission import Difference, differences
from guanxi.targets.services.commission import accept_differences
from guanxi.web.pages import done, person

SHOWN, MOST = 200, 100_000


@login_required
def recalculation(request: HttpRequest) -> HttpResponse:
    """What would differ since a month; POST writes it as lines of the open months."""
    user = person(request)
    for verb in ("view", "settle"):
        verbs.require_right(user, verb, entity(Statement))
    since = month_asked(request)
    if "month" not in request.GET:
        since = after(since, "month", -2)
    here = f"{reverse('commission-recalculation')}?month={since:%Y-%m}"
    if request.method == "POST":
        n = accept_differences(user, since, _expected(request))
        return done(request, here, _("%(n)d difference lines written.") % {"n": n})
    found = list(islice(differences(user.company_id, since), MOST))
    return render(request, "targets/recalculation.html", _context(found, since))


def _expected(request: HttpRequest) -> Decimal:
    try:
        return Decimal(request.POST.get("expected", ""))
    except InvalidOperation as error:
        raise Refused(_("The differences changed in the meantime: look at them again.")) from error


def _context(found: list[Difference], since: date) -> dict[str, Any]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for one in found:
        sums[one.person] += one.amount
    people = User.objects.in_bulk(list(sums))
    orders = Order.everything.in_bulk([one.share.order for one in found[:SHOWN]])
    rows = [
        {"one": one, "person": people.get(one.person), "order": orders.get(one.share.order)} for one in found[:SHOWN]
    ]
    by_person = sorted(((str(people.get(pk, "")), total) for pk, total in sums.items()), key=lambda pair: -abs(pair[1]))
    return {
        "month": f"{since:%Y-%m}", "rows": rows, "n": len(found), "people": by_person, "more": len(found) > SHOWN,
        "total": sum(sums.values(), Decimal(0)),
    }  # fmt: skip
