"""The rule of a clause as a sentence to change: tried on the past, kept as a draft, then published (GOV-02)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.rulebook import conditions
from guanxi.rulebook.changes import trial_lines
from guanxi.rulebook.models import Clause
from guanxi.rulebook.queries.owed import addresses
from guanxi.rulebook.sentences import Slot, fill, parts
from guanxi.rulebook.services.backtest import USUAL, try_out
from guanxi.rulebook.services.clauses import draft, in_force, newest
from guanxi.rulebook.spec import read
from guanxi.web.pages import done, fetch, form_key, person

LABEL = "rulebook.clause"


@login_required
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the sentence; POST tries it (`try`) or keeps it as a draft."""
    user, declared = person(request), entity(LABEL)
    verbs.require_right(user, "view", declared)
    verbs.require_right(user, "change", declared)
    clause = fetch(declared, user, pk)
    version, trial, lines = newest(clause), None, []
    error: dict[str, str] = {}
    raw, today = version.spec, clock.today()
    data = request.POST
    first = _day(data.get("first"), today - timedelta(days=USUAL))
    last = _day(data.get("last"), today - timedelta(days=1))
    effective = _day(data.get("effective_on"), max(version.effective_on, today))
    if request.method == "POST":
        try:
            raw, error = conditions.changed(raw, data, user)
            raw = fill(
                raw, {key.removeprefix("slot-"): value for key, value in data.items() if key.startswith("slot-")}
            )
            if error:
                raise Refused(_("A condition cannot be meant like this; see below."))
            if "try" not in data:
                return _keep(request, clause, raw, effective)
            trial = try_out(clause.company, raw, first, last)
            known = in_force(clause)
            before = try_out(clause.company, known.spec, first, last).states if known else None
            lines = trial_lines({"before": before, "after": trial.states})
        except Refused as refused:
            error = {refused.field or "rule": str(refused), **error}
    opened = addresses(user, [one.row for one in trial.missed]) if trial else {}
    builders = conditions.builders(raw, user, data if error else {})
    context = {
        "clause": clause, "version": version, "parts": _shown(raw, clause.company), "error": error,
        "builders": [{**one, "error": error.get(one["name"], "")} for one in builders], "key": form_key(),
        "trial": trial, "lines": lines, "missed": [(one, opened.get(one.row, "")) for one in trial.missed] if trial else [], "first": first, "last": last, "effective": effective,
        "note": data.get("note", version.note if version.state == version.State.DRAFT else ""),
        "may_try": clause.kind != Clause.Kind.GUARD and not clause.waits_for,
    }  # fmt: skip
    return render(request, "rulebook/rule.html", context, status=422 if error else 200)


def _keep(request: HttpRequest, clause: Clause, raw: dict[str, Any], effective: date) -> HttpResponse:
    user, note = person(request), request.POST.get("note", "").strip()
    if not note:
        raise Refused(_("Say what has changed."), field="note")
    once(user, request.POST.get("key", ""), lambda: {"id": draft(clause, raw, effective, note=note).pk})
    return done(request, record_url("clauses", clause.pk), _("Kept as a draft; publish it when it is ready."))


def _day(text: Any, default: date) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return default


def _shown(raw: dict[str, Any], company: Any) -> list[dict[str, Any]]:
    """Texts and inputs for the template."""
    return [_input(part) if isinstance(part, Slot) else {"text": part} for part in parts(read(raw), company)]


def _input(slot: Slot) -> dict[str, Any]:
    label = _("Unit or period") if slot.choices else _("Number") if slot.number else _("Wording")
    return {"slot": slot, "name": f"slot-{slot.path}", "choices": slot.choices, "label": label}
