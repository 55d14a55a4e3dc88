"""The organisation tree, a role's matrix of rights, and the page that shows an initial password once."""

from __future__ import annotations

import json
import secrets
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guanxi.kernel import verbs
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.filters import FilterError, describe, legend, parse
from guanxi.kernel.idempotency import once
from guanxi.org import queries, services
from guanxi.org.models import Role, User
from guanxi.org.presets import AREAS
from guanxi.org.services.accounts import new_password, role_choices


def _fetch(model: Any, user: Any, pk: int, verb: str) -> Any:
    verbs.require_right(user, verb, entity(model))
    row = model.objects.visible_to(user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@login_required
def organisation(request: HttpRequest) -> HttpResponse:
    """Departments as a tree with heads, teams and head counts (ORG-10)."""
    user = cast(User, request.user)
    verbs.require_right(user, "view", entity("org.department"))
    may = {word: user.may(word, "org.department") for word in ("add", "change")}
    return render(request, "org/organisation.html", {"nodes": queries.tree(user), "may": may})


class OpenForm(forms.Form):
    """Which roles a new account gets."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices:
            self.fields["roles"] = forms.MultipleChoiceField(
                label=_("Roles"), choices=choices, widget=forms.CheckboxSelectMultiple, required=False
            )


@login_required
@sensitive_post_parameters()
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account or give it a new initial password; the password is shown on the answer and nowhere else."""
    user = cast(User, request.user)
    person: User = _fetch(User, user, pk, "view")
    opened = person.has_usable_password()
    verbs.require_right(user, "reset_password" if opened else "open_account", entity(User))
    choices = [] if opened or not user.may("set_roles", "org.user") else role_choices(user)
    form = OpenForm(request.POST or None, choices=choices)
    context = {
        "row": person,
        "form": form,
        "opened": opened,
        "key": secrets.token_urlsafe(16),
        "back": record_url("people", pk),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "org/password.html", context)
    fresh = new_password()

    def body() -> dict[str, Any]:
        if opened:
            services.reset_password(person, actor=user, password=fresh)
        else:
            services.open_for(person, actor=user, password=fresh, roles=form.cleaned_data.get("roles"))
        return {"id": pk}

    try:
        _answer, again = once(user, request.POST.get("key", ""), body)
    except Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "org/password.html", context, status=refused.status)
    if again:
        return redirect("record", "people", pk)
    response = render(request, "org/password.html", context | {"password": fresh})
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def role_rights(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the matrix: standard rights and scopes of all entities; what the details hold stays."""
    user, data = cast(User, request.user), request.POST
    role: Role = _fetch(Role, user, pk, "change")
    grants = {label: dict(grant) for label, grant in role.grants.items()}
    for label in data.getlist("label"):
        old = grants.get(label, {})
        ticked = data.getlist(f"v:{label}")
        further = [verb for verb in old.get("verbs", ()) if verb not in verbs.STANDARD and verb != "*"]
        scope: Any = data.get(f"s:{label}", "none")
        scope = old["scope"] if scope == "filter" and isinstance(old.get("scope"), dict) else scope
        grants[label] = {**old, "verbs": ["*"] if "*" in ticked else [*ticked, *further], "scope": scope}
    areas = [area for area in AREAS if area in data.getlist("areas")]
    return _define(request, role, grants, areas)


@login_required
def role_details(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """One entity of a role: special rights, closed and masked fields, a filter as data scope."""
    user, data = cast(User, request.user), request.POST
    role: Role = _fetch(Role, user, pk, "change")
    try:
        declared = entity(label)
    except KeyError:
        raise Http404 from None
    grant = role.grants.get(label, {})
    if request.method == "POST":
        standard = [verb for verb in grant.get("verbs", ()) if verb in verbs.STANDARD or verb == "*"]
        where = json.loads(data.get("where") or "{}")
        scope = where if data.get("narrow") and where else grant.get("scope", "none")
        if isinstance(scope, dict) and not data.get("narrow"):
            scope = "own" if declared.owned else "none"
        changed = {
            "verbs": [*standard, *data.getlist("special")], "scope": scope,
            "hidden": data.getlist("hidden"), "masked": data.getlist("masked"),
        }  # fmt: skip
        return _define(request, role, {**role.grants, label: changed}, None)
    fields = [f for f in declared.fields_for(user.company).values() if f.kind != "json"]
    scope = found if isinstance(found := grant.get("scope"), dict) else {}
    context = {
        "row": role,
        "entity": declared,
        "back": record_url("roles", pk),
        "special": [
            {"name": name, "label": words, "on": name in grant.get("verbs", ()) or "*" in grant.get("verbs", ())}
            for name, words in queries.permissions_of(label).items()
            if name not in verbs.STANDARD
        ],
        "fields": [
            {"field": f, **{word: f.name in grant.get(word, ()) for word in ("hidden", "masked")}} for f in fields
        ],
        "narrowed": bool(scope),
        "by_filter": declared.scoped and not declared.scope_via,
        "legend": _legend(scope, declared, user.company),
        "where": json.dumps(scope, ensure_ascii=False),
        "fields_json": describe(fields, lambda f: reverse("record-choices", args=[declared.slug, f.name])),
    }
    return render(request, "org/role_details.html", context)


def _legend(scope: dict[str, Any], declared: Entity, company: Any) -> dict[str, Any]:
    """What the builder shows of the condition there is; nothing of one that cannot be read any more."""
    try:
        return legend(parse(scope, declared, company))
    except FilterError:
        return {}


def _define(request: HttpRequest, role: Role, grants: dict[str, Any], areas: list[str] | None) -> HttpResponse:
    version = request.POST.get("version", "")
    text = json.dumps(grants, ensure_ascii=False)
    try:
        services.define(
            role, actor=request.user, version=int(version) if version.isdecimal() else None, grants=text, areas=areas
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved the rights of %(name)s.") % {"name": role})
    return redirect("record", "roles", role.pk)
