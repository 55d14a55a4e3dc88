"""Pages of the customer base that the shared machinery does not draw."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from guanxi.audit.services import witness
from guanxi.customers import letters
from guanxi.customers.models import ClassAssignment, ClassScheme
from guanxi.customers.queries.classes import as_published, on_day, sizes_on, standard_on
from guanxi.exchange.gate import Pass, Wish, gate, leave_now
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.web.pages import answer, fetch, person
from guanxi.web.views.bulk import selected


@login_required
def write_letters(request: HttpRequest) -> HttpResponse:
    """GET asks for the text; POST shows the letters or labels of the chosen customers, ready to print."""
    user, declared = person(request), entity("customers.account")
    for verb in ("view", "export"):
        verbs.require_right(user, verb, declared)
    query = request.GET if request.method != "POST" else QueryDict(request.POST.get("selection", ""))
    ids = selected(declared, user, query)
    text, problem = request.POST.get("text", request.GET.get("text", "")), ""
    if request.method == "POST":
        labels = request.POST.get("what") == "labels"
        try:
            found = letters.addressees(ids, user)
            pages = found if labels else [{**one, "text": letters.filled(letters.check(text), one)} for one in found]
            leave = _leave(declared, user, len(pages))
            witness("print", declared.label, company_id=user.company_id, rows=len(pages))
            return render(
                request, "customers/letters.html", {"labels": labels, "pages": pages, "marks": leave.marks[:1]}
            )
        except Refused as refused:
            problem = str(refused)
    context = {
        "n": len(ids),
        "selection": query.urlencode(),
        "blanks": letters.BLANKS.items(),
        "text": text,
        "problem": problem,
    }
    return answer(request, "customers/write_letters.html", context, part="dialog", status=422 if problem else 200)


@login_required
def scheme_day(request: HttpRequest, pk: int) -> HttpResponse:
    """How the customers in the person's reach were classed on any day, by the standard of that day (CLASS-13)."""
    user, declared, history = person(request), entity(ClassScheme), entity(ClassAssignment)
    for one in (declared, history):
        verbs.require_right(user, "view", one)
    scheme = fetch(declared, user, pk)
    try:
        day = min(date.fromisoformat(request.GET.get("day", "")), clock.today())
    except ValueError:
        day = clock.today()
    then, address = as_published(scheme, day), list_url(history.slug)
    lines = []
    for code, n in sizes_on(then, day, user):
        where = quote(json.dumps(on_day(scheme, day, code)))
        lines.append({"name": then.named(code).get("name", code), "n": n, "url": f"{address}?view=all&where={where}"})
    context = {
        "scheme": scheme,
        "day": day,
        "today": clock.today(),
        "standard": standard_on(scheme, day),
        "cuts": [f"{cut * 100:g}%" for cut in then.params.get("cuts", ())],
        "lines": lines,
        "total": sum(line["n"] for line in lines),
        "all_url": f"{address}?view=all&where={quote(json.dumps(on_day(scheme, day)))}",
        "here": record_url(declared.slug, pk),
    }
    return render(request, "customers/scheme_day.html", context)


def _leave(declared: Entity, user: User, rows: int) -> Pass:
    """Letters leave the house like a file does, under the same limits."""
    leave = leave_now(Wish(user, declared, "print", rows))
    gate().written(leave, rows, "")
    return leave
