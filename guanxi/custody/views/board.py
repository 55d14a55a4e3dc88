"""The team board: what each person of a head owes, with the list behind every figure (CARD-01, CARD-08, CARD-09, CLASS-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from guanxi.custody.queries.board import OPPORTUNITY, SILENT, Mate, board
from guanxi.custody.queries.reviews import ZERO, day_before
from guanxi.formats.dates import monday
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.rulebook.engine.times import around
from guanxi.rulebook.queries.compliance import DECIDED, Tally
from guanxi.rulebook.queries.owed import OVERDUE, OWED
from guanxi.rulebook.shown import due, duties, percent, shares, tone, where
from guanxi.sales.models import COUNTED
from guanxi.web.nav import link
from guanxi.web.pages import person

MOST = 60


@login_required
def team_board(request: HttpRequest) -> HttpResponse:
    user = person(request)
    verbs.require_right(user, "add", entity("custody.cardreview"))
    verbs.require_right(user, "view", entity("rulebook.duty"))
    today = clock.today()
    before = day_before(user.company, today)
    mates = board(user, today)
    month = around("month", today)
    total = sum((one.month for one in mates), Tally())
    spans = {measured_over(one) for one in mates if one.shares is not None}
    context: dict[str, Any] = {
        "rows": [row(one, today, before) for one in mates[:MOST]], "measured": spans.pop() if len(spans) == 1 else "", "all": lists([one.person.pk for one in mates], today, before), "people": len(mates), "most": MOST if len(mates) > MOST else 0, "month": f"{month.first:%Y-%m}", "monday": monday(today),
        "rate": percent(total.rate), "tone": tone(total.rate), "decided": total.decided,
        "unreviewed": sum(one.cards > 0 and one.review is None for one in mates),
        "overdue": sum(one.overdue for one in mates), "today": sum(one.today for one in mates),
        "silent": sum(one.silent for one in mates), "stuck": sum(one.stuck for one in mates),
        "deals": user.may("view", OPPORTUNITY), "orders": user.may("view", "sales.order"), "before": before, "owed": sum((one.owed for one in mates), ZERO),
        "money": user.may("view", "sales.receivable"),
    }  # fmt: skip
    return render(request, "custody/board.html", context)


def row(one: Mate, today: date, before: date) -> dict[str, Any]:
    """One person's figures, each with the list it counts."""
    return {
        "one": one, "links": lists([one.person.pk], today, before), "rate": percent(one.month.rate),
        "tone": tone(one.month.rate), "shares": efforts(one), "over": measured_over(one),
    }  # fmt: skip


def lists(people: list[int], today: date, before: date) -> dict[str, str]:
    """Where the rows behind the figures of one person, or of all of them, are listed."""
    who, month = where("owner", "in", people), around("month", today)
    by_now = due(today, today)
    quiet = {
        "any": [where("last_contact_on", "empty"), where("last_contact_on", "before", (today - SILENT).isoformat())]
    }
    late = (where("due_on", "before", today.isoformat()), where("open_amount", "gt", 0))
    return {
        "open": duties(who, OWED),
        "today": duties(who, by_now, states=("open",)),
        "overdue": duties(who, OVERDUE),
        "month": duties(who, due(month.first, month.last), states=DECIDED),
        "silent": link("customers", who, where("retired_on", "empty"), quiet),
        "stuck": link("opportunities", who, where("state", "is", "open"), quiet),
        "sold": link(
            "orders",
            who,
            where("ordered_on", "on", before.isoformat()),
            where("state", "in", [str(one) for one in COUNTED]),
        ),
        "owed": link("receivables", where("account.owner", "in", people), *late),
    }


def efforts(one: Mate) -> str:
    """Actual shares beside the wanted ones, as 58/31/11 of 60/30/10, and the period they were measured over."""
    parts = shares(one.shares.figures) if one.shares is not None else []
    actual, wanted = ("/".join(f"{part[key]:.0f}" for part in parts) for key in ("actual", "wanted"))
    if parts and not any(part["actual"] for part in parts):
        return _("nothing recorded")
    return _("%(actual)s of %(wanted)s") % {"actual": actual, "wanted": wanted} if parts else ""


def measured_over(one: Mate) -> str:
    """The days the shares speak of: from the day the duty began to the day it was measured."""
    if one.shares is None:
        return ""
    return f"{one.shares.opened_on:%Y-%m-%d} – {localtime(one.shares.due_at):%Y-%m-%d}"
