"""Changing one field of many rows: what stands there now, what it becomes, and the way back (QUAL-15)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from guanxi.kernel import context, verbs, work
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.jobs import Run, job, requester
from guanxi.kernel.models import ImportedRow
from guanxi.web.cells import text_of
from guanxi.web.forms import RecordForm, editable
from guanxi.web.pages import answer, done, entity_page, form_key, person
from guanxi.web.views.bulk import selected

BATCH, VALUES = 200, 6


def cleanable(declared: Entity, user: Any) -> dict[str, Field]:
    """Fields that make sense for many rows at once: none that must differ from row to row."""
    single = {declared.name_field, *declared.import_key, "owner"}
    return {
        n: f
        for n, f in editable(declared, user).items()
        if n not in single and f.kind not in ("json", "phone", "email", "longtext")
    }


@entity_page("change")
def clean(request: HttpRequest, declared: Entity) -> HttpResponse:
    """Choose a field, see what its values are now, give the new one; the change itself is a job that can be undone."""
    user = person(request)
    query = request.GET if request.method != "POST" else QueryDict(request.POST.get("selection", ""))
    ids, fields = selected(declared, user, query), cleanable(declared, user)
    found = fields.get(request.POST.get("field", ""))
    sent = request.POST if found and request.POST.get("step") == "value" else None
    form = RecordForm(declared, user, {found.name: found}, sent) if found else None
    status = 200
    if form is not None and sent is not None:
        if form.is_valid():
            typed = {key: sent.getlist(key) for key in sent if key.removesuffix("-shown") == found.name}  # type: ignore[union-attr]
            key = request.POST.get("key", "")
            started = change_field.enqueue(
                user=user, unique=f"clean:{key}", label=declared.label, ids=ids, field=found.name, typed=typed,  # type: ignore[union-attr]
                name=str(found.label),  # type: ignore[union-attr]
            )  # fmt: skip
            return done(request, reverse("job", args=[started.pk]))
        status = 422
    data = {
        "entity": declared, "n": len(ids), "fields": fields.values(), "field": found, "form": form, "key": form_key(),
        "selection": query.urlencode(), "now": present(declared, found, ids) if found else [], "action": request.path,
        "back": list_url(declared.slug),
    }  # fmt: skip
    return answer(request, "exchange/clean.html", data, part="dialog", status=status)


def present(declared: Entity, found: Field, ids: list[int]) -> list[dict[str, Any]]:
    """The most frequent values of a field over these rows, with how many rows hold each."""
    if found.json:
        return []
    paths = [found.path, *([found.shown] if found.shown else [])]
    grouped = (
        declared.model.objects.filter(pk__in=ids[:20_000])
        .order_by()
        .values_list(*paths)
        .annotate(n=Count("pk"))
        .order_by("-n")
    )
    return [{"text": text_of(found, row[0], row[1] if found.shown else None), "n": row[-1]} for row in grouped[:VALUES]]


@job("exchange.clean", attempts=3)
def change_field(
    run: Run, *, label: str, ids: list[int], field: str, typed: dict[str, Any], **_words: Any
) -> dict[str, Any]:
    """Row by row through the verb, in units of a batch; what stood there before is kept for the undo."""
    declared, user = entity(label), requester(run)
    fields = cleanable(declared, user)
    done_already = set(ImportedRow.objects.filter(job=run.job).values_list("line", flat=True))
    data = QueryDict(mutable=True)
    for key, values in typed.items():
        data.setlist(key, values)
    with context.acting(channel="job"):
        for start in range(0, len(ids), BATCH):
            lines = [(n, pk) for n, pk in enumerate(ids[start : start + BATCH], start + 1) if n not in done_already]

            def batch(lines: list[tuple[int, int]] = lines) -> None:
                run.fence()
                form = RecordForm(declared, user, {field: fields[field]}, data)
                form.is_valid()
                ImportedRow.objects.bulk_create(
                    _change(run, declared, user, line, pk, form.values) for line, pk in lines
                )

            work.unit_of_work(batch, verb=f"{label}.changed")
            run.progress(min(start + BATCH, len(ids)), len(ids))
    page = reverse("import-result", args=[declared.slug, run.job.pk])
    return {"page": page}


def _change(run: Run, declared: Entity, user: Any, *rest: Any) -> ImportedRow:
    line, pk, values = rest
    noted = ImportedRow(job=run.job, line=line, label=declared.label, object_id=pk, outcome="updated")
    try:
        old = declared.model.objects.visible_to(user).get(pk=pk).column_values()
        row = verbs.change(declared, pk, values, actor=user)
        noted.version = row.version
        noted.before = {
            name: _json(old[name])
            for name, value in row.column_values().items()
            if old[name] != value and name not in row.untrailed
        }
    except (Refused, declared.model.DoesNotExist) as refused:
        noted.outcome, noted.reason, noted.object_id = "failed", str(refused), None
        noted.before = _called(declared, user, pk)
    return noted


def _called(declared: Entity, user: Any, pk: int) -> dict[str, Any]:
    """What the page of the result says of a row that was not changed, if it is in sight."""
    row = declared.model.objects.visible_to(user).filter(pk=pk).first()
    return {"called": str(row), "way": "alone", "meets": pk} if row is not None else {"way": "alone"}


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)
