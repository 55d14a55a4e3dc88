"""How old what is owed is, each number leading to the list behind it; from here collections are planned (CARD-09)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audit.sightings import look
from guanxi.billing.queries.ageing import GROUPS, MOST, Row, ageing_by, next_steps, total_of
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden
from guanxi.sales.queries import BUCKETS
from guanxi.web.pages import person

OPEN: dict[str, Any] = {"f": "open_amount", "op": "gt", "v": 0}


@login_required
def ageing_page(request: HttpRequest) -> HttpResponse:
    """By person, department, customer or class."""
    user, today = person(request), clock.today()
    verbs.require_right(user, "view", entity("sales.receivable"))
    if "open_amount" in user.closed_fields("sales.receivable") | user.masked_fields("sales.receivable"):
        raise Forbidden(_("The amounts of receivables are closed to you."))
    by = request.GET.get("by", "owner")
    by = by if by in GROUPS else "owner"
    found = ageing_by(user, by)
    total = total_of(found)
    look(user, "sales.receivable", rows=min(len(found), MOST), key=request.get_full_path())
    context = {
        "rows": [_told(row, by, today) for row in found[:MOST]], "total": _told(total, "", today),
        "by": by, "groups": [(key, words) for key, (words, *_rest) in GROUPS.items()], "what": GROUPS[by][0],
        "heads": [words for _key, words, *_rest in BUCKETS], "hidden": max(0, len(found) - MOST),
        "steps": [(reverse(name), words, icon) for name, words, icon, label in next_steps if user.may("view", label)],
    }  # fmt: skip
    return render(request, "billing/ageing.html", context)


def _told(row: Row, by: str, today: date) -> dict[str, Any]:
    mine: list[dict[str, Any]] = []
    if by:
        name = GROUPS[by][3]
        empty = row.key in (None, "")
        mine = [{"f": name, "op": "empty"} if empty else {"f": name, "op": "is", "v": row.key}]
    cells = [
        {"head": words, "amount": row.amounts[key], "url": _list([*mine, OPEN, *_between(today, first, last)])}
        for key, words, first, last in BUCKETS
    ]
    return {
        "name": row.name or (_("Nobody") if by == "owner" else _("None")), "cells": cells, "open": row.open,
        "overdue": row.overdue, "url": _list([*mine, OPEN]), "lines": row.lines,
    }  # fmt: skip


def _between(today: date, first: int | None, last: int | None) -> list[dict[str, Any]]:
    """Due days of a bucket as conditions; what waits for its delivery is not due."""
    if first is None:
        return [{"any": [{"f": "due_on", "op": "empty"}, {"f": "due_on", "op": "after", "v": _iso(today, 1)}]}]
    found = [{"f": "due_on", "op": "before", "v": _iso(today, first - 1)}]
    return found + ([{"f": "due_on", "op": "after", "v": _iso(today, last + 1)}] if last is not None else [])


def _iso(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


def _list(conditions: list[dict[str, Any]]) -> str:
    where = quote(json.dumps({"all": conditions}))
    return f"{list_url('receivables')}?view=open&where={where}"
