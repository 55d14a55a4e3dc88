"""The import wizard: upload, match columns, check, run; then result, error file and undo."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanxi.exchange.importing import plan as plans
from guanxi.exchange.importing.check import Check
from guanxi.exchange.importing.ledger import WAYS
from guanxi.exchange.importing.matching import LINES, ORIGIN, fillable
from guanxi.exchange.importing.plan import Plan
from guanxi.exchange.importing.run import counts
from guanxi.exchange.importing.shape import BadRow, Shape
from guanxi.exchange.importing.undo import UNDONE, require_undo, take_back
from guanxi.exchange.views.exports import download
from guanxi.formats.tables import TemplateColumn, error_file_kind, write_errors, write_template
from guanxi.formats.tables.text import ENCODINGS
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.doubts import judged
from guanxi.kernel.entities import Entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.models import ImportedRow, Job
from guanxi.web.cells import text_of
from guanxi.web.pages import answer, done, entity_page, person, whole

PREVIEW = 20
LISTED = 50  # of the rows that failed; all of them are in the error file
MODES = {
    "create": gettext_lazy("Create new rows only"),
    "update": gettext_lazy("Change existing rows only"),
    "upsert": gettext_lazy("Change what exists, create the rest"),
}
UNUSED = {("create", "updated"), ("update", "created")}  # what the chosen way never brings about
STEPS = ("upload", "match", "check", "run")


def _frame(declared: Entity, step: str, **more: Any) -> dict[str, Any]:
    words = {"upload": _("Upload"), "match": _("Match columns"), "check": _("Check"), "run": _("Import")}
    here = STEPS.index(step)
    steps = [{"n": i + 1, "label": words[s], "done": i < here, "on": i == here} for i, s in enumerate(STEPS)]
    return {"entity": declared, "steps": steps, "back": list_url(declared.slug), **more}


def _job(request: HttpRequest, declared: Entity, pk: int, *, own: bool = True) -> Job:
    names = (
        [plans.NAME] if own else [plans.NAME, "exchange.clean"]
    )  # a bulk change shows its result and is undone alike
    rows = Job.objects.filter(pk=pk, name__in=names, company_id=person(request).company_id, args__label=declared.label)
    row = (rows.filter(requested_by=person(request)) if own else rows).first()
    if row is None or (row.name == plans.NAME and not declared.importable):
        raise Http404
    return row


@entity_page("import")
def start(request: HttpRequest, declared: Entity) -> HttpResponse:
    """Take the file; `again` names an import whose mapping the mended error file takes over."""
    user = person(request)
    if not declared.importable:
        raise Http404
    jobs = Job.objects.filter(name=plans.NAME, requested_by=user, args__label=declared.label)
    context = _frame(
        declared, "upload", encodings=ENCODINGS, most=plans.MAX_UPLOAD >> 20,
        template=reverse("import-template", args=[declared.slug]),
        recent=jobs.exclude(state="ready", done_steps=0).order_by("-id")[:10],
    )  # fmt: skip
    if request.method != "POST":
        return answer(request, "exchange/import_start.html", context)
    try:
        plan = _taken(request, declared)
    except Refused as refused:
        return answer(request, "exchange/import_start.html", context | {"error": str(refused)}, status=422)
    if earlier := whole(request.POST, "again"):
        old, headers = plans.plan_of(_job(request, declared, earlier)), plan.table.headers
        plan.mapping = {header: name for header, name in old.mapping.items() if header in headers} or plan.mapping
        plan.mode, plan.key = old.mode, [name for name in old.key if name in plan.mapping.values()]
    return done(request, reverse("import-match", args=[declared.slug, plans.park(plan, user).pk]))


def _taken(request: HttpRequest, declared: Entity) -> Plan:
    """The upload as a plan; a file that cannot be read is not kept."""
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused(_("Choose a file first."))
    if (upload.size or 0) > plans.MAX_UPLOAD:
        text = _("The file is larger than %(n)s MB. Split it, or have it imported on the server with “guanxi import”.")
        raise Refused(text % {"n": plans.MAX_UPLOAD >> 20})
    name = Path((upload.name or "file").replace("\\", "/")).name[-120:]
    path = plans.store(upload.chunks(), name)
    plan = Plan(declared.label, str(path), name)
    plan.encoding = request.POST.get("encoding", "")
    try:
        _open(plan, person(request))
    except Refused:
        path.unlink(missing_ok=True)
        raise
    return plan


def _open(plan: Plan, user: Any) -> None:
    """Read the whole file once, so that nothing that cannot be read is ever begun; guess the columns."""
    if plan.table.kind in plans.SHELL_ONLY:
        raise Refused(_("Parquet and SQLite files are imported on the server with “guanxi import”."))
    plan.count()
    plan.suggest(user)


@entity_page("import")
def template(request: HttpRequest, declared: Entity) -> HttpResponse:
    """An XLSX to fill in, with the allowed values as drop-down lists."""
    columns = []
    for f in fillable(declared, person(request)).values():
        choices = [_("Yes"), _("No")] if f.kind == "bool" else [str(label) for _value, label in f.choices]
        hint = str(f.help) or (
            _("Name or code") if f.kind == "ref" else _("Like 2026-11-21") if f.kind in ("date", "datetime") else ""
        )
        columns.append(
            TemplateColumn(str(f.label), required=f.required, help=hint, choices=[] if f.kind == "tags" else choices)
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, columns)
        file = path.open("rb")
    return download(file, f"{declared.title}.xlsx")


@entity_page("import")
def match(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Which column fills which field, what to do with existing rows, and how they are found."""
    user, row = person(request), _job(request, declared, pk)
    plan, error = plans.plan_of(row), ""
    if row.run_at != plans.PARKED:
        return done(request, reverse("import-result", args=[declared.slug, pk]))
    if request.method == "POST":
        try:
            return done(request, _matched(request, row, plan))
        except Refused as refused:
            error = str(refused)
    fields, shown = fillable(declared, user), plans.samples(plan)
    columns = [
        {
            "header": header,
            "field": plan.mapping.get(header, ""),
            "samples": [str(cells[i]) for cells in shown if cells[i] not in (None, "")],
        }
        for i, header in enumerate(plan.table.headers)
    ]
    keys = _keys(fields, plan)
    context = _frame(
        declared, "match", plan=plan, columns=columns, fields=fields, keys=keys, modes=MODES,
        unfilled=not all(key["filled"] for key in keys),
        error=error, encodings=ENCODINGS, warnings=plan.table.warnings, judged=judged(declared.label),
    )  # fmt: skip
    return answer(request, "exchange/import_match.html", context, status=422 if error else 200)


