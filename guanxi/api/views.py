"""REST over the registered entities: the same rights, masks, filters and verbs as the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from guanxi.api.models import Token, digest_of
from guanxi.audit.sightings import look
from guanxi.kernel import clock, context, verbs
from guanxi.kernel.actions import guard, perform, verbs_of
from guanxi.kernel.entities import Entity, entities, entity
from guanxi.kernel.errors import Invalid, NotVisible, Refused, Stale
from guanxi.kernel.fields import Field
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.idempotency import once
from guanxi.org.models import User
from guanxi.web.forms import RecordForm, verb_form, writable
from guanxi.web.listing import Listing
from guanxi.web.pages import fetch, whole
from guanxi.web.reading import is_masked, masked_value, readable_fields

MOST = 200
View = Callable[..., HttpResponse]


def reply(data: Any, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False}, encoder=DjangoJSONEncoder)


def endpoint(view: View) -> View:
    """Who calls (a token, or a session with its CSRF token), refusals as JSON."""

    @csrf_exempt
    @wraps(view)
    def called(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = caller(request)
        if user is None:
            return reply({"error": "Sign in or send a token."}, 401)
        request.user = user
        try:
            with context.acting(channel="api", actor_id=user.pk, actor_name=str(user)):
                return view(request, *args, **kwargs)
        except Invalid as invalid:
            return reply(
                {
                    "error": str(invalid),
                    "fields": {k: [str(m) for m in v] for k, v in invalid.errors.items()},
                },
                422,
            )
        except Stale as stale:
            return reply({"error": str(stale), "version": stale.row.version}, 409)
        except Refused as refused:
            return reply({"error": str(refused)}, refused.status)
        except (Http404, NotVisible):
            return reply({"error": "Not found."}, 404)

    return called


def caller(request: HttpRequest) -> User | None:
    """The acting person; a session counts only with a valid CSRF token for writes."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        alive = Q(expires_at=None) | Q(expires_at__gt=clock.now())
        token = Token.objects.filter(alive, digest=digest_of(text)).select_related("user__company").first()
        return token.user if token and token.user.is_active and token.user.deleted_at is None else None
    if not request.user.is_authenticated:
        return None
    if request.method not in ("GET", "HEAD"):
        check = CsrfViewMiddleware(lambda _request: HttpResponse())
        check.process_request(request)
        if check.process_view(request, lambda _request: HttpResponse(), (), {}) is not None:
            return None
    return request.user  # type: ignore[return-value]


def body_of(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body or b"{}")
        json.dumps(data, ensure_ascii=False).encode()  # half a character cannot be stored
    except (ValueError, RecursionError) as error:
        raise Refused("The body is not JSON.") from error
    if not isinstance(data, dict):
        raise Refused("The body is not a JSON object.")
    return data


@endpoint
def index(request: HttpRequest) -> HttpResponse:
    """Entities, fields and verbs this caller may use."""
    user: Any = request.user
    found = [e for e in entities() if user.may("view", e.label)]
    return reply({"entities": [describe(e, user) for e in found]})


def describe(declared: Entity, user: Any) -> dict[str, Any]:
    fields = [
        {
            "name": f.name,
            "label": str(f.label),
            "kind": f.kind,
            "target": f.target,
            "choices": [[v, str(w)] for v, w in f.choices],
        }
        for f in readable_fields(declared, user).values()
    ]
    usable = [
        {"name": v.short, "label": str(v.label), "params": [p.name for p in v.params]}
        for v in verbs_of(declared.model).values()
        if v.allowed(user)
    ]
    return {
        "name": declared.slug,
        "label": declared.label,
        "title": str(declared.title),
        "fields": fields,
        "verbs": usable,
    }


def as_json(declared: Entity, row: Any, user: Any) -> dict[str, Any]:
    """A row as the caller may read it: masked values masked, closed ones absent."""
    data: dict[str, Any] = {"id": str(row.pk), "version": row.version}
    for name, found in readable_fields(declared, user).items():
        value = value_of(row, found.path)
        data[name] = masked_value(found, value) if is_masked(user, declared, name) else _plain(found, value)
    return data


def _plain(found: Field, value: Any) -> Any:
    return str(value) if found.kind == "ref" and value is not None else value


