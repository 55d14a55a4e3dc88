"""The accountant's pages: today's registrations, making a file of one, completing a file at settlement."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.customers.models import Account
from guanxi.customers.queries.filing import standard_for, standards
from guanxi.duplicates.queries.check import Hit
from guanxi.filing.forms import gaps_form
from guanxi.filing.models import Origin, Registration
from guanxi.filing.queries.known import asked_for, known
from guanxi.filing.queries.today import SAME, draft, new_values, today_of
from guanxi.filing.services.filing import add_to_file, complete, make_file
from guanxi.filing.services.taking import ask_for
from guanxi.kernel import verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.doubts import OVERRIDE, Doubt, asking
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.idempotency import once
from guanxi.org.models import User
from guanxi.web.forms import RecordForm, editable
from guanxi.web.pages import done, fetch, form_key, person, whole

LABEL = "filing.registration"
ALWAYS = ("kind", "name", "phone", "channel", "source", "owner")


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What waits until the hour, red what is late, and what became a file today (QUAL-01, QUAL-03)."""
    user = person(request)
    verbs.require_right(user, "view", entity(Registration))
    found = today_of(user)
    context = {"day": found, "may_file": user.may("file", LABEL), "may_add": user.may("add", LABEL)}
    return render(request, "filing/today.html", context)


@login_required
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """One registration becomes a file: the fields the channel's standard asks for, and files that may be the same."""
    user, declared = person(request), entity(Registration)
    for needed in ("view", "file"):
        if not user.may(needed, LABEL):
            raise Forbidden(_("You may not make files of registrations."))
    row = fetch(declared, user, pk)
    if not row.is_open:
        raise Refused(_("Somebody has filed this registration already."))
    form = _form(row, user, request.POST or None)
    if request.method != "POST":
        return _draw(request, row, form, 200)
    target = whole(request.POST, "account")
    if target:
        return _attach(request, row, target)
    if wanted := whole(request.POST, "ask"):
        return _ask(request, row, form, wanted)
    if not form.is_valid():
        return _draw(request, row, form, 422)

    def body() -> dict[str, Any]:
        with asking("confirmed" in request.POST, request.POST.get("doubt_reason", "")):
            return {"id": make_file(row, form.values, actor=user).pk}

    try:
        made, _again = once(user, request.POST.get("key", ""), body)
    except Invalid as invalid:
        form.refuse(invalid.errors)
        return _draw(request, row, form, 422)
    except Doubt as doubt:
        form.doubt = doubt
        return _draw(request, row, form, doubt.status)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _draw(request, row, form, refused.status)
    return _next(request, made["id"], _("%(name)s is a file now.") % {"name": row})


def _next(request: HttpRequest, pk: int, text: str) -> HttpResponse:
    goes_on = "again" in request.POST or {"confirmed", "went_on"} <= set(request.POST)
    url = reverse("filing-today") if goes_on else record_url("customers", pk)
    return done(request, url, text)


def _attach(request: HttpRequest, row: Registration, pk: int) -> HttpResponse:
    user = person(request)
    account = Account.objects.visible_to(user).filter(pk=pk).first()
    if account is None:
        raise Http404
    chosen = request.POST.getlist("take") if "chosen" in request.POST else None

    def body() -> dict[str, Any]:
        return {"id": add_to_file(row, account, chosen, actor=user).pk}

    made, _again = once(user, request.POST.get("key", ""), body)
    return _next(request, made["id"], _("Added to %(name)s.") % {"name": account})


def _ask(request: HttpRequest, row: Registration, form: RecordForm, pk: int) -> HttpResponse:
    """Ask whoever keeps the customer for it; only for one that looks like what is being filed."""
    user, data = person(request), request.POST
    hit = next((one for one in _hits(row, form, user) if one.pk == pk and not one.url), None)
    if hit is None:
        raise Http404
    form.is_valid()  # nothing is filed yet: whatever of it reads well is kept with the registration
    typed = {name: form.cleaned_data[name] for name in SAME if name in data and name in form.cleaned_data}

    def body() -> dict[str, Any]:
        return {"id": ask_for(row, hit, typed, reason=data.get(f"reason-{pk}", ""), actor=user).pk}

    try:
        once(user, data.get("key", ""), body)
    except Refused as refused:
        return _draw(request, row, form if "name" in data else _form(row, user, None), refused.status, str(refused))
    row.refresh_from_db()
    url = reverse("filing-make", args=[row.pk]) if row.is_open else record_url("registrations", row.pk)
    return done(request, url, _("Asked for: whoever leads the branch that keeps the customer decides."))


def _form(row: Registration, user: User, data: Any) -> RecordForm:
    declared = entity(Account)
    standard = standard_for(draft(row), standards(user.company_id))
    asked = [item["field"] for item in (standard.fields if standard else [])]
    given = new_values(row)
    fields = editable(declared, user, dict.fromkeys([*ALWAYS, *given, *asked]))
    initial = {name: getattr(value, "pk", value) for name, value in given.items()}
    return RecordForm(
        declared, user, fields, data, initial={"kind": "company" if row.organisation else "person", **initial}
    )


def _hits(row: Registration, form: RecordForm, user: User) -> list[Hit]:
    """Customers that look like what stands in the form, else in the registration."""
    said = {"name": row.name, "organisation": row.organisation, "phone": row.phone}
    if form.is_bound and "name" in form.data:
        name, phone = (str(form[field].value() or "") if field in form.fields else "" for field in ("name", "phone"))
        said = {"name": name, "organisation": name if form.data.get("kind") == "company" else "", "phone": phone}
    return known(said, user)


def _draw(request: HttpRequest, row: Registration, form: RecordForm, status: int, problem: str = "") -> HttpResponse:
    user = person(request)
    standard = standard_for(draft(row), standards(user.company_id))
    required = {item["field"] for item in (standard.fields if standard else []) if item.get("required")}
    hits = _hits(row, form, user)
    if form.doubt is not None:  # what stands in the list above, with all that can be done there, is not told twice
        shown = {(one.label, one.pk) for one in hits}
        form.doubt.details = [one for one in form.doubt.details if (one.label, one.pk) not in shown]
    context = {
        "row": row, "form": form, "bounds": [(form[name], name in required) for name in form.fields], "key": form_key(),
        "standard": standard, "found": [one for one in hits if one.url], "others": [one for one in hits if not one.url],
        "target": row.account_id, "asked": asked_for([row], user.company_id).get(row.pk), "problem": problem,
        "may_override": user.may(OVERRIDE, "customers.account"), "went_on": "again" in request.POST or "went_on" in request.POST,
    }  # fmt: skip
    return render(request, "filing/make.html", context, status=status)


# -- completing a file


@login_required
@require_POST
def complete_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in what the customer told at settlement or during a verification (QUAL-02)."""
    user, declared = person(request), entity(Account)
    for needed in ("view", "change"):
        verbs.require_right(user, needed, declared)
    account = fetch(declared, user, pk)
    back = request.POST.get("back", "")
    origin = Origin.VERIFICATION if request.POST.get("origin") == Origin.VERIFICATION else Origin.SETTLEMENT
    form = gaps_form(account, user, request.POST)
    if form is None or not form.is_valid():
        raise Refused(
            next(iter(next(iter(form.errors.values())))) if form and form.errors else _("Nothing is missing.")
        )
    filled = complete(account, form.values, origin, actor=user)
    return done(request, back if back.startswith("/") and not back.startswith("//") else record_url("customers", pk),
                _("%(n)d particulars completed.") % {"n": len(filled)})  # fmt: skip
