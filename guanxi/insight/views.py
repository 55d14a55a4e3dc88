"""The dashboard: figures that are ready, or how far the job is that makes them."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanxi.customers.models import ClassScheme
from guanxi.customers.services.standards import adopt
from guanxi.insight.about import MONEY, about
from guanxi.insight.cards import cards
from guanxi.insight.figures import figures
from guanxi.insight.models import Snapshot
from guanxi.insight.queries import board as queries
from guanxi.insight.services import refresh
from guanxi.insight.services.options import options_of
from guanxi.insight.shown import Board
from guanxi.insight.trial import PAGE, TrialPage, write_movers
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.models import Job
from guanxi.web.pages import done, fetch, is_fragment, person, whole


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
    options = options_of(user.company)
    board = Board(
        found.summary, found.as_of, queries.sight(user), queries.names_of(user, found.summary), options.rules,
        found.as_of == newest.as_of,
    )  # fmt: skip
    customers = f"{found.summary['customers']:,}"
    return {
        "figures": figures(board), "cards": [replace(card, about=about(card.key, options)) for card in cards(board)],
        "board": board, "whole": found.reach == "all", "customers": customers, "about": MONEY if board.sight.money else "",
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


class Publishing(forms.Form):
    """From when the tried standard holds, why, and when it is looked at again."""

    effective_on = forms.DateField(
        label=gettext_lazy("Effective on"), initial=clock.today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    reassess_on = forms.DateField(
        label=gettext_lazy("Next reassessment"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


@login_required
def what_if(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Other cut-offs or conditions: what they would do, to whom; the export of it, and its publication (CLASS-12)."""
    user, declared = person(request), entity(ClassScheme)
    for label in (declared, entity(queries.ACCOUNT)):
        verbs.require_right(user, "view", label)
    may_publish = user.may("publish", declared.label)
    if not (may_publish or user.may("assign_class", queries.ACCOUNT)):
        raise Forbidden(_("You may not try out standards."))
    scheme = fetch(declared, user, pk)
    page = TrialPage(scheme, user, request.GET)
    publishing = Publishing(request.POST if request.POST.get("do") == "adopt" else None)
    if request.method == "POST" and request.POST.get("do") == "export":
        return _movers_file(page)
    if request.method == "POST" and page.trial is not None and publishing.is_valid():
        if not may_publish:
            raise Forbidden(_("You may not publish standards."))
        try:
            _adopt(page, publishing.cleaned_data, whole(request.POST, "version"))
            return done(request, record_url(declared.slug, pk), _("Published %(name)s.") % {"name": scheme})
        except Refused as refused:
            publishing.add_error(refused.field if refused.field in publishing.fields else None, str(refused))
    context = {"page": page, "publishing": publishing, "may_publish": may_publish, "rules": scheme.kind == "rules"}
    status = 422 if request.method == "POST" or (page.form.is_bound and not page.form.is_valid()) else 200
    return render(request, "insight/what_if.html", {**context, **_listed(page)}, status=status)


def _listed(page: TrialPage) -> dict[str, Any]:
    movers, user = page.movers(), page.user
    number = max(whole(page.query, "page") or 1, 1)
    start = (number - 1) * PAGE
    some = movers[start : start + PAGE]
    return {
        "here": record_url("class-schemes", page.scheme.pk),
        "kept": [(k, v) for k in page.query for v in page.query.getlist(k) if k not in ("owner", "department", "page")],
        "rows": page.rows(some),
        "moves": page.moves(),
        "total": len(movers),
        "first": start + 1,
        "last": start + len(some),
        "previous": page.url(page=number - 1) if number > 1 else "",
        "next": page.url(page=number + 1) if start + PAGE < len(movers) else "",
        "may_export": user.may("export", queries.ACCOUNT),
    }


def _adopt(page: TrialPage, values: dict[str, Any], version: int | None) -> None:
    """Publish what was tried; the version is the one the page was drawn from."""
    scheme = page.scheme
    scheme.version = version if version is not None else scheme.version
    changed = {"params": page.draft.params, "classes": page.draft.classes, "reassess_on": values["reassess_on"]}
    adopt(scheme, changed, actor=page.user, effective_on=values["effective_on"], note=values["note"])


def _movers_file(page: TrialPage) -> HttpResponseBase:
    verbs.require_right(page.user, "export", entity(queries.ACCOUNT))
    Path(settings.EXPORT_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.EXPORT_ROOT) as folder:
        path = Path(folder) / "movers.xlsx"
        write_movers(page, path)
        file = path.open("rb")  # the open file outlives its name
    name = _("Movers of %(scheme)s %(day)s") % {"scheme": page.scheme, "day": clock.today()}
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
