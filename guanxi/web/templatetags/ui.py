"""Atoms and blocks of the design for templates: `{% load ui %}`, or nothing when settings make it a builtin."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.html import conditional_escape, escape, format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.formats.browsers import browser
from guanxi.formats.money import exact, money, number, wan
from guanxi.kernel.filters.sentence import PERIOD_WORDS, VARIABLE_WORDS
from guanxi.web import atoms

register = template.Library()
for _tag in "icon avatar badge tag grade health bar due locked secret".split():
    register.simple_tag(getattr(atoms, _tag))
register.simple_tag(lambda: atoms.DASH, name="empty_dash")
for _filter in (exact, money, number, wan, atoms.ago, atoms.day, atoms.moment, browser):
    register.filter(_filter)


@register.simple_block_tag
def card(content: str, title: object = "", sub: object = "", href: str = "", link: object = "", **more: Any) -> str:
    """A card; `flush` drops the body's padding, `cls` adds classes, `ic` puts an icon before the title."""
    head = ""
    if title:
        head = format_html(
            '<div class="card-header"><h2 class="card-title">{}{}</h2>{}{}</div>',
            atoms.icon(more["ic"]) if more.get("ic") else "",
            title,
            format_html('<span class="card-sub">{}</span>', sub) if sub else "",
            format_html('<a class="card-link" href="{}">{}{}</a>', href, link or _("All"), atoms.icon("chevron-right"))
            if href
            else "",
        )
    body = "card-flush" if more.get("flush") else "card-body"
    whole = '<section class="card {}">{}<div class="{}">{}</div></section>'
    return format_html(whole, more.get("cls", ""), head, body, content)


@register.simple_block_tag
def blank(content: str, title: object, text: object = "", ic: str = "inbox", tone: str = "") -> str:
    """An empty, missing or failed state; the block holds the buttons."""
    return format_html(
        '<div class="empty"><span class="empty-i{}">{}</span><b>{}</b>{}<div>{}</div></div>',
        f" tone-{tone}" if tone else "",
        atoms.icon(ic),
        title,
        format_html("<p>{}</p>", text) if text else "",
        content,
    )


@register.simple_block_tag
def callout(content: str, title: object, tone: str = "blue", ic: str = "info-circle") -> str:
    """One per page, with at most one action inside the block."""
    return format_html(
        '<div class="callout callout-{}">{}<div><b>{}</b>{}</div></div>', tone, atoms.icon(ic), title, content
    )


@register.simple_tag
def rule(name: object, url: str = "", clause: object = "") -> SafeString:
    """The rule chip: which clause asks for this; it opens the text in a drawer."""
    text = f"{atoms.icon('book-2')}{escape(name)}{' ' + escape(clause) if clause else ''}"
    if not url:
        return SafeString(f'<span class="rule">{text}</span>')
    return SafeString(f'<a class="rule" href="{escape(url)}" data-drawer="{escape(url)}">{text}</a>')


