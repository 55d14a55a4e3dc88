"""The ready rulebooks: what each would bring to the company, clause by clause, and the button that asks for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.rulebook.changes import compared
from guanxi.rulebook.services import editions
from guanxi.web.pages import done, form_key, person


@login_required
def rulebooks(request: HttpRequest) -> HttpResponse:
    """GET shows every ready book beside what the company has; POST asks for one of them to be put into force."""
    user = person(request)
    verbs.require_right(user, editions.RIGHT[0], entity(editions.RIGHT[1]))
    today, error = clock.today(), {}
    if request.method == "POST":
        try:
            return _take(request, user)
        except Refused as refused:
            error = {request.POST.get("book", ""): str(refused)}
    found = editions.editions(user.company)
    books = [
        {"one": one, "clauses": len(list(one.book.clauses)), "changes": compared(one, user.company), "key": form_key(), "error": error.get(one.book.slug, ""),
         "open": one.upgrades or one.book.slug in error}
        for one in sorted(found, key=lambda one: (not one.upgrades, one.regulation is None))
    ]  # fmt: skip
    context = {"books": books, "today": today, "upgrades": sum(one.upgrades for one in found)}
    return render(request, "rulebook/editions.html", context, status=422 if error else 200)


def _take(request: HttpRequest, user: Any) -> HttpResponse:
    data = request.POST
    slug = data.get("book", "")
    try:
        day = date.fromisoformat(data.get("effective_on", ""))
    except ValueError:
        raise Refused(_("Say from which day the rules are to hold.")) from None

    def body() -> dict[str, Any]:
        made = editions.take(
            user.company, slug, actor=user, effective_on=day, reason=data.get("reason", "").strip()[:400]
        )
        return {"state": made.state, "outcome": made.outcome}

    answer, _again = once(user, data.get("key", ""), body)
    text = (
        answer["outcome"] if answer["state"] == "agreed" else _("Sent for approval; it is loaded once it is agreed to.")
    )
    return done(request, reverse("rulebooks"), text)
