"""Pages of the customer base that the shared machinery does not draw."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.audit.services import witness
from guanxi.customers import letters
from guanxi.exchange.gate import Pass, Wish, gate
from guanxi.kernel import verbs
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User
from guanxi.web.pages import answer, person
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


def _leave(declared: Entity, user: User, rows: int) -> Pass:
    """Letters leave the house like a file does, under the same limits."""
    leave = gate().admit(Wish(user, declared, "print", rows))
    if isinstance(leave, str):
        raise Refused(_("So many customers at once only with an approved export."))
    gate().written(leave, rows, "")
    return leave
