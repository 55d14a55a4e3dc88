"""Pages of duplicate protection: the answer while somebody types, looking a customer up, comparing and merging."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.duplicates.kinds import Kind, kind_of
from guanxi.duplicates.likeness import WARN
from guanxi.duplicates.models import Merge, Pair
from guanxi.duplicates.queries.check import Hit, check
from guanxi.duplicates.queries.compare import filled, following, fuller, lines
from guanxi.duplicates.services import screen
from guanxi.duplicates.services.merge import merge, require_merge
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.kernel.ids import typed_id
from guanxi.web.pages import answer, done, entity_page, fetch, form_key, is_fragment, person, whole

ACCOUNT = "customers.account"


@entity_page()
@require_POST
def look(request: HttpRequest, declared: Entity) -> HttpResponse:
    """What the form as it stands looks like; `row` names the file it changes."""
    kind, user, pk = kind_of(declared.label), person(request), whole(request.GET, "row")
    if kind is None:
        raise Http404
    row = fetch(declared, user, pk) if pk is not None else None
    found = check(kind.facts(_typed(kind, request.POST, row)), user, [pk] if pk else [])
    return render(request, "duplicates/advice.html", told(found))


def _typed(kind: Kind, sent: Any, row: Any) -> Any:
    """A column's value as typed, or as stored where the form does not show it."""

    def read(name: str) -> Any:
        if kind.inside and name == f"{kind.inside}_id":
            value = sent.get(kind.inside, "")
            return typed_id(value) or getattr(row, name, 0)
        return str(sent[name])[:400] if name in sent else getattr(row, name, "")

    return read


def told(found: list[Hit]) -> dict[str, Any]:
    alike = [hit for hit in found if hit.likeness.score >= WARN]
    return {"hits": found, "alike": alike, "hard": any(hit.hard for hit in alike)}


@entity_page()
def desk(request: HttpRequest, declared: Entity) -> HttpResponse:
    """Look a customer up before the first contact (INFO-17); whoever may merge sees the queue and the screening."""
    user, kind = person(request), kind_of(declared.label)
    asked = {name: request.GET.get(name, "").strip()[:120] for name in ("name", "phone", "credit_code")}
    context: dict[str, Any] = {"entity": declared, "asked": asked, "searched": any(asked.values())}
    if kind is not None and context["searched"]:
        found = [hit for is_a in ("company", "person") for hit in check(kind.of_values({**asked, "kind": is_a}), user)]
        best = {(hit.label, hit.pk): hit for hit in sorted(found, key=lambda hit: hit.likeness.score)}
        context |= told(sorted(best.values(), key=lambda hit: -hit.likeness.score))
        if user.may("add", declared.label):  # nobody like this: the next thing is to put them on file
            context["add"] = f"{reverse('record-new', args=[declared.slug])}?{urlencode(asked)}"
            context["add_label"] = _("New: %(what)s") % {"what": declared.singular}
    if user.may("merge", declared.label):
        context["waiting"] = Pair.objects.visible_to(user).filter(state=Pair.State.OPEN).count()
        context["job"] = screen.latest(user.company_id)
        context["queue"] = list_url("duplicate-pairs")
        context["merges"] = list_url("merges")
    return render(request, "duplicates/desk.html", context)


@login_required
def accounts_desk(request: HttpRequest) -> HttpResponse:
    return desk(request, entity(ACCOUNT))  # type: ignore[return-value]


@login_required
@require_POST
def run_screening(request: HttpRequest) -> HttpResponse:
    """Screen the whole base now."""
    user = person(request)
    require_merge(user, ACCOUNT)
    job = screen.start(user)
    return redirect("job", job.pk) if job.requested_by_id == user.pk else redirect("duplicates")


@login_required
def merge_accounts(request: HttpRequest) -> HttpResponse:
    return merge_page(request, entity(ACCOUNT))  # type: ignore[return-value]


@entity_page("merge")
def merge_page(request: HttpRequest, declared: Entity) -> HttpResponse:
    """GET compares two files, field by field; POST makes them one."""
    user = person(request)
    given = request.POST if request.method == "POST" else request.GET
    ids = sorted({pk for text in given.getlist("id") if (pk := typed_id(text))})
    if len(ids) != 2 or kind_of(declared.label) is None:
        text = _("Choose exactly two files to merge.")
        return answer(request, "duplicates/choose.html", {"text": text, "entity": declared}, part="dialog", status=422)
    here = f"{reverse('duplicates-merge-of', args=[declared.slug])}?id={ids[0]}&id={ids[1]}"
    if request.method != "POST" and is_fragment(request):
        return done(request, here)
    merges = Merge.objects.visible_to(user).filter(label=declared.label, undone_at=None)
    made = merges.filter(keep_id__in=ids, lose_id__in=ids).first()
    if request.method != "POST" and made:  # back from the file that stayed: what became of both, and the way to undo it
        return redirect("record", "merges", made.pk)
    one, other = (fetch(declared, user, pk) for pk in ids)
    keep, lose = fuller(declared, one, other)
    if whole(given, "keep") == lose.pk:
        keep, lose = lose, keep
    problem, status = "", 200
    if request.method == "POST":
        try:
            once(user, request.POST.get("key", ""), lambda: _merge(request, declared, keep, lose))
        except Refused as refused:
            problem, status = str(refused), max(refused.status, 409) if refused.status < 422 else refused.status
        else:
            url = record_url(declared.slug, keep.pk)
            return done(request, url, _("%(gone)s is now a part of %(kept)s.") % {"gone": lose, "kept": keep})
    context = {
        "entity": declared, "keep": keep, "lose": lose, "lines": lines(declared, keep, lose, user), "problem": problem,
        "other": f"{here}&keep={lose.pk}", "following": following(declared, lose.pk), "key": form_key(), "here": here,
        "back": list_url(declared.slug),
    }  # fmt: skip
    return render(request, "duplicates/merge.html", context, status=status)


def _merge(request: HttpRequest, declared: Entity, keep: Any, lose: Any) -> dict[str, Any]:
    user, sent = person(request), request.POST
    taken = {name.removeprefix("take-") for name in sent if name.startswith("take-") and sent[name] == str(lose.pk)}
    barred = user.closed_fields(declared.label) | user.masked_fields(declared.label)
    seen = {pk: version for pk in (keep.pk, lose.pk) if (version := whole(sent, f"version-{pk}")) is not None}
    made = merge(
        declared, keep.pk, lose.pk, actor=user,
        taken=frozenset(taken - barred) | filled(declared, keep, lose, user),
        told={"reason": sent.get("reason", ""), "versions": seen},
    )  # fmt: skip
    return {"id": made.pk}
