"""Writing up on the road: the customer visit form and the answers of a return visit, each on one page (FORM-02, RV-07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.interactions.forms import RivalForm
from guanxi.interactions.models import ReturnVisit, Visit
from guanxi.interactions.queries.rules import phrases, questions_for, way_for
from guanxi.interactions.services import returns as asking
from guanxi.interactions.services import visits as visiting
from guanxi.interactions.views.day import ACCOUNT, VISIT, allowed
from guanxi.kernel import verbs
from guanxi.kernel.actions import verbs_of
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.idempotency import once
from guanxi.org.files import attach
from guanxi.web.forms import RecordForm, editable, verb_form, verb_values
from guanxi.web.pages import done, fetch, form_key
from guanxi.web.panels import panels_for

PICTURES = 12
RETURN = "interactions.returnvisit"


class Report:
    """The forms of one report: the record's own fields, what its closing verb asks, and perhaps a competitor."""

    def __init__(
        self, request: HttpRequest, row: Visit | ReturnVisit, names: tuple[str, ...], verb: str, user: Any
    ) -> None:
        declared, data = entity(type(row)), (request.POST,) if request.method == "POST" else ()
        self.row, self.user = row, user
        self.notes = RecordForm(
            declared, user, editable(declared, user, ("contact", "opportunity", *names)), *data, row=row
        )
        _only_of(row.account_id, self.notes)
        self.end = verb_form(verbs_of(type(row))[verb].params, declared, user, *data)
        self.rival = RivalForm(data[0] if data else None, prefix="rival") if isinstance(row, Visit) else None

    @property
    def forms(self) -> list[forms.Form]:
        return [form for form in (self.notes, self.end, self.rival) if form is not None]

    def is_valid(self) -> bool:
        faulty = [form for form in self.forms if not form.is_valid()]  # all of them are asked
        return not faulty

    def store(self, body: Callable[[], Any], key: str) -> bool:
        """Run `body` once; what it refuses stands at the field it speaks of."""
        try:
            once(self.user, key, lambda: {"id": body().pk})
        except Invalid as invalid:
            for name, messages in invalid.errors.items():
                form = next((form for form in self.forms if name in form.fields), self.notes)
                form.add_error(name if name in form.fields else None, list(messages))
            return False
        except Refused as refused:
            form = next((form for form in self.forms if refused.field in form.fields), self.notes)
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return False
        return True


class Faults:
    """What is wrong in all forms of a report, in one summary with a link to each field."""

    def __init__(self, faulty: list[forms.Form]) -> None:
        self.forms = faulty
        self.errors = {name: said for form in faulty for name, said in form.errors.items()}

    def __getitem__(self, name: str) -> forms.BoundField:
        return next(form[name] for form in self.forms if name in form.fields)

    def non_field_errors(self) -> list[Any]:
        return [text for form in self.forms for text in form.non_field_errors()]


def _only_of(account_id: Any, form: RecordForm) -> None:
    """People who are there and opportunities that are open, of this customer only: short lists of the phone's own kind."""
    for name, still in (("contact", {"left_on": None}), ("opportunity", {"state": "open"})):
        field: Any = form.fields.get(name)
        if field is not None:
            rows = field.declared.model.objects.visible_to(field.user).filter(account=account_id, **still)
            named = rows.order_by("-pk").values_list("pk", field.declared.name_field)[:50]
            field.widget = forms.Select(choices=[("", "—"), *((str(pk), name) for pk, name in named)])
            if len(field.widget.choices) == 1 and name == "opportunity":
                del form.fields[name]  # there is nothing to choose


@login_required
def visit_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer visit form: need, outcome and the next visit; everything else when there is time (FORM-02, SALE-16)."""
    user = allowed(request, ACCOUNT, VISIT)
    visit = fetch(entity(VISIT), user, pk)
    here = record_url("visits", pk)
    if not visiting.is_own(visit, user):
        raise Forbidden(_("Only the visitor writes the visit form."))
    if visit.state != Visit.State.STARTED:
        return done(request, here, _("Only a visit that has begun is written up."))
    report = Report(request, visit, visiting.NOTES, "hand_back", user)
    outcome: Any = report.end.fields["outcome"]
    outcome.choices = outcome.choices[1:]  # begins with the usual one, so that all that is missing is said at once
    if request.method == "POST" and report.is_valid():

        def body() -> Visit:
            rival = report.rival.cleaned_data if report.rival else {}
            visiting.write_form(pk, report.notes.values, rival=rival, actor=user)
            saved: Visit = visiting.hand_back(pk, actor=user, **verb_values(report.end))
            for upload in request.FILES.getlist("picture")[:PICTURES]:
                attach(saved, upload, actor=user)
            return saved

        if report.store(body, request.POST.get("key", "")):
            return done(request, reverse("visit-pack"), _("The visit form is written."))
    return _draw(request, report, "interactions/visit_form.html", here)


@login_required
def return_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers of a return visit; an open issue becomes a service request in the same step (RV-07, RV-08)."""
    user = allowed(request, ACCOUNT, RETURN)
    verbs.require_right(user, "change", entity(RETURN))
    row = fetch(entity(RETURN), user, pk)
    here = record_url("return-visits", pk)
    if row.state != ReturnVisit.State.OPEN:
        return done(request, here, _("This return visit is closed."))
    report = Report(request, row, ("way", *asking.ANSWERS), "finish", user)
    report.notes.fields["way"].help_text = _("Prescribed for this customer’s class: %(way)s.") % {
        "way": ReturnVisit.Way(way_for(row.account)).label
    }
    for name in questions_for(row.account):
        report.notes.fields[name].required = True
    if request.method == "POST" and report.is_valid():

        def body() -> ReturnVisit:
            verbs.change(entity(RETURN), pk, report.notes.values, actor=user)
            saved: ReturnVisit = asking.finish(pk, actor=user, **verb_values(report.end))
            return saved

        if report.store(body, request.POST.get("key", "")):
            return done(request, here, _("The return visit is done."))
    return _draw(request, report, "interactions/return_form.html", here)


def _draw(request: HttpRequest, report: Report, template: str, here: str) -> HttpResponse:
    faults = Faults([form for form in report.forms if form.is_bound and form.errors])
    context = {
        "row": report.row, "notes": report.notes, "end": report.end, "rival": report.rival, "here": here,
        "key": request.POST.get("key") or form_key(), "phrases": phrases(report.user),
        "faulty": faults, "steps": panels_for(report.row._meta.label_lower, report.row, request, "form"),
    }  # fmt: skip
    return render(request, template, context, status=422 if faults.errors else 200)
