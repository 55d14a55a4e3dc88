"""The questions about a publication, and how they were answered."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.kernel import verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.learning.models import Reading
from guanxi.learning.queries import questions_for
from guanxi.learning.services.reading import answer, may_try
from guanxi.web.pages import done, fetch, form_key, person


@login_required
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own questions; POST is one attempt, and the same form sent twice is still one."""
    user = person(request)
    verbs.require_right(user, "view", entity(Reading))
    reading = fetch(entity(Reading), user, pk)
    if reading.owner_id != user.pk:
        raise Http404
    here = record_url("readings", pk)
    problem, given = "", {}
    if request.method == "POST":
        asked = questions_for(reading)
        given = {one.pk: request.POST.get(f"q-{one.pk}", "") for one in asked}

        def body() -> dict[str, Any]:
            attempt = answer(pk, given, actor=user)
            return {"score": attempt.score, "passed": attempt.passed}

        try:
            result, _again = once(user, request.POST.get("key", ""), body)
            text = _("Passed with %(n)s %%.") if result["passed"] else _("%(n)s %%: not passed. Read it once more.")
            return done(request, here, text % {"n": result["score"]})
        except Refused as refused:
            problem = str(refused)
    lines = [
        {"question": one, "answers": [(key, text, given.get(one.pk) == key) for key, text in one.answers]}
        for one in questions_for(reading)
    ]
    context = {
        "reading": reading, "lines": lines, "problem": problem, "key": form_key(), "back": here,
        "may_try": may_try(reading), "left": reading.allowed - reading.tried, "mark": reading.publication.pass_mark,
    }  # fmt: skip
    return render(request, "learning/questions.html", context, status=422 if problem else 200)
