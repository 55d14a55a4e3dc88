"""Writing one record: new, edit, one cell in a list, a verb; every write with a version and an idempotency key."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.audit.services import witness
from guanxi.kernel import verbs
from guanxi.kernel.actions import MADE, Verb, guard, perform, verbs_of
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.doubts import OVERRIDE, Doubt, asking
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Invalid, NotVisible, Refused, Stale
from guanxi.kernel.fields import Field
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.idempotency import known, once
from guanxi.kernel.ids import typed_id
from guanxi.web.cells import RowMaker, text_of
from guanxi.web.forms import RecordForm, editable, offer_present, record_form, sections_of, verb_form, verb_values
from guanxi.web.lines import line_forms, save_lines
from guanxi.web.pages import answer, done, entity_page, fetch, form_key, person, told, whole
from guanxi.web.panels import panels_for
from guanxi.web.reading import is_veiled


@entity_page("add")
def record_new(request: HttpRequest, declared: Entity) -> HttpResponse:
    """The form for a new row, as a page or in the drawer."""
    if not declared.creatable:
        raise Http404
    return _edit(request, declared, None)


@entity_page("change")
def record_edit(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """The form of an existing row."""
    return _edit(request, declared, fetch(declared, person(request), pk))


def _edit(request: HttpRequest, declared: Entity, row: Any) -> HttpResponse:
    user = person(request)
    if request.method != "POST":
        given = {name: request.GET[name] for name in request.GET if name in declared.fields_for(user.company)}
        form = record_form(declared, user, row=row, initial=given)
        _disclosed(declared, row, form, user)
        return _draw(request, declared, row, form, line_forms(declared, user, row))
    form = record_form(declared, user, request.POST, row=row)
    lines = line_forms(declared, user, row, request.POST)
    valid = form.is_valid()
    if not (all(line.is_valid() for line in lines) and valid):
        form.refuse(verbs.faults(declared, form.values, user, row))
        return _draw(request, declared, row, form, lines, status=422)
    try:
        saved, _again = once(user, request.POST.get("key", ""), lambda: _save(request, declared, row, form, lines))
    except Invalid as invalid:
        form.refuse(verbs.faults(declared, form.values, user, row) | invalid.errors)
        return _draw(request, declared, row, form, lines, status=422)
    except Stale as stale:
        return _conflict(request, declared, stale.row, form)
    except Doubt as doubt:
        form.doubt = doubt
        return _draw(request, declared, row, form, lines, status=doubt.status)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        form.wants_reason = refused.field == "reason" and "reason" not in form.fields
        return _draw(request, declared, row, form, lines, status=refused.status)
    text = _("Saved %(name)s.") % {"name": saved["name"]}
    if "again" in request.POST:
        return done(request, f"{list_url(declared.slug)}new/", text)
    return done(request, record_url(declared.slug, saved["id"]), text)


def _disclosed(declared: Entity, row: Any, form: RecordForm, user: Any) -> None:
    """A form shows in full what pages show masked: written down like any look behind a mask."""
    fields = declared.fields_for(user.company)
    for name in form.fields if row is not None else ():
        if is_veiled(fields[name]) and value_of(row, fields[name].path):
            witness("reveal", declared.label, row.pk, str(row), company_id=user.company_id, field=name)


def _save(request: HttpRequest, declared: Entity, row: Any, form: RecordForm, lines: list[Any]) -> dict[str, Any]:
    user = person(request)
    with asking("confirmed" in request.POST, request.POST.get("doubt_reason", "")):
        if row is None:
            saved = verbs.add(declared, form.values, actor=user)
        else:
            version, reason = whole(request.POST, "version"), request.POST.get(_why(form), "")
            saved = verbs.change(declared, row.pk, form.values, actor=user, version=version, reason=reason)
    save_lines(declared, saved, lines, actor=user)
    return {"id": saved.pk, "name": str(saved)}


def _why(form: RecordForm) -> str:
    """What the reason for the change is called in the form: the row may have a reason of its own."""
    return "change_reason" if "reason" in form.fields else "reason"


def _draw(
    request: HttpRequest, declared: Entity, row: Any, form: RecordForm, lines: list[Any], status: int = 200
) -> HttpResponse:
    user, sections = person(request), []
    begun = row or _begun(declared, user, form)
    for section in sections_of(declared, user):
        bound = [form[name] for name in section.fields if name in form.fields]
        if bound:
            when = f"{section.when[0]}={'|'.join(section.when[1])}" if section.when else ""
            sections.append({"title": section.title, "fields": bound, "when": when})
    context = {
        "entity": declared, "row": row, "form": form,
        "may_override": user.may(OVERRIDE, declared.label),
        "tops": panels_for(declared.label, begun, request, "form"),
        "tails": panels_for(declared.label, begun, request, "lines"),
        "sections": sections,
        "lines": lines,
        "lines_title": declared.relation(declared.lines).title if declared.lines else "",
        "why": _why(form), "why_given": request.POST.get(_why(form), ""),
        "wide": {name for name, f in declared.fields_for(user.company).items() if f.kind in ("longtext", "tags", "json") or name == declared.name_field},
        "title": _("Edit %(name)s") % {"name": row} if row else _("New: %(what)s") % {"what": declared.singular},
        "action": request.path,
        "key": request.POST.get("key") or form_key(),
        "version": request.POST.get("version") or (row.version if row else ""),
        "back": record_url(declared.slug, row.pk) if row else list_url(declared.slug),
    }  # fmt: skip
    return answer(request, "web/form.html", context, part="drawer", status=status)


def _begun(declared: Entity, user: Any, form: RecordForm) -> Any:
    """A new row as far as it is known while its form is open: what it hangs on."""
    row = verbs.new_row(declared, user)
    if declared.scope_via in form.fields:
        value = str(form[declared.scope_via].value() or "")
        setattr(row, declared.field(declared.scope_via, None).path, typed_id(value))
    return row


def _conflict(request: HttpRequest, declared: Entity, theirs: Any, form: RecordForm) -> HttpResponse:
    """Somebody else saved first: both versions side by side, the person decides, nothing is lost."""
    user = person(request)
    fields = editable(declared, user, form.values)
    rows = []
    for name, value in form.values.items():
        found = fields[name]
        stored = value_of(theirs, found.path)
        if _plain(stored) != _plain(value):
            rows.append(
                {
                    "name": name,
                    "label": found.label,
                    "mine": _words(found, form, name, value),
                    "theirs": _shown(found, theirs),
                }
            )
    context = {
        "entity": declared,
        "row": theirs,
        "differences": rows,
        "hidden": [(key, value) for key in request.POST for value in request.POST.getlist(key) if key not in ("version", "key", "csrfmiddlewaretoken")],
        "version": theirs.version,
        "key": form_key(),
        "action": request.path,
        "back": record_url(declared.slug, theirs.pk),
    }  # fmt: skip
    return answer(request, "web/conflict.html", context, part="body", status=409)


def _plain(value: Any) -> str:
    return "" if value in (None, [], "") else str(value)


def _words(found: Field, form: RecordForm, name: str, value: Any) -> str:
    choices = getattr(form.fields[name].widget, "choices", ())
    return next((str(label) for key, label in choices if str(key) == str(value)), text_of(found, value))


def _shown(found: Field, row: Any) -> str:
    return text_of(found, value_of(row, found.path), value_of(row, found.shown) if found.shown else None)


@entity_page("change")
def cell(request: HttpRequest, declared: Entity, pk: int, name: str) -> HttpResponse:
    """One cell of a list: its control, then after saving the cell again."""
    user = person(request)
    fields = editable(declared, user, [name])
    if name not in fields or name not in declared.inline:
        raise Http404
    row, found = fetch(declared, user, pk), fields[name]
    maker = RowMaker(declared, [found], user)
    shown = value_of(row, found.shown) if found.shown else None
    if request.GET.get("show"):
        return HttpResponse(maker.cell(pk, found, value_of(row, found.path), shown))
    if request.method != "POST":
        form = RecordForm(declared, user, fields, row=row)
        _disclosed(declared, row, form, user)
        return _draw_cell(request, row, form, name)
    form = RecordForm(declared, user, fields, request.POST, row=row)
    if not form.is_valid():
        return _draw_cell(request, row, form, name, status=422)
    try:
        version, reason = whole(request.POST, "version"), request.POST.get("reason", "")
        row = verbs.change(declared, pk, form.values, actor=user, version=version, reason=reason)
    except Stale as stale:
        words = _shown(found, stale.row)
        form.add_error(
            name,
            _("Somebody changed this to “%(value)s” in the meantime. Save again to replace it.") % {"value": words},
        )
        return _draw_cell(request, stale.row, form, name, status=409)
    except Refused as refused:
        form.add_error(name, str(refused))
        return _draw_cell(request, row, form, name, status=422, ask_why=refused.field == "reason")
    shown = value_of(row, found.shown) if found.shown else None
    html = maker.cell(pk, found, value_of(row, found.path), shown)
    return told(HttpResponse(html), _("Changed %(field)s of %(name)s.") % {"field": found.label, "name": row})


def _draw_cell(
    request: HttpRequest, row: Any, form: RecordForm, name: str, status: int = 200, ask_why: bool = False
) -> HttpResponse:
    reason = request.POST.get("reason", "")
    context = {"bound": form[name], "row": row, "action": request.path, "reason": reason}
    context |= {"ask_why": ask_why or "reason" in request.POST, "slot": form.declared.slots.get(name, "")}
    return render(request, "web/parts/cell.html", context, status=status)


@entity_page()
def verb(request: HttpRequest, declared: Entity, pk: int, short: str) -> HttpResponse:
    """Use a verb on one row: ask what it needs, do it, tell."""
    user, chosen = person(request), verbs_of(declared.model).get(short)
    if chosen is None:
        raise Http404
    guard(chosen, user)
    if request.method == "POST" and known(user, request.POST.get("key", "")) == {"id": pk}:
        return done(request, _place(declared, user, pk, declared))  # sent twice; by now the row may be out of reach
    row = fetch(declared, user, pk)
    guard(chosen, user, row)
    form = verb_form(chosen.params, declared, user, *([request.POST] if request.method == "POST" else []))
    form.initial = chosen.initial(row)
    offer_present(form)
    context = {
        "entity": declared,
        "verb": chosen,
        "row": row,
        "form": form,
        "action": request.path,
        "back": record_url(declared.slug, pk),
        "version": row.version,
        "notes": panels_for(declared.label, row, request, f"verb:{short}"),
    }
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        context["key"] = request.POST.get("key") or form_key()
        return answer(request, "web/verb.html", context, part="dialog", status=status)
    made: list[Any] = []
    try:
        once(user, request.POST.get("key", ""), lambda: _do(request, chosen, pk, form, made))
    except Refused as refused:
        stale = isinstance(refused, Stale)
        text = _("%(message)s Look at the record and try again.") % {"message": refused} if stale else str(refused)
        form.add_error(refused.field if refused.field in form.fields else None, text)
        context |= {"key": form_key()} | ({"version": refused.row.version} if isinstance(refused, Stale) else {})
        return answer(request, "web/verb.html", context, part="dialog", status=409 if stale else 422)
    shown: Any = made[-1] if made and chosen.lands == MADE else row
    if chosen.lands not in ("", MADE):
        shown = getattr(row, chosen.lands)
    target = _place(entity(type(shown)), user, shown.pk, declared)
    return done(request, target, _("%(verb)s: %(name)s.") % {"verb": chosen.label, "name": row})


def _place(shown: Entity, user: Any, pk: int, declared: Entity) -> str:
    """Where to go after a verb: the record, if it is still in reach."""
    visible = shown.model.objects.visible_to(user).filter(pk=pk).exists()
    return record_url(shown.slug, pk) if visible else list_url(declared.slug)


def _do(request: HttpRequest, chosen: Verb, pk: int, form: Any, made: list[Any]) -> dict[str, Any]:
    """Required texts left blank go in as empty: the verb itself says why it wants them."""
    given = verb_values(form)
    blank = {p.name: "" for p in chosen.params if p.kind == "text" and p.required}
    version = whole(request.POST, "version")
    try:
        made.append(perform(chosen, pk, actor=person(request), params={**blank, **given}, version=version))
    except NotVisible:
        raise Refused(_("Somebody else was faster: this is no longer here.")) from None
    return {"id": pk}
