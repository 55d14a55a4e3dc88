"""Forms made from the declaration of an entity: sections, conditions, links, extra fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.formats.money import parse_amount
from guanxi.formats.regions import place
from guanxi.formats.values import BadValue
from guanxi.kernel.entities import Entity, Section, entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.filters import describe, legend
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.models import TagsField
from guanxi.kernel.verbs import new_row
from guanxi.web.reading import readable_fields, usable_fields, user_filter
from guanxi.web.tables import TableInput

FEW = 60  # links to a table of at most so many rows are offered as a plain list


class MoneyInput(forms.DecimalField):
    """Takes amounts as people write them: 1.2万, ¥1,234.50."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in (None, ""):
            return None
        try:
            return parse_amount(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class OpenChoice(forms.ChoiceField):
    """A choice among the usual values that also takes others, as `other` reads them."""

    def __init__(self, other: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.other = other

    def clean(self, value: Any) -> Any:
        known = not value or self.valid_value(str(value))
        try:
            return super().clean(value) if known else self.other(str(value))
        except BadValue as error:
            raise forms.ValidationError(str(error)) from error

    def offer(self, _value: Any, present: Any) -> None:
        """Put what the row has now among the choices."""
        if present and not self.valid_value(str(present)):
            self.choices = [*self.choices, (present, present)]  # type: ignore[misc, has-type]


class TagsInput(forms.CharField):
    """Labels separated by commas."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return TagsField().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value


class LinkInput(forms.Field):
    """The id of a row of another entity, inside the person's reach; `of` names the link of the form it belongs to."""

    def __init__(self, declared: Entity, user: Any, url: str, of: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.declared, self.user, self.present = declared, user, None
        rows = [] if of else list(self._reach().values_list("pk", declared.name_field)[: FEW + 1])
        few = not of and len(rows) <= FEW
        named = ((str(pk), declared.name_of(name)) for pk, name in rows if few)
        self.widget = forms.Select(attrs={} if few else {"data-url": url, "data-of": of}, choices=[("", "—"), *named])

    def _reach(self) -> Any:
        model = self.declared.model
        rows = model.objects.visible_to(self.user)
        return rows.order_by(self.declared.sort)

    def offer(self, pk: Any, present: Any) -> None:
        """Put a value among the choices, and with it the present one even if it lies out of reach."""
        self.present = present
        if pk and all(str(value) != str(pk) for value, _label in self.widget.choices):
            rows = self.declared.model._base_manager if str(pk) == str(present) else self._reach()
            name = rows.filter(pk=_whole(pk)).values_list(self.declared.name_field, flat=True)
            self.widget.choices = [*self.widget.choices, (str(pk), self.declared.name_of(next(iter(name), "?")))]

    def clean(self, value: Any) -> int | None:
        if value in (None, ""):
            if self.required:
                raise forms.ValidationError(_("This field is required."))
            return None
        pk = _whole(value)
        if pk != self.present and not self._reach().filter(pk=pk).exists():
            raise forms.ValidationError(_("Choose one from the list."))
        return pk


class RegionInput(forms.CharField):
    """A region chosen by name; stored as its six-digit code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Select(attrs={"data-url": reverse("regions")}, choices=[("", "—")]), **kwargs)

    def offer(self, code: Any, _present: Any) -> None:
        if code:
            self.widget.choices = [("", "—"), (code, place(str(code)))]  # type: ignore[attr-defined]


class FilterInput(forms.Field):
    """A condition over another entity, edited in the filter builder and kept in the common language."""

    def __init__(self, target: Entity, user: Any, **kwargs: Any) -> None:
        super().__init__(widget=FilterWidget(target, user), **kwargs)
        self.target, self.user = target, user

    def clean(self, value: Any) -> Any:
        try:
            raw = json.loads(value) if isinstance(value, str) and value.strip() else value or {}
            user_filter(raw, self.target, self.user)
        except (ValueError, RecursionError, Refused) as error:
            raise forms.ValidationError(str(error)) from error
        return raw


class FilterWidget(forms.Widget):
    """The c-filter element with the fields of an entity."""

    def __init__(self, target: Entity, user: Any) -> None:
        super().__init__()
        self.target, self.user = target, user

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        fields = describe(usable_fields(self.target, self.user).values(), lambda f: choices_url(self.target, f))
        raw = value if isinstance(value, str) else json.dumps(value or {}, ensure_ascii=False)
        try:
            known = legend(user_filter(json.loads(raw or "{}"), self.target, self.user))
        except (ValueError, RecursionError, Refused):
            known = {}
        blocks = {"block": f"{name}-fields", "fields": fields, "key": f"{name}-legend", "legend": known}
        return render_to_string("web/parts/filter_input.html", {"name": name, "value": raw, **blocks})


class SharesInput(forms.CharField):
    """Cut-offs as people say them, `80, 95` percent, kept as {"cuts": [0.8, 0.95]} beside what else is set."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(f"{cut * 100:g}" for cut in value.get("cuts", ())) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        try:
            cuts = [round(float(part) / 100, 6) for part in TagsField().to_python(value)]
        except ValueError as error:
            raise forms.ValidationError(_("Write percentages with commas between them, e.g. 80, 95.")) from error
        return {**(self.initial or {}), "cuts": cuts} if cuts else {}


def choices_url(declared: Entity, found: Field) -> str:
    """Where the choices of a link or region field are looked up."""
    return reverse("regions") if found.kind == "region" else reverse("record-choices", args=[declared.slug, found.name])


def _whole(value: Any) -> int:
    """An id as typed; 0, which no row has, for anything else."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def input_for(found: Field, declared: Entity, user: Any) -> forms.Field:
    """The form field of an entity field."""
    found = replace(found, choices=tuple(found.offer(user))) if found.offer else found
    common: dict[str, Any] = {"label": found.label, "required": found.required, "help_text": found.help}
    match found.kind:
        case "choice":
            common["choices"] = [("", "—"), *found.choices]
            return OpenChoice(found.other, **common) if found.other is not None else forms.ChoiceField(**common)
        case "bool":
            return forms.BooleanField(**{**common, "required": False})
        case "ref":
            of = found.style.partition("of:")[2]
            return LinkInput(entity(found.target), user, choices_url(declared, found), of, **common)
        case "region":
            return RegionInput(**common)
        case "tags" if found.choices:
            return forms.MultipleChoiceField(choices=found.choices, widget=forms.CheckboxSelectMultiple, **common)
        case "tags":
            return TagsInput(**common)
        case "json":
            return _structured(found, user, common)
        case "date" | "datetime":
            return _moment(found, common)
        case "money":
            return MoneyInput(widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}), **common)
        case "int":
            return forms.IntegerField(**common)
        case "decimal" | "percent":
            return forms.DecimalField(**common)
        case "longtext":
            area = forms.Textarea(attrs={"rows": 3})
            return forms.CharField(widget=area, max_length=found.max_length, **common)
    modes = {"phone": "tel", "email": "email", "code": "text"}
    attrs = {"inputmode": modes[found.kind], "class": "num"} if found.kind in modes else {}
    return forms.CharField(max_length=found.max_length, widget=forms.TextInput(attrs=attrs), **common)


def _structured(found: Field, user: Any, common: dict[str, Any]) -> forms.Field:
    """A JSON column by its style: a condition, cut-offs, or a table of objects."""
    word, _colon, target = found.style.partition(":")
    if word == "filter":
        return FilterInput(entity(target), user, **common)
    return SharesInput(**common) if word == "shares" else TableInput(found.choices, **common)


def _moment(found: Field, common: dict[str, Any]) -> forms.Field:
    if found.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **common)


def editable(declared: Entity, user: Any, names: Iterable[str] | None = None) -> dict[str, Field]:
    """Fields the person may type into, in form order."""
    barred = set(user.masked_fields(declared.label))
    if not user.may("hand_over", declared.label):
        barred.add("owner")  # whoever may not hand over may not do so by typing either
    fields = {
        n: f
        for n, f in readable_fields(declared, user).items()
        if f.editable and n not in barred and (f.kind != "json" or f.style)
    }
    return fields if names is None else {name: fields[name] for name in names if name in fields}


def writable(declared: Entity, user: Any) -> dict[str, Field]:
    """What the interface takes: the fields of the forms and the row it hangs on, nothing that no form shows."""
    shown = {name for section in sections_of(declared, user) for name in section.fields} | {declared.scope_via}
    return {name: f for name, f in editable(declared, user).items() if name in shown}


def sections_of(declared: Entity, user: Any) -> list[Section]:
    """The declared sections, then one with the company's extra fields."""
    extra = tuple(name for name, f in declared.fields_for(user.company).items() if f.json)
    sections = list(declared.sections)
    return [*sections, Section(_("Further fields"), extra)] if extra else sections


class RecordForm(forms.Form):
    """A form over some fields of an entity; `values` are ready for kernel.verbs."""

    doubt: Any = None  # what was said against storing it
    wants_reason = False  # the change was refused for want of one

    def __init__(
        self, declared: Entity, user: Any, fields: dict[str, Field], *args: Any, row: Any = None, **kwargs: Any
    ) -> None:
        self.declared, self.row = declared, row
        initial = {name: self._stored(f, row) for name, f in fields.items()} if row is not None else {}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name, found in fields.items():
            self.fields[name] = input_for(found, declared, user)
            self.fields[name].filled = found.filled  # type: ignore[attr-defined]
        offer_present(self, initial)

    @staticmethod
    def _stored(found: Field, row: Any) -> Any:
        value = value_of(row, found.path)
        if isinstance(value, Decimal):  # 1 rather than 1.0000
            return f"{value.normalize():f}"
        return [] if value is None and found.kind == "tags" else value

    @property
    def values(self) -> dict[str, Any]:
        """Cleaned values of the fields that were sent; text is never None."""
        texts = (forms.CharField, forms.ChoiceField)
        return {
            name: value if value is not None or not isinstance(self.fields[name], texts) else ""
            for name, value in self.cleaned_data.items()
            if self._sent(name)
        }

    def _sent(self, name: str) -> bool:
        """Fields hidden by a condition are not sent and stay as they are; an unticked box is sent by its marker."""
        key = self.add_prefix(name)
        if isinstance(self.fields[name], TableInput):
            return f"{key}-rows" in self.data
        boxes = (forms.CheckboxInput, forms.CheckboxSelectMultiple)
        return key in self.data or (isinstance(self.fields[name].widget, boxes) and f"{key}-shown" in self.data)

    def full_clean(self) -> None:
        """Fields that a condition hid are neither required nor looked at."""
        if self.is_bound:
            for name in [n for n in self.fields if not self._sent(n)]:
                self.fields[name].required = False
        super().full_clean()

    def refuse(self, errors: dict[str, list[Any]]) -> None:
        """Show what the verbs found wrong at the fields it belongs to."""
        for name, messages in errors.items():
            self.add_error(name if name in self.fields else None, list(messages))


def offer_present(form: forms.Form, stored: Mapping[str, Any] | None = None) -> None:
    """What fields hold now stands among their choices, however long the lists behind them are."""
    for name, made in form.fields.items():
        if isinstance(made, LinkInput | RegionInput | OpenChoice):
            value = form.data.get(form.add_prefix(name)) if form.is_bound else form.initial.get(name)
            made.offer(value, (stored or {}).get(name))


def record_form(declared: Entity, user: Any, *args: Any, **kwargs: Any) -> RecordForm:
    """The whole form of an entity; a new row starts with what it would get anyway: defaults, and its maker as owner."""
    fields = editable(declared, user, [name for section in sections_of(declared, user) for name in section.fields])
    if kwargs.get("row") is None:
        fresh = new_row(declared, user)
        started = {name: value_of(fresh, f.path) for name, f in fields.items() if not f.json}
        kwargs["initial"] = {**started, **kwargs.get("initial", {})}
    return RecordForm(declared, user, fields, *args, **kwargs)


def verb_form(params: Iterable[Field], declared: Entity, user: Any, *args: Any) -> forms.Form:
    """The questions a verb asks."""
    form = forms.Form(*args)
    for found in params:
        if found.kind == "ref":
            target = entity(found.target)
            url = reverse("entity-pick", args=[target.slug])
            form.fields[found.name] = LinkInput(target, user, url, label=found.label, required=found.required)
        else:
            form.fields[found.name] = input_for(found, declared, user)
    return form


def verb_values(form: Any) -> dict[str, Any]:
    """What was answered; verbs take linked rows as objects."""
    links = {name: field.declared for name, field in form.fields.items() if isinstance(field, LinkInput)}
    given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    return {n: links[n].model.objects.get(pk=value) if n in links else value for n, value in given.items()}