def _control(bound: BoundField, described: str) -> SafeString:
    """The widget with our classes and the ids of the texts that belong to it."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {"aria-describedby": described} if described else {}
    if str(widget.attrs.get("placeholder", "")) == str(bound.label):
        del widget.attrs["placeholder"]  # a placeholder that repeats the label says nothing
    if bound.errors:
        attrs["aria-invalid"] = "true"
    offered, has = list(getattr(widget, "choices", ())), bool(bound.value())
    if offered[:1] == [("", "—")] and (bound.field.required or (has and getattr(bound.field, "filled", False))):
        widget.choices = offered[1:] if has else [("", _("Please choose")), *offered[1:]]
    lists = (RadioSelect, CheckboxSelectMultiple)
    kinds: Any = ((CheckboxInput, "form-check-input"), (lists, ""), (Select, "form-select"))
    base = next((cls for kind, cls in kinds if isinstance(widget, kind)), "form-control")
    if getattr(widget, "input_type", "") in {"file", "hidden"}:
        base = ""
    classes = (widget.attrs.get("class"), base, "is-invalid" if bound.errors and base else "")
    if joined := " ".join(filter(None, classes)):
        attrs["class"] = joined
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """Only the input itself, for tables and inline edits; its label becomes the accessible name."""
    bound.field.widget.attrs.setdefault("aria-label", str(bound.label))
    return _control(bound, "")


@register.simple_tag
def field(bound: BoundField, full: bool = False, show_when: str = "") -> SafeString:
    """Label, control, hint and errors of one form field; `show_when` is `other_field=value|value`."""
    if bound.is_hidden:
        return bound.as_widget()
    base, hint = bound.auto_id or bound.html_name, bound.help_text
    described = " ".join([f"{base}-h"] * bool(hint) + [f"{base}-e"] * bool(bound.errors))
    star = ""
    if bound.field.required:
        star = f' <i aria-hidden="true">*</i><span class="visually-hidden">{escape(_("(required)"))}</span>'
    label, widget = escape(bound.label), bound.field.widget
    if isinstance(widget, CheckboxInput):
        inner = f'<label class="ck">{_control(bound, described)} <span>{label}{star}</span></label>'
    elif isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        group = f'role="group" aria-labelledby="{base}-l"'
        inner = f'<span class="lbl" id="{base}-l">{label}{star}</span><div {group}>{_choices(bound)}</div>'
    else:
        searchable = isinstance(widget, Select) and (len(list(widget.choices)) > 8 or "data-url" in widget.attrs)
        box = _control(bound, described)
        box = SafeString(f"<c-select>{box}</c-select>") if searchable else box
        inner = f'<label for="{bound.id_for_label}">{label}{star}</label>{box}'
    if bound.errors:
        text = escape(" ".join(map(str, bound.errors)))
        inner += f'<p class="ferr" id="{base}-e">{atoms.icon("alert-circle", "ic-s")}{text}</p>'
    if hint:
        inner += f'<p class="fhelp" id="{base}-h">{conditional_escape(hint)}</p>'
    cond = f' data-show-when="{escape(show_when)}"' if show_when else ""
    return SafeString(f'<div class="fld{" full" if full else ""}"{cond}>{inner}</div>')


def _choices(bound: BoundField) -> str:
    """Radio and check lists: a joined strip for up to five radios, else a column."""
    radios = isinstance(bound.field.widget, RadioSelect)
    if not radios:
        bound.field.widget.attrs.setdefault("class", "form-check-input")
    rows = [f'<label class="ck">{part.tag()} <span>{escape(part.choice_label)}</span></label>' for part in bound]
    if radios and len(rows) <= 5:
        rows = [row.replace('class="ck"', "", 1) for row in rows]
        return f'<div class="segr">{"".join(rows)}</div>'
    return "".join(rows)


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """The summary that takes focus after a refused submit, with a link to each wrong field."""
    if not form.errors:
        return SafeString("")
    links = [
        format_html('<li><a href="#{}">{}</a></li>', form[name].auto_id, form[name].label)
        for name in form.errors
        if name != "__all__"
    ]
    texts = [format_html("<li>{}</li>", text) for text in form.non_field_errors()]
    count = ngettext("%(n)s entry needs a change", "%(n)s entries need a change", len(links)) % {"n": len(links)}
    return format_html(
        '<div class="err-sum" role="alert" tabindex="-1" autofocus>{}<div>{}<ul>{}</ul></div></div>',
        atoms.icon("alert-circle"),
        format_html("<b>{}</b>", count) if links else "",
        SafeString("".join([*texts, *links])),
    )


@register.simple_tag
def script_texts() -> SafeString:
    """The words that scripts show, in the reader's language."""
    texts = {
        "undo": _("Undo"),
        "close": _("Close"),
        "remove": _("Remove"),
        "none": _("No match"),
        "loading": _("Loading…"),
        "saving": _("Saving"),
        "copied": _("Copied"),
        "leave": _("There are unsaved changes. Leave the page?"),
        "failed": _("The server could not be reached. Nothing was changed."),
        "all": _("All of these are true"),
        "any": _("At least one of these is true"),
        "add": _("Add condition"),
        "addAny": _("Add “any of” group"),
        "noFilter": _("No condition yet: everything is shown."),
        "field": _("Field"),
        "op": _("Comparison"),
        "value": _("Value"),
        "to": _("to"),
        "yes": _("Yes"),
        "no": _("No"),
        "days": _("days"),
        "late": _("Overdue"),
        "periods": {key: str(word) for key, word in PERIOD_WORDS.items()},
        "variables": {key: str(word) for key, word in VARIABLE_WORDS.items()},
    }
    return json_script(texts, "texts")