def _matched(request: HttpRequest, row: Job, plan: Plan) -> str:
    """Keep what was chosen; the page that comes next.  Another sheet or encoding is another table."""
    user, data = person(request), request.POST
    now = (plan.sheet or plan.table.sheet or "", plan.encoding)
    asked = (data.get("sheet", now[0]), data.get("encoding", now[1]))
    if asked != now:
        other = replace(plan, sheet=asked[0], encoding=asked[1])
        _open(other, user)
        _keep(row, other)
        return request.path
    chosen = {header: data.get(f"column-{i}", "") for i, header in enumerate(plan.table.headers)}
    plan.mapping = {header: name for header, name in chosen.items() if name}
    plan.mode, plan.key = data.get("mode", ""), data.getlist("key")
    plan.duplicates = "duplicates" in data or "duplicates-shown" not in data
    plan.check(user)
    _keep(row, plan)
    return reverse("import-run", args=[plan.entity.slug, row.pk])


def _keys(fields: dict[str, Any], plan: Plan) -> list[dict[str, Any]]:
    """Fields that can tell an existing row, by kind as likely to do so; a field that a column fills is shown at once."""
    kinds, filled = ("code", "phone", "email", "text", "ref", "date"), {*plan.mapping.values(), *plan.key}
    own = {n: f for n, f in fields.items() if "." not in n and not f.json and n not in ORIGIN and f.kind in kinds}
    keys = [
        {"name": name, "label": f.label, "chosen": name in plan.key, "filled": name in filled, "kind": f.kind}
        for name, f in own.items()
    ]
    return sorted(keys, key=lambda key: kinds.index(key["kind"]))


def _keep(row: Job, plan: Plan) -> None:
    row.args = plan.as_json()
    row.save(update_fields=["args"])


