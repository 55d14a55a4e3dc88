"""What every view shares: the gate, fetching through the person, answering in full or as a fragment, toasts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from guanxi.kernel import verbs
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.prepared import ask
from guanxi.org.access import reader
from guanxi.org.models import User
from guanxi.web.panels import Along

View = Callable[..., HttpResponseBase]


def person(request: HttpRequest) -> User:
    """The signed-in person."""
    return cast(User, request.user)


def entity_page(verb: str = "view", *, lent: bool = False) -> Callable[[View], View]:
    """A view of one entity: signed in, with the right to `verb`; refusals become their own answers (see middleware).

    `lent` pages only read: what is not in a person's reach they show from what is lent to that person.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, declared: Entity, *args: Any, **kwargs: Any) -> HttpResponseBase:
            for needed in {"view", verb}:
                verbs.require_right(request.user, needed, declared)
            try:
                return view(request, declared, *args, **kwargs)
            except Http404:
                if not lent or not person(request).access.lent:
                    raise
                request.user = reader(person(request))
                return view(request, declared, *args, **kwargs)

        guarded.entity_verb = verb  # type: ignore[attr-defined]
        return guarded

    return decorate


def fetch(declared: Entity, user: Any, pk: int, *along: Along) -> Any:
    """The row inside the person's scope, or 404; `along` adds to the statement (see web.panels)."""
    row: Any = next(iter(ask(_visible, user, pk, declared=declared.label, along=along)), None)
    if row is None:
        raise Http404
    row.company = user.company
    return row


def _visible(user: Any, pk: int, declared: str, along: tuple[Along, ...]) -> QuerySet[Any]:
    rows = entity(declared).model.objects.visible_to(user).filter(pk=pk)
    for add in along:
        rows = add(rows)
    return rows  # type: ignore[no-any-return]


def with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of the rows that a record's fields point to only what they are called."""
    fields = entity(rows.model).fields_for(None).values()
    for link in (f.name for f in fields if f.kind == "ref" and "__" not in f.path):
        there: Any = rows.model._meta.get_field(link).related_model
        kept = {"id", getattr(there, "NAME", "name")}
        unseen = (column.name for column in there._meta.concrete_fields if column.name not in kept)
        rows = rows.select_related(link).defer(*(f"{link}__{name}" for name in unseen))
    return rows


def is_fragment(request: HttpRequest) -> bool:
    """Did htmx ask for a part of the page?"""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or for an htmx request its fragment `part`."""
    name = f"{template}#{part}" if part and is_fragment(request) else template
    return render(request, name, context, status=status)


def told(response: HttpResponse, text: Any = "", **events: Any) -> HttpResponse:
    """Add events for the browser; `text` becomes a toast."""
    if text:
        events["toast"] = {"text": str(text)}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def done(request: HttpRequest, url: str, text: Any = "") -> HttpResponse:
    """After a successful form: go to `url`, with a message there."""
    from django.contrib import messages

    if text:
        messages.success(request, str(text))
    if is_fragment(request):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = url
        return response
    return redirect(url)


def form_key() -> str:
    """A fresh idempotency key for a form."""
    return secrets.token_urlsafe(16)


def whole(params: Any, name: str) -> int | None:
    """A whole number from the request; None if there is none or it is not one."""
    try:
        return int(params.get(name, ""))
    except ValueError:
        return None


def refusal(message: Any) -> Refused:
    return Refused(message)
