"""The dashboard: figures that are ready, or how far the job is that makes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.insight.cards import cards
from guanxi.insight.figures import figures
from guanxi.insight.models import Snapshot
from guanxi.insight.queries import board as queries
from guanxi.insight.services import refresh
from guanxi.insight.services.options import options_of
from guanxi.insight.shown import Board
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden
from guanxi.kernel.models import Job
from guanxi.web.pages import done, is_fragment, person


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of the last refresh, or of the day `as_of`; always of what the person sees."""
    user = person(request)
    verbs.require_right(user, "view", entity(queries.ACCOUNT))
    newest = queries.current(user.company_id)
    day = _day(request, newest)
    found, job = None, queries.running(user.company_id)
    if newest is not None and day is not None:
        found = queries.figures(user, day)
        if found is None or queries.is_stale(found, newest, user):
            job = refresh.ask_for(user, day)
    context: dict[str, Any] = {
        "newest": newest, "day": day, "found": found, "job": job, "may_recompute": queries.may_recompute(user),
    }  # fmt: skip
    if found is not None and newest is not None:
        context |= _page(user, found, newest)
    return render(request, "insight/dashboard.html", context)


def _page(user: Any, found: Snapshot, newest: Snapshot) -> dict[str, Any]:
    board = Board(
        found.summary, found.as_of, queries.sight(user), queries.names_of(user, found.summary),
        options_of(user.company).rules, found.as_of == newest.as_of,
    )  # fmt: skip
    customers = f"{found.summary['customers']:,}"
    return {
        "figures": figures(board), "cards": cards(board), "board": board, "whole": found.reach == "all",
        "customers": customers,
    }  # fmt: skip


def _day(request: HttpRequest, newest: Snapshot | None) -> date | None:
    """The day asked for; a day after the last refresh is that of the refresh."""
    if newest is None:
        return None
    try:
        asked = date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return newest.as_of
    return min(asked, newest.as_of)


@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the job is; once it is over, the browser loads the page anew."""
    user = person(request)
    job = Job.objects.filter(pk=pk, company_id=user.company_id, name__startswith="insight.").first()
    if job is None:
        raise Http404
    if job.state in (Job.State.READY, Job.State.RUNNING) or not is_fragment(request):
        return render(request, "insight/progress.html", {"job": job})
    if job.state == Job.State.DONE:
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "insight/progress.html", {"job": job, "failed": True})


@require_POST
@login_required
def recompute(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not queries.may_recompute(user):
        raise Forbidden(_("You may not have the figures computed anew."))
    refresh.recompute(user)
    return done(request, reverse("insight")) if is_fragment(request) else redirect("insight")
