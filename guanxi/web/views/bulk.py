"""A verb on many rows: those chosen, or all that match the list; beyond a few hundred as a job."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel import verbs, work
from guanxi.kernel.actions import Verb, each, guard, perform_many, verbs_of
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.idempotency import once
from guanxi.kernel.ids import typed_id
from guanxi.kernel.jobs import Run, job, requester
from guanxi.kernel.models import Record
from guanxi.org.models import User
from guanxi.web.forms import verb_form
from guanxi.web.listing import Listing
from guanxi.web.pages import answer, done, entity_page, form_key, person

AT_ONCE, MOST = 300, 100_000
DELETE = "delete"


@entity_page()
def bulk(request: HttpRequest, declared: Entity, short: str) -> HttpResponse:
    """Ask how, then do it: at once for a few rows, as a job with progress for many."""
    user = person(request)
    chosen = _chosen(declared, short)
    _guard(declared, chosen, user)
    params = chosen.params if isinstance(chosen, Verb) else ()
    query = request.GET if request.method != "POST" else QueryDict(request.POST.get("selection", ""))
    ids = selected(declared, user, query)
    sent = [request.POST] if request.method == "POST" else []
    form = verb_form(params, declared, user, *sent)
    context: dict[str, Any] = {
        "entity": declared,
        "verb": chosen,
        "form": form,
        "n": len(ids),
        "title": _question(chosen, len(ids), declared),
        "action": request.path,
        "selection": query.urlencode(),
        "key": request.POST.get("key") or form_key(),
        "back": list_url(declared.slug),
    }
    if request.method != "POST" or not form.is_valid():
        return answer(request, "web/bulk.html", context, part="dialog", status=422 if sent else 200)
    values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    if len(ids) > AT_ONCE:
        started = many.enqueue(
            user=user, label=declared.label, verb=short, ids=ids, params=values, unique=f"bulk:{context['key']}"
        )
        return done(request, reverse("job", args=[started.pk]))
    try:
        result, _again = once(user, context["key"], lambda: _now(declared, chosen, ids, user, values))
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return answer(request, "web/bulk.html", context, part="dialog", status=422)
    return done(request, context["back"], summary(result["done"], result["refused"]))


def selected(declared: Entity, user: Any, query: QueryDict) -> list[int]:
    """Ids that were ticked, or of every row of the list, inside the person's scope."""
    if query.get("all"):
        listing = Listing.read(declared, user, query)
        if listing.problem or listing.rows.order_by()[: MOST + 1].count() > MOST:
            raise Refused(
                listing.problem or _("Too many rows at once: narrow the list to at most %(n)s.") % {"n": f"{MOST:,}"}
            )
        return list(listing.rows.order_by("pk").values_list("pk", flat=True))
    ids = [found for text in query.getlist("id") if (found := typed_id(text)) is not None][:MOST]
    return list(declared.model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _chosen(declared: Entity, short: str) -> Verb | str:
    if short == DELETE:
        return DELETE
    found = verbs_of(declared.model).get(short)
    if found is None or not found.bulk:
        raise Http404
    return found


def _guard(declared: Entity, chosen: Verb | str, user: User) -> None:
    if isinstance(chosen, Verb):
        guard(chosen, user)
    else:
        verbs.require_right(user, DELETE, declared)


def _question(chosen: Verb | str, n: int, declared: Entity) -> str:
    label = chosen.label if isinstance(chosen, Verb) else _("Delete")
    return _("%(verb)s: %(n)s × %(what)s") % {"verb": label, "n": f"{n:,}", "what": declared.singular}


def _now(declared: Entity, chosen: Verb | str, ids: list[int], user: User, values: dict[str, Any]) -> dict[str, Any]:
    """All rows in one unit; who refuses is left out, by name and with the reason."""
    if isinstance(chosen, Verb):
        count, refused = perform_many(chosen, ids, actor=user, params=_objects(chosen.params, values, user))
    else:
        one = partial(verbs.delete, declared, actor=user)
        count, refused = work.unit_of_work(lambda: each(one, ids), verb=f"{declared.label}.deleted")
    names = declared.model.objects.visible_to(user).in_bulk([pk for pk, _why in refused])
    return {"done": count, "refused": [[str(names.get(pk, pk)), why] for pk, why in refused]}


def _objects(params: tuple[Field, ...], values: dict[str, Any], user: User) -> dict[str, Record | Any]:
    """Linked rows as objects, re-read inside the person's scope."""
    kinds = {p.name: p for p in params}
    return {
        name: entity(kinds[name].target).model.objects.visible_to(user).get(pk=value) if kinds[name].target else value
        for name, value in values.items()
    }


def summary(count: int, refused: list[Any]) -> str:
    """One sentence on how it went."""
    text = ngettext("Done for %(n)s row.", "Done for %(n)s rows.", count) % {"n": f"{count:,}"}
    if refused:
        for why, n in Counter(why for _name, why in refused).most_common(3):
            text += " " + _("Refused for %(n)s: %(why)s") % {"n": n, "why": why}
    return text


@job("web.bulk", attempts=3)
def many(run: Run, *, label: str, verb: str, ids: list[int], params: dict[str, Any]) -> dict[str, Any]:
    """The same in the background, 200 rows a transaction; resumed after a kill where it stood."""
    declared, user = entity(label), requester(run)
    chosen = _chosen(declared, verb)
    refused: list[list[str]] = run.job.result.get("refused", [])
    for start in range(run.job.done_steps, len(ids), 200):

        def batch(start: int = start, so_far: list[list[str]] = refused) -> list[list[str]]:
            known: list[list[str]] = so_far + _now(declared, chosen, ids[start : start + 200], user, params)["refused"]
            run.progress(min(start + 200, len(ids)), len(ids), result={"refused": known})
            return known

        refused = work.unit_of_work(batch)
    return {
        "done": len(ids) - len(refused),
        "left_out": len(refused),
        "refused": refused[:200],
        "back": list_url(declared.slug),
    }