@entity_page("import")
def run(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """GET shows how the first rows will be understood; POST starts, or goes on with one that stopped."""
    user, row = person(request), _job(request, declared, pk)
    plan = plans.plan_of(row)
    plan.check(user)
    if request.method == "POST":
        plans.launch(row)
        return done(request, reverse("job", args=[pk]))
    columns = plan.columns(user)
    context = _frame(
        declared,
        "check",
        plan=plan,
        mode=MODES[plan.mode],
        heads=[f.label for _place, f in columns],
        rows=_preview(plan, columns, user),
        total=plan.table.estimate,
        keys=[fillable(declared, user)[name].label for name in plan.key],
    )
    context["job"], context["dropped"] = row, [header for header in plan.table.headers if not plan.mapping.get(header)]
    return answer(request, "exchange/import_check.html", context)


@entity_page("import")
def check(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """What would become of the rows: which repeat each other, which are known already; nothing is written."""
    user, row = person(request), _job(request, declared, pk)
    plan = plans.plan_of(row)
    plan.check(user)
    if row.run_at != plans.PARKED:
        raise Refused(_("This import has been started already."))
    report = Check(plan, user).report()
    words = {
        "created": (_("New"), "plus"), "updated": (_("Changed"), "edit"), "twice": (_("Repeat a row of the file"), "copy"),
        "known": (_("Look like known ones"), "users"), "other": (_("Not importable for other reasons"), "alert-triangle"),
    }  # fmt: skip
    tiles = [
        {"key": key, "label": words[key][0], "icon": words[key][1], "n": report.counts[key]}
        for key in words
        if (plan.mode, key) not in UNUSED
    ]
    context = _frame(
        declared, "check", report=report, tiles=tiles, judged=plan.duplicates and judged(declared.label), job=row
    )
    return answer(request, "exchange/import_found.html", context, part="found")


def _preview(plan: Plan, columns: Any, user: Any) -> list[dict[str, Any]]:
    """The first rows as they will be understood, with what is wrong with them."""
    shape, rows, shown = Shape(plan.entity, columns, user), [], plans.samples(plan, PREVIEW)
    whole_rows = plan.mode == "create" and not any(f.name.startswith(LINES) for _place, f in columns)
    shape.prepare(shown)
    for cells in shown:
        found: dict[str, Any] = {}
        problem = ""
        try:
            found = shape.values(cells)
            if whole_rows:
                shape.check(shape.draft(found))
        except BadRow as bad:
            problem = str(bad)
        rows.append(
            {"cells": [(f.label, _understood(f, found, cells[place])) for place, f in columns], "problem": problem}
        )
    return rows


def _understood(field: Field, found: dict[str, Any], cell: Any) -> str:
    """The value as lists will show it; the cell as it came where it was not understood."""
    value = found.get(field.name.removeprefix(LINES))
    return str(cell or "") if value is None else text_of(field, value, str(value))


@entity_page("import")
def result(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """What became of the rows, with the ways on: error file, mended file, undo."""
    row = _job(request, declared, pk, own=False)
    require_undo(row, declared, person(request))
    failures = ImportedRow.objects.filter(job=row, outcome="failed").order_by("line")[:LISTED]
    marked = ImportedRow.objects.filter(job=row, outcome="created", label=declared.label).exclude(reason="")
    undone = ImportedRow.objects.filter(job=row, outcome=UNDONE).count()
    undo_job = Job.objects.filter(name="exchange.import.undo", args__imported=pk).order_by("-id").first()
    found = counts(row)
    words = {"created": _("Created"), "updated": _("Updated"), "merged": _("Merged"), "failed": _("Failed")}
    context = _frame(
        declared,
        "run",
        job=row,
        failures=_failures(failures, declared, person(request)),
        marked=marked.order_by("line")[:LISTED],
        marks=marked.count(),
        undone=undone,
        kept=undo_job.result.get("refused", []) if undo_job else [],
    )
    context["counts"] = [
        {"key": key, "label": words[key], "n": found[key]} for key in words if found[key] or key != "merged"
    ]
    context |= {
        "failed": found["failed"],
        "more": max(0, found["failed"] - LISTED),
        "did": sum(found[key] for key in ("created", "updated", "merged")),
        "from_file": row.name == plans.NAME,
        "own": row.name == plans.NAME and row.requested_by_id == person(request).pk,
        "stopped": row.state in ("failed", "cancelled"),
    }
    return answer(request, "exchange/import_result.html", context)


def _failures(rows: Any, declared: Entity, user: Any) -> list[dict[str, Any]]:
    """Each failed row with what the file calls it, what to do about it, and the row it meets where that may be seen."""
    told = [(row, row.before or {}) for row in rows]
    met = {said["meets"] for _row, said in told if said.get("meets")}
    seen = set(declared.model.objects.visible_to(user).filter(pk__in=met).values_list("pk", flat=True)) if met else met
    return [
        {
            "line": row.line, "called": said.get("called", ""), "reason": row.reason, "way": WAYS.get(said.get("way", ""), ""),
            "url": record_url(declared.slug, said["meets"]) if said.get("meets") in seen else "",
        }
        for row, said in told
    ]  # fmt: skip


@entity_page("import")
def errors(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """The rows that failed, as they came, with the reason in a last column."""
    row = _job(request, declared, pk)
    plan = plans.plan_of(row)
    failures = ImportedRow.objects.filter(job=row, outcome="failed", label=declared.label).order_by("line")
    kind = error_file_kind(plan.table)
    Path(settings.EXPORT_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.EXPORT_ROOT) as folder:
        path = Path(folder) / f"errors.{kind}"
        write_errors(path, plan.table, failures.values_list("line", "reason").iterator(), header=_("Reason"))
        file = path.open("rb")
    name = _("%(name)s errors") % {"name": Path(plan.name).stem}
    return download(file, f"{name}.{kind}")


@entity_page("import")
@require_POST
def undo(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Take the whole import back, as a job."""
    user, row = person(request), _job(request, declared, pk, own=False)
    require_undo(row, declared, user)
    if row.state in ("ready", "running"):
        raise Refused(_("The import is still running; cancel it first."))
    started = take_back.enqueue(user=user, unique=f"undo:{pk}", imported=pk)
    return done(request, reverse("job", args=[started.pk]))
