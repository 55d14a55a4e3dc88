"""Accounts of many newcomers opened at once: a role for each, and one sheet of initial passwords that is shown once."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from guanxi.handover.queries.accounts import roles_of_post
from guanxi.kernel import verbs
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.org.models import User
from guanxi.org.services import open_for
from guanxi.org.services.accounts import new_password, role_choices
from guanxi.web.pages import person

NEVER = "!"  # how Django marks a password nobody can sign in with
AT_ONCE = 50  # making a password safe takes a moment each


def waiting(user: User) -> QuerySet[User]:
    """People who were entered and have never had an account, within this person's reach."""
    rows: QuerySet[User] = User.objects.visible_to(user).filter(
        is_active=False, last_login=None, password__startswith=NEVER
    )
    rows = rows.select_related("department").prefetch_related("roles")
    return rows.order_by("department__path", "name", "pk")


@login_required
@sensitive_post_parameters()
def open_many(request: HttpRequest) -> HttpResponse:
    """GET proposes a role for everybody who waits; POST opens the chosen accounts and shows their passwords."""
    user = person(request)
    verbs.require_right(user, "open_account", entity(User))
    choices = role_choices(user) if user.may("set_roles", "org.user") else []
    found = list(waiting(user)[: AT_ONCE + 1])
    lines = [_line(one, choices, request) for one in found[:AT_ONCE]]
    back = f"{list_url('people')}?view=requests"
    context = {
        "lines": lines, "choices": choices, "more": len(found) > AT_ONCE, "key": secrets.token_urlsafe(16),
        "back": back, "problem": "",
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "handover/openings.html", context)
    chosen = [line for line in lines if line["wanted"]]
    try:
        _answer, again = once(user, request.POST.get("key", ""), lambda: _open(chosen, user))
    except Refused as refused:
        return render(request, "handover/openings.html", {**context, "problem": str(refused)}, status=refused.status)
    if again or not chosen:
        return HttpResponseRedirect(back)
    response = render(request, "handover/openings.html", {**context, "opened": chosen})
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(row: User, choices: list[tuple[str, str]], request: HttpRequest) -> dict[str, Any]:
    """One person with the roles on offer: those given already, else those of the post, else one to choose."""
    by_name = {name: code for code, name in choices}
    codes = dict(choices)
    given = [role.code for role in row.roles.all()]
    fit = given or [by_name[name] for name in roles_of_post(row.company_id, row.title) if name in by_name]
    fit = [code for code in fit if code in codes]
    offers = [(code, name) for code, name in choices if [code] != fit]
    if fit:
        offers.insert(0, (",".join(fit), "、".join(codes[code] for code in fit)))
    field = f"p{row.pk}"
    value = request.POST.get(field, "") if request.method == "POST" else (",".join(fit) if choices else "open")
    if value not in dict(offers) and (choices or value != "open"):
        value = ""  # nothing that was on offer
    return {
        "row": row, "field": field, "value": value, "offers": offers,
        "wanted": bool(value), "roles": [code for code in value.split(",") if code in codes],
    }  # fmt: skip


def _open(lines: list[dict[str, Any]], user: User) -> dict[str, Any]:
    names = dict(role_choices(user))
    for line in lines:
        line["password"] = new_password()
        open_for(line["row"], actor=user, password=line["password"], roles=line["roles"] or None)
        given = line["row"].roles.values_list("name", flat=True)
        line["role"] = "、".join(names[code] for code in line["roles"]) or "、".join(given)
    return {"n": len(lines)}
