"""The audit trail of the company: who did what, when, from where; and whether the trail is whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.audit import queries, services
from guanxi.audit.models import BackupRecord, Verification
from guanxi.kernel.entities import entities
from guanxi.kernel.errors import Forbidden
from guanxi.kernel.ids import typed_id
from guanxi.org.models import User
from guanxi.web.pages import done, person, whole

LABEL, PAGE = "audit.entry", 50


def _reader(request: HttpRequest, verb: str = "view") -> User:
    user = person(request)
    if not user.may(verb, LABEL):
        raise Forbidden(_("Only auditors may read the audit trail."))
    return user


@login_required
def trail(request: HttpRequest) -> HttpResponse:
    """Entries of the company, newest first, narrowed by person, kind of record, day and address."""
    user = _reader(request)
    chosen = {name: request.GET.get(name, "").strip() for name in ("actor", "label", "title", "since", "until", "ip")}
    rows = queries.entries(user.company_id, PAGE + 1, whole(request.GET, "before"), **_filters(chosen))
    shown = rows[:PAGE]
    lines = queries.readable_many(shown, user)
    words = [
        {"entry": e, "act": queries.act(e), "kind": queries.kind(e), "lines": part}
        for e, part in zip(shown, lines, strict=True)
    ]
    older = "?" + urlencode({**chosen, "before": shown[-1].pk}) if len(rows) > PAGE else ""
    context = {
        "entries": words,
        "chosen": chosen,
        "older": older,
        "kinds": [(e.label, e.title) for e in entities()],
        "people": User.objects.filter(company_id=user.company_id).order_by("name").values_list("pk", "name")[:500],
        "last_check": Verification.objects.first(),
        "backup": BackupRecord.objects.filter(verified=True).order_by("-id").first(),
        "may_verify": user.may("verify", LABEL),
    }
    return render(request, "web/trail.html", context)


def _filters(chosen: dict[str, str]) -> dict[str, Any]:
    """What the address asks for, days turned into moments; what is not readable narrows nothing."""
    since, until = _day(chosen["since"]), _day(chosen["until"])
    return {
        "actor": typed_id(chosen["actor"]),
        "label": chosen["label"],
        "title": chosen["title"][:100],
        "ip": chosen["ip"][:45],
        "since": since,
        "until": until + timedelta(days=1) if until else None,
    }


def _day(text: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.fromisoformat(text[:10])) if text else None
    except ValueError:
        return None


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain now and say what was found."""
    _reader(request, "verify")
    found = services.check_trail()
    text = (
        _("The trail is whole: %(n)s entries.") if found.intact else _("The trail has been tampered with: see below.")
    )
    return done(request, reverse("trail"), text % {"n": f"{found.rows:,}"} if found.intact else text)
