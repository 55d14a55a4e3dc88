"""The figures of opportunities: win rate, sales cycle, funnel, losses, and what has changed; each opens to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.audit.sightings import look
from guanxi.deals.models import Opportunity, Pipeline
from guanxi.deals.models.opportunities import Move
from guanxi.deals.queries import changes
from guanxi.deals.queries import figures as counted
from guanxi.deals.queries.stages import OPPORTUNITY
from guanxi.interactions.periods import chosen_period
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.web.nav import link
from guanxi.web.pages import person

SLUG = "opportunities"
GROUPS = (
    ("person", "owner", gettext_lazy("By person"), gettext_lazy("Person"), gettext_lazy("Nobody"), ""),
    ("source", "source", gettext_lazy("By source"), gettext_lazy("Source"), gettext_lazy("Without source"), ""),
    (
        "product", "product", gettext_lazy("By product"), gettext_lazy("Product"), gettext_lazy("Without product"),
        gettext_lazy("An opportunity with several products counts for each of them, with its whole amount."),
    ),
    ("pipeline", "pipeline", gettext_lazy("By pipeline"), gettext_lazy("Pipeline"), "—", ""),
)  # fmt: skip
KINDS = (*Move.values, "amount", "date")
WORDS = {
    **dict(Move.choices), "amount": gettext_lazy("Amount changed"), "date": gettext_lazy("Expected close moved"),
}  # fmt: skip
SHOWN, LISTED, TOP = 5, 40, 10


@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """GET: one period, by person, source, product or pipeline."""
    user, declared = person(request), entity(Opportunity)
    verbs.require_right(user, "view", declared)
    first, last, choice = chosen_period(request, "this_quarter")
    span = [first.isoformat(), last.isoformat()]
    by, field, *words = next((group for group in GROUPS if group[0] == request.GET.get("by")), GROUPS[0])
    lines = [(line, _opened(field, line.key, span)) for line in counted.by(by, user, first, last)]
    whole = counted.total(user, first, last)
    reasons = [(loss, _lost(loss.key, span)) for loss in counted.losses(user, first, last)]
    funnels = [
        (pipeline, rungs) for pipeline in counted.pipelines(user) if (rungs := _funnel(user, pipeline, first, last))
    ]
    since = clock.today() - timedelta(days=7)
    look(user, OPPORTUNITY, rows=whole.won + whole.lost, key=request.get_full_path())
    context = {
        "whole": whole, "opened": _opened("", None, span), "table": (*words, lines[:TOP], lines[TOP:]), "by": by,
        "groups": [(group[0], group[2]) for group in GROUPS], "kept": {"by": by}, "losses": reasons, "funnels": funnels,
        "changes": _changes(user, since), "since": since, "first": first, "last": last, **choice,
    }  # fmt: skip
    return render(request, "deals/figures.html", context)


def _opened(name: str, key: int | None, span: list[str]) -> dict[str, str]:
    """Where the rows behind a line are listed."""
    whose: tuple[dict[str, Any], ...] = ()
    if name == "product":
        of_product = {"has": "lines", "where": {"f": "product", "op": "is", "v": key}}
        whose = (of_product if key else {"not": {"has": "lines"}},)
    elif name:
        whose = ({"f": name, "op": "is", "v": key} if key else {"f": name, "op": "empty"},)
    won = ({"f": "state", "op": "is", "v": "won"}, {"f": "won_on", "op": "between", "v": span})
    lost = ({"f": "state", "op": "is", "v": "lost"}, {"f": "lost_on", "op": "between", "v": span})
    return {"won": link(SLUG, *whose, *won), "lost": link(SLUG, *whose, *lost)}


def _lost(key: int | None, span: list[str]) -> str:
    reason = {"f": "loss_reason", "op": "is", "v": key} if key else {"f": "loss_reason", "op": "empty"}
    state = {"f": "state", "op": "is", "v": "lost"}
    return link(SLUG, reason, state, {"f": "lost_on", "op": "between", "v": span})


def _funnel(user: Any, pipeline: Pipeline, first: date, last: date) -> list[dict[str, Any]]:
    begun = {"f": "begun_on", "op": "between", "v": [first.isoformat(), last.isoformat()]}
    of_pipeline = {"f": "pipeline", "op": "is", "v": pipeline.pk}
    rungs = counted.funnel(user, pipeline, first, last)
    if not rungs or not rungs[0].number:
        return []
    keys = [rung.key for rung in rungs if rung.key]
    found = []
    for n, rung in enumerate(rungs):
        far: dict[str, Any] = {"f": "state", "op": "is", "v": "won"}
        if rung.key:  # whoever has been in this stage or a later one
            went = [{"f": "after", "op": "in", "v": keys[n:]}, {"f": "kind", "op": "is_not", "v": "back"}]
            far = {"has": "moves", "where": {"all": went}}
        url = link(SLUG, of_pipeline, begun, *(() if n == 0 else (far,)))
        found.append({"rung": rung, "name": rung.name or _("Won"), "url": url})
    return found


def _changes(user: Any, since: date) -> Iterable[dict[str, Any]]:
    """By kind: how many, how much, and the single ones."""
    told = changes(user, since)
    return [
        {
            "word": WORDS[kind], "number": len(told.ids[kind]), "amount": told.amounts[kind],
            "rows": rows[:SHOWN], "more": rows[SHOWN:LISTED],
        }
        for kind in KINDS if told.ids.get(kind)
        for rows in [[(one, record_url(SLUG, one.opportunity_id)) for one in told.details if one.kind == kind]]
    ]  # fmt: skip
