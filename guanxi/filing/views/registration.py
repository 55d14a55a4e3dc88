"""The counter, the cards of an exhibition, the printed forms, and the links customers are given."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.exchange.paper import paper
from guanxi.filing.models import Exhibition, JoinLink, Registration
from guanxi.filing.queries.known import known
from guanxi.filing.services import join as join_service
from guanxi.formats.qr import qr
from guanxi.kernel import verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.idempotency import once
from guanxi.web.cells import text_of
from guanxi.web.forms import RecordForm, editable
from guanxi.web.pages import answer, done, fetch, form_key, person

LABEL = "filing.registration"
MORE = (
    "organisation",
    "post",
    "email",
    "wechat",
    "address",
    "interest",
    "source",
    "source_detail",
    "channel",
    "method",
    "collected_by",
)
PAPER = (*Registration.MANDATORY, *MORE, "registered_on", "number", "remark")
WIDE = {"need", "address", "remark"}


@login_required
def counter(request: HttpRequest) -> HttpResponse:
    """The registration form at the counter: three fields, Enter goes on, the next customer at once."""
    user, declared = person(request), entity(Registration)
    verbs.require_right(user, "add", declared)
    fields = editable(declared, user, (*Registration.MANDATORY, *MORE))
    form = RecordForm(declared, user, fields, request.POST or None, initial={"collected_by": user.pk})
    if request.method != "POST" or not form.is_valid():
        return _counter(request, form, 422 if request.method == "POST" else 200)

    def body() -> dict[str, Any]:
        row = verbs.add(declared, form.values, actor=user)
        return {"id": row.pk, "name": str(row), "number": row.number}

    try:
        saved, _again = once(user, request.POST.get("key", ""), body)
    except Invalid as invalid:
        form.refuse(invalid.errors)
        return _counter(request, form, 422)
    text = _("Registered %(name)s, %(number)s.") % saved
    if "print" in request.POST:
        return done(request, reverse("registration-form", args=[saved["id"]]), text)
    if "open" in request.POST:
        return done(request, record_url("registrations", saved["id"]), text)
    return done(request, reverse("registration-counter"), text)


def _counter(request: HttpRequest, form: RecordForm, status: int) -> HttpResponse:
    names = Registration.MANDATORY
    more = [form[n] for n in MORE if n in form.fields]
    context = {
        "form": form, "first": [form[n] for n in names if n in form.fields], "more": more,
        "key": request.POST.get("key") if status == 200 else form_key(), "cards": reverse("registration-cards"),
        "wrong": any(bound.errors for bound in more),
    }  # fmt: skip
    context["key"] = context["key"] or form_key()
    return render(request, "filing/counter.html", context, status=status)


@login_required
def known_here(request: HttpRequest) -> HttpResponse:
    """Who already works with this customer, asked while the name and the phone are typed (INFO-17)."""
    user = person(request)
    verbs.require_right(user, "add", entity(Registration))
    asked = {name: request.GET.get(name, "")[:120] for name in ("name", "phone", "organisation")}
    return render(
        request, "filing/known.html", {"found": known(asked, user) if asked["phone"] or asked["name"] else []}
    )


def lines_of(row: Registration | None, user: Any) -> list[dict[str, Any]]:
    """Label and words of each field of the printed form; empty words for a blank form."""
    declared = entity(Registration)
    barred = user.closed_fields(LABEL) | user.masked_fields(LABEL)
    found: list[Field] = [declared.field(name, user.company) for name in PAPER if name not in barred]
    return [
        {
            "label": f.label,
            "text": ""
            if row is None
            else text_of(f, value_of(row, f.path), value_of(row, f.shown) if f.shown else None),
            "wide": f.name in WIDE,
        }
        for f in found
    ]


@login_required
def form(request: HttpRequest, pk: int = 0) -> HttpResponseBase:
    """The registration on A4 under its form number; without an id the blank form for the counter."""
    user, declared = person(request), entity(Registration)
    verbs.require_right(user, "view", declared)
    row = fetch(declared, user, pk) if pk else None
    lines = lines_of(row, user)
    context = {
        "row": row,
        "lines": lines,
        "title": str(row) if row else _("Blank form"),
        "answers": row.answers if row else [],
        "may_add": user.may("add", LABEL),
    }
    if row is not None:
        answers = [(item.get("question", ""), item.get("answer", "")) for item in row.answers]
        context["sheet"] = ([_("Field"), _("Content")], [*((line["label"], line["text"]) for line in lines), *answers])
    on = row.registered_on if row else None
    return paper(request, "registration", "filing/registration_form.html", context, about=(LABEL, pk), on=on)


@login_required
def questionnaire(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The questionnaire of an exhibition, to be filled in by hand, with the code that opens it on a phone."""
    user, declared = person(request), entity(Exhibition)
    verbs.require_right(user, "view", declared)
    row = fetch(declared, user, pk)
    link = next((one for one in row.links.filter(deleted_at=None).order_by("-pk") if one.alive), None)
    questions = [
        {
            "text": item.get("question", ""),
            "answers": [a.strip() for a in str(item.get("answers", "")).split("、") if a.strip()],
        }
        for item in row.questions
    ]
    sheet = ([_("Question"), _("Answers offered")], [(q["text"], "、".join(q["answers"])) for q in questions])
    context = {
        "row": row,
        "title": str(row),
        "questions": questions,
        "sheet": sheet,
        "code": code_of(request, link) if link else None,
    }
    return paper(request, "questionnaire", "filing/questionnaire.html", context, about=("filing.exhibition", pk))


def code_of(request: HttpRequest, link: JoinLink) -> dict[str, Any]:
    """The address of a public link and its QR code."""
    url = request.build_absolute_uri(reverse("join", args=[link.token]))
    return {"url": url, "qr": qr(url)}


@login_required
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The QR code of a public link: shown on the phone, or printed and put up."""
    user, declared = person(request), entity(JoinLink)
    verbs.require_right(user, "view", declared)
    row = fetch(declared, user, pk)
    return render(request, "filing/poster.html", {"row": row, "title": str(row), **code_of(request, row)})


@login_required
@require_POST
def own_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for the customer to correct the particulars; shown once, older ones stop."""
    user, declared = person(request), entity(Registration)
    for needed in ("view", "change"):
        verbs.require_right(user, needed, declared)
    row = fetch(declared, user, pk)
    if row.state == Registration.State.VOID:
        raise Refused(_("This registration is void."))
    url = request.build_absolute_uri(reverse("join-own", args=[join_service.renew_own_link(row)]))
    return answer(request, "filing/own_link.html", {"row": row, "url": url, "qr": qr(url)}, part="dialog")