@endpoint
def collection(request: HttpRequest, declared: Entity) -> HttpResponse:
    """GET: a page by filter, order and cursor.  POST: a new row."""
    user: Any = request.user
    verbs.require_right(user, "view", declared)
    if request.method == "POST" and declared.creatable:
        verbs.require_right(user, "add", declared)
        answer, again = once(
            user, request.headers.get("Idempotency-Key", ""), lambda: _add(declared, user, body_of(request))
        )
        return reply(answer, 200 if again else 201)
    if request.method != "GET":
        return reply({"error": "Use GET or POST." if declared.creatable else "Use GET."}, 405)
    listing = Listing.read(declared, user, request.GET, _since(request))
    if listing.problem or (listing.node and listing.problem):
        return reply({"error": listing.problem}, 400)
    size = min(max(whole(request.GET, "limit") or 50, 1), MOST)
    page = listing.page(size)
    look(user, declared.label, rows=len(page.rows), key=request.get_full_path())
    found = {
        row.pk: row
        for row in declared.model.objects.filter(pk__in=[row[0] for row in page.rows]).select_related(*_links(declared))
    }
    return reply(
        {
            "results": [as_json(declared, found[row[0]], user) for row in page.rows if row[0] in found],
            "next": page.next or None,
        }
    )


def _since(request: HttpRequest) -> Q | None:
    """`changed_since=2026-06-30T08:00:00+08:00`: only what was changed from then on."""
    text = request.GET.get("changed_since", "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        moment = moment if moment.tzinfo else timezone.make_aware(moment)
        return Q(updated_at__gte=moment.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise Refused("changed_since is no moment.") from error


def _links(declared: Entity) -> list[str]:
    paths = {f.path.split("__")[0] for f in declared.fields_for(None).values() if "__" in f.path and not f.json}
    return sorted(paths)


def _add(declared: Entity, user: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The new row as JSON values, so that the answer can be kept for a second call."""
    row = verbs.add(declared, _checked(declared, user, data, None), actor=user)
    return json.loads(json.dumps(as_json(declared, row, user), cls=DjangoJSONEncoder))  # type: ignore[no-any-return]


def _checked(declared: Entity, user: Any, data: dict[str, Any], row: Any) -> dict[str, Any]:
    """Values through the same form as the pages use; unknown or closed names are refused."""
    may = writable(declared, user)
    fields = {name: may[name] for name in data if name in may}
    unknown = set(data) - set(fields) - {"id", "version"}
    if unknown:
        raise Invalid({name: ["Unknown or not writable."] for name in sorted(unknown)})
    if odd := [name for name, f in fields.items() if f.kind != "json" and not _flat(data[name], f.kind == "tags")]:
        raise Invalid({name: ["Not a value of this field."] for name in odd})
    sent = {name: _form_value(value) for name, value in data.items() if name in fields}
    missing = [] if row is not None else [n for n, f in may.items() if f.required and n not in sent]
    if missing:
        raise Invalid({name: ["This field is required."] for name in missing})
    form = RecordForm(declared, user, fields, sent | {f"{name}-shown": "1" for name in sent}, row=row)
    if not form.is_valid():
        raise Invalid({name: list(map(str, texts)) for name, texts in form.errors.items()})
    return form.values


def _flat(value: Any, several: bool) -> bool:
    """One plain value, or a list of them where several may be."""
    parts = value if several and isinstance(value, list) else [value]
    return not any(isinstance(part, list | dict) for part in parts)


def _form_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "on" if value else ""
    return value if isinstance(value, list) else "" if value is None else str(value)


@endpoint
def item(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """GET, PATCH (with `version`) or DELETE one row."""
    user: Any = request.user
    verbs.require_right(user, "view", declared)
    row = fetch(declared, user, pk)
    if request.method == "PATCH":
        verbs.require_right(user, "change", declared)
        data = body_of(request)
        version = data.get("version") if isinstance(data.get("version"), int) else None
        row = verbs.change(declared, pk, _checked(declared, user, data, row), actor=user, version=version)
    elif request.method == "DELETE":
        verbs.delete(declared, pk, actor=user)
        return HttpResponse(status=204)
    elif request.method != "GET":
        return reply({"error": "Use GET, PATCH or DELETE."}, 405)
    look(user, declared.label, pk=pk)
    return reply(as_json(declared, row, user))


@endpoint
def act(request: HttpRequest, declared: Entity, pk: int, short: str) -> HttpResponse:
    """POST: use a verb."""
    user: Any = request.user
    verbs.require_right(user, "view", declared)
    chosen = verbs_of(declared.model).get(short)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return reply({"error": "Use POST."}, 405)
    guard(chosen, user)
    fetch(declared, user, pk)
    data = body_of(request)
    form = verb_form(chosen.params, declared, user, {name: _form_value(value) for name, value in data.items()})
    if not form.is_valid():
        raise Invalid({name: list(map(str, texts)) for name, texts in form.errors.items()})
    links = {p.name: p.target for p in chosen.params if p.target}
    params = {
        name: entity(links[name]).model.objects.get(pk=value) if name in links else value
        for name, value in form.cleaned_data.items()
        if value not in (None, "")
    }

    def body() -> dict[str, Any]:
        perform(chosen, pk, actor=user, params=params)
        return {"ok": True, "id": str(pk)}

    return reply(once(user, request.headers.get("Idempotency-Key", ""), body)[0])
