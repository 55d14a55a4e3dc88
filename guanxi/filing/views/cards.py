"""Cards of an exhibition: read from vCards or typed into a table, looked over, then registered together (FORM-04)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.filing.forms import CARD
from guanxi.filing.models import Exhibition, Registration
from guanxi.filing.services.leads import LEAD, lead_cards
from guanxi.filing.services.registration import MOST, common_of, register_cards
from guanxi.formats.vcards import Card, decode, read_cards
from guanxi.kernel import verbs
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.org.models import User
from guanxi.web.pages import done, fetch, form_key, person, whole

SPARE, LARGEST = 6, 4_000_000


@login_required
def cards(request: HttpRequest) -> HttpResponse:
    """GET offers a table and a place for vCards; `read` fills the table from them, `save` registers what stands in it."""
    user, declared = person(request), entity(Registration)
    verbs.require_right(user, "add", declared)
    exhibition = _exhibition(request, user)
    if request.method != "POST":
        return _table(request, exhibition, [])
    rows = _typed(request)
    if "read" in request.POST:
        try:
            found = [_row(card) for card in read_cards(_vcards(request))]
        except Refused as no:
            return _table(request, exhibition, rows, problem=str(no), status=422)
        problem = "" if found else _("No card was found in this text.")
        return _table(request, exhibition, [*rows, *found][:MOST], problem=problem, status=200 if found else 422)
    need = request.POST.get("need_all", "").strip()
    given = [{**row, "need": row["need"] or need} for row in rows]
    wrong: dict[int, dict[str, list[Any]]] = {}
    leads = request.POST.get("as") == "leads" and user.may("add", LEAD)

    def body() -> dict[str, Any]:
        made: Sequence[Any]
        if leads:
            made, errors = lead_cards(given, exhibition, actor=user)
        else:
            made, errors = register_cards(given, common_of(exhibition), actor=user)
        wrong.update(errors)
        if errors or not made:
            raise Refused(
                _("Some cards need a change; nothing was saved.") if errors else _("Write at least one card.")
            )
        return {"n": len(made)}

    try:
        saved, _again = once(user, request.POST.get("key", ""), body)
    except Refused as no:
        return _table(request, exhibition, rows, problem=str(no), wrong=wrong, status=422)
    return done(request, *_told(exhibition, saved, leads))


def _told(exhibition: Exhibition | None, saved: dict[str, Any], leads: bool) -> tuple[str, str]:
    """Where what was made is listed, and how many there are."""
    if leads:
        return list_url("leads"), ngettext("%(n)s lead made.", "%(n)s leads made.", saved["n"]) % saved
    text = ngettext("%(n)s card registered.", "%(n)s cards registered.", saved["n"]) % saved
    if exhibition is not None:
        return f"{record_url('exhibitions', exhibition.pk)}tab/registrations/", text
    return list_url("registrations"), text


def _exhibition(request: HttpRequest, user: User) -> Exhibition | None:
    pk = whole(request.POST if request.method == "POST" else request.GET, "exhibition")
    if not pk:
        return None
    verbs.require_right(user, "view", entity(Exhibition))
    row: Exhibition = fetch(entity(Exhibition), user, pk)
    return row


def _vcards(request: HttpRequest) -> str:
    """The pasted text and the files, in one."""
    files = request.FILES.getlist("files")
    if sum(file.size or 0 for file in files) > LARGEST:
        raise Refused(
            _("The files are too large; %(n)d MB are enough for thousands of cards.") % {"n": LARGEST // 10**6}
        )
    return "\n".join([request.POST.get("vcards", ""), *(decode(file.read()) for file in files)])


def _row(card: Card) -> dict[str, str]:
    return {
        "name": card.name, "phone": next(iter(card.phones), ""), "need": card.note[:200], "organisation": card.organisation,
        "post": card.post, "email": next(iter(card.emails), ""), "address": card.address,
    }  # fmt: skip


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    """The filled rows of the table, as they were typed."""
    count = min(max(whole(request.POST, "rows") or 0, 0), MOST)
    rows = [{name: request.POST.get(f"card-{n}-{name}", "").strip() for name in CARD} for n in range(count)]
    return [row for row in rows if any(row.values())]


def _table(
    request: HttpRequest, exhibition: Exhibition | None, rows: list[dict[str, str]], *, problem: str = "",
    wrong: dict[int, dict[str, list[Any]]] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    fields, errors = entity(Registration).fields_for(person(request).company), wrong or {}
    lines = [
        {
            "cells": [{"name": name, "label": fields[name].label, "value": row.get(name, "")} for name in CARD],
            "errors": [f"{fields[name].label}: {text}" if name in fields else text for name, texts in errors.get(n, {}).items() for text in texts],
        }
        for n, row in enumerate([*rows, *({} for _spare in range(SPARE))][:MOST])
    ]  # fmt: skip
    context = {
        "exhibition": exhibition, "heads": [fields[name].label for name in CARD], "lines": lines, "problem": problem,
        "key": form_key(), "need_all": request.POST.get("need_all", ""), "filled": len(rows),
        "may_lead": person(request).may("add", LEAD), "as_leads": request.POST.get("as") == "leads",
    }  # fmt: skip
    return render(request, "filing/cards.html", context, status=status)
