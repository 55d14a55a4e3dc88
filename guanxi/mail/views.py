"""Writing a letter on a page of its own: to whom, copies, text, signature, and the files that go with it (COMM-01)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.customers.models import Account, Contact
from guanxi.interactions.queries.rules import phrases
from guanxi.kernel.actions import guard, verbs_of
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.queries import mailboxes_in_use, others_of, recipient_of, signature_of, to_answer
from guanxi.mail.services import sending
from guanxi.web.forms import verb_form, verb_values
from guanxi.web.pages import done, fetch, form_key, person

LABEL = "mail.thread"


@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a conversation; whoever else had the last letter gets a copy unless the writer strikes them out."""
    user = person(request)
    thread = fetch(entity(LABEL), user, pk)
    last = to_answer(thread)
    hidden = _hidden(user)
    started = {**verbs_of(Thread)["reply"].initial(thread), "copies": "" if hidden else others_of(last)}
    name, address = recipient_of(thread, last)
    to = name or address if hidden or not name else f"{name} <{address}>"
    return _write(request, thread, "reply", {"to": "" if hidden and not name else to}, started)


@login_required
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a conversation with a customer."""
    row = fetch(entity(Account), person(request), pk)
    return _write(request, row, "write_mail", {}, verbs_of(Account)["write_mail"].initial(row))


def _hidden(user: Any) -> bool:
    return "address" in user.masked_fields(LABEL) | user.closed_fields(LABEL)


def _write(request: HttpRequest, row: Any, short: str, more: dict[str, Any], started: dict[str, Any]) -> HttpResponse:
    user, verb = person(request), verbs_of(type(row))[short]
    guard(verb, user, row)
    form = verb_form(verb.params, entity(type(row)), user, *((request.POST,) if request.method == "POST" else ()))
    form.initial = {**form.initial, **started}
    if "contact" in form.fields:
        people = Contact.objects.visible_to(user).filter(account=row, left_on=None).exclude(email="")
        named = [(str(pk), name) for pk, name in people.values_list("pk", "name")[:50]]
        form.fields["contact"].widget = forms.Select(choices=[("", "—"), *named])
    form.fields["text"].widget.attrs["rows"] = 10
    if request.method == "POST" and form.is_valid():

        def body() -> dict[str, Any]:
            thread = getattr(sending, short)(row.pk, actor=user, **verb_values(form))
            mine = Mail.objects.filter(thread=thread, direction=Mail.Direction.OUT, created_by=user)
            sending.enclose(mine.latest("pk"), request.FILES.getlist("file"), actor=user)
            return {"id": thread.pk}

        try:
            saved, _again = once(user, request.POST.get("key", ""), body)
            return done(request, record_url("mail", saved["id"]), _("The e-mail is on its way."))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    boxes = mailboxes_in_use(user.company)
    context = {
        "form": form, "row": row, "here": record_url(entity(type(row)).slug, row.pk), **more,
        "key": request.POST.get("key") or form_key(), "phrases": phrases(user), "faulty": form if form.errors else None,
        "signature": signature_of(user, Mailbox.objects.get(pk=boxes[0])) if boxes else "",
    }  # fmt: skip
    return render(request, "mail/write.html", context, status=422 if form.errors else 200)
