"""A successor's briefing: on screen, for the printer, as a table."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.audit.sightings import look
from guanxi.customers.letters import MOST as MOST_LETTERS
from guanxi.exchange.exporting import written
from guanxi.exchange.gate import Wish, leave_now
from guanxi.formats.tables import open_writer
from guanxi.handover.queries import briefing as queries
from guanxi.kernel import verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.web.pages import fetch, person, whole

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCOUNT = "customers.account"


@login_required
def briefing(request: HttpRequest, pk: int) -> HttpResponse:
    """The customers one successor takes over, with what has to be known of each (INFO-18)."""
    user, declared = person(request), entity("handover.handover")
    verbs.require_right(user, "view", declared)
    verbs.require_right(user, "view", entity(ACCOUNT))
    handover = fetch(declared, user, pk)
    takers = queries.takers(handover, user)
    chosen = whole(request.GET, "of")
    to = next((one for one in takers if one.pk == chosen), next((one for one in takers if one.pk == user.pk), None))
    to = to or (takers[0] if takers else user)
    ids = queries.taken_over(handover, to)
    lines = queries.briefing(ids, user)
    look(user, ACCOUNT, rows=len(lines), key=("briefing", pk, to.pk))
    if request.GET.get("format") == "xlsx":
        return _sheet(handover, to, lines, user)
    here = reverse("handover-briefing", args=[pk])
    context = {
        "row": handover, "to": to, "lines": lines, "out_of_reach": len(ids) - len(lines),
        "coming": queries.coming(handover, to, [line["row"].pk for line in lines]) if len(ids) > len(lines) else [],
        "others": queries.others(handover, to, user), "back": record_url("handovers", pk),
        "takers": [{"person": one, "url": f"{here}?of={one.pk}"} for one in takers],
        "sheet": f"{here}?of={to.pk}&format=xlsx" if user.may("export", ACCOUNT) else "",
        "letters": _letters([line["row"].pk for line in lines], user),
    }  # fmt: skip
    return render(request, "handover/briefing.html", context)


def _letters(ids: list[int], user: User) -> str:
    """The way to tell these customers, with a text to begin with."""
    if not ids or not user.may("export", ACCOUNT):
        return ""
    text = _("Dear {salutation},\n\nfrom {today} on {owner} looks after {name}. We look forward to working with you.")
    return f"{reverse('letters')}?{urlencode([('id', pk) for pk in ids[:MOST_LETTERS]] + [('text', text)])}"


def _sheet(handover: Any, to: User, lines: list[dict[str, Any]], user: User) -> HttpResponse:
    verbs.require_right(user, "export", entity(ACCOUNT))
    leave = leave_now(Wish(user, entity(ACCOUNT), "xlsx", len(lines), sentence=str(handover)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "briefing.xlsx"
        with open_writer(path, "xlsx", queries.headers()) as out:
            out.marks = leave.marks
            for line in lines:
                out.row(queries.cells(line))
        content = path.read_bytes()
        written(entity(ACCOUNT), user, path, leave, len(lines), title=str(handover), format="xlsx")
    response = HttpResponse(content, content_type=SHEET)
    name = quote(_("Briefing for %(name)s") % {"name": to.name} + ".xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
