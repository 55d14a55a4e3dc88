"""Reading the trail: the history of one row, the log of a company, and entries in words with masks applied."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.audit.models import Entry
from guanxi.formats.regions import place
from guanxi.kernel.actions import verbs_of
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.fields import NUMBERS, Field, technical_labels
from guanxi.kernel.models import Record
from guanxi.kernel.people import Person

MASK = "•••"
FILTERS = {
    "actor": "actor_id", "label": "label", "object": "object_id", "verb": "verb", "channel": "channel", "ip": "ip",
    "request": "request", "since": "at__gte", "until": "at__lt", "title": "title__icontains",
}  # fmt: skip
ACTS = {
    "created": gettext_lazy("Created"),
    "changed": gettext_lazy("Changed"),
    "deleted": gettext_lazy("Deleted"),
    "restored": gettext_lazy("Restored"),
    "erased": gettext_lazy("Erased for good"),
    "viewed": gettext_lazy("Viewed"),
    "reveal": gettext_lazy("Looked behind a mask"),
    "export": gettext_lazy("Exported"),
    "print": gettext_lazy("Printed"),
    "sign_in": gettext_lazy("Signed in"),
    "sign_in_failed": gettext_lazy("Sign-in failed"),
    "delete_file": gettext_lazy("Deleted a file"),
    "import": gettext_lazy("Imported"),
    "undone": gettext_lazy("Undid an import"),
    "place": gettext_lazy("Placed an order"),
    "write_lines": gettext_lazy("Changed the lines"),
    "regrade": gettext_lazy("Graded anew"),
    "saved": gettext_lazy("Saved a view"),
    "change_password": gettext_lazy("Changed the password"),
    "initial_password": gettext_lazy("Set an initial password"),
    "end_sessions": gettext_lazy("Ended all sessions"),
    "init": gettext_lazy("Set up the system"),
    "demo": gettext_lazy("Demonstration data"),
}
DETAILS = {
    "rows": gettext_lazy("Rows"),
    "filter": gettext_lazy("Filter"),
    "field": gettext_lazy("Field"),
    "fields": gettext_lazy("Fields"),
    "format": gettext_lazy("Format"),
    "file": gettext_lazy("File"),
    "username": gettext_lazy("User name"),
    "path": gettext_lazy("Page"),
    "page": gettext_lazy("Page"),
    "method": gettext_lazy("Method"),
    "mode": gettext_lazy("What to do"),
    "words": gettext_lazy("Search"),
    "columns": gettext_lazy("Fields"),
    "sha256": gettext_lazy("Digest"),
    "created": gettext_lazy("Created"),
    "updated": gettext_lazy("Updated"),
    "merged": gettext_lazy("Merged"),
    "failed": gettext_lazy("Failed"),
}
CODES = {
    "page": {"record": gettext_lazy("Overview")},
    "method": {
        "password": gettext_lazy("Password"),
        "totp": gettext_lazy("Authenticator App"),
        "webauthn": gettext_lazy("Security key"),
        "recovery_codes": gettext_lazy("Recovery codes"),
        "locked": gettext_lazy("Refused: too many attempts"),
        "frozen": gettext_lazy("Refused: frozen account"),
    },
    "mode": {
        "create": gettext_lazy("Create new rows only"),
        "update": gettext_lazy("Change existing rows only"),
        "upsert": gettext_lazy("Change what exists, create the rest"),
    },
    "channel": {
        "web": gettext_lazy("Web"),
        "api": gettext_lazy("Interface for programs"),
        "shell": gettext_lazy("Command line"),
        "job": gettext_lazy("Background work"),
        "import": gettext_lazy("Import"),
    },
}


@dataclass(frozen=True)
class Line:
    """One field of an entry in words; `old` and `new` are already masked for the reader."""

    label: str
    old: str
    new: str
    masked: bool = False


def history(label: str, object_id: int, limit: int = 50, before: int | None = None) -> list[Entry]:
    """The newest entries of one row; `before` is the id of the last entry already shown.  Check first that the row is visible."""
    rows = Entry.objects.filter(label=label, object_id=object_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:limit])


def entries(company_id: int | None, limit: int = 50, before: int | None = None, **filters: Any) -> list[Entry]:
    """The newest entries of a company (None: acts outside any); filters by the names in FILTERS, empty ones ignored."""
    rows: QuerySet[Entry] = Entry.objects.filter(company_id=company_id)
    rows = rows.filter(**{FILTERS[name]: value for name, value in filters.items() if value not in (None, "")})
    if before is not None and (last := Entry.objects.filter(pk=before).values_list("at", flat=True).first()):
        rows = rows.filter(Q(at__lte=last), Q(at__lt=last) | Q(id__lt=before))
    return list(rows.order_by("-at", "-id")[:limit])


def act(entry: Entry) -> str:
    """What was done, in a word: a standard verb, an action's label, or the plain name of the act."""
    label, _dot, short = entry.verb.rpartition(".")
    if short == "changed" and entry.old == "{}":  # made while another row was changed
        short = "created"
    if short in ACTS:
        return str(ACTS[short])
    if declared := _entity(label):
        verb = verbs_of(declared.model).get(short)
        return str(verb.label) if verb else entry.verb
    return _(entry.verb)


def channel(entry: Entry) -> str:
    """Through what the person acted, in a word."""
    return _decoded("channel", entry.channel)


def kind(entry: Entry) -> str:
    """What kind of record the entry is about."""
    model = _model(entry.label)
    return str(model._meta.verbose_name) if model else entry.label


def readable(entry: Entry, user: Person) -> list[Line]:
    """The fields of one entry as this person may read them."""
    return readable_many([entry], user)[0]


def readable_many(rows: Iterable[Entry], user: Person) -> list[list[Line]]:
    """The same for a page of entries: names of linked rows are fetched once for all of them."""
    read = [_Reading(entry, user) for entry in rows]
    wanted: dict[str, set[int]] = {}
    for reading in read:
        for target, pk in reading.links():
            wanted.setdefault(target, set()).add(pk)
    names = {target: _names(target, pks, user) for target, pks in wanted.items()}
    return [reading.lines(names) for reading in read]


@dataclass
class _Reading:
    """One entry laid open: `parts` are (label, field or None, old, new, hidden)."""

    entry: Entry
    user: Person
    parts: list[tuple[str, Field | None, Any, Any, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        new = json.loads(self.entry.new or "{}")
        barred = self.user.closed_fields(self.entry.label) | self.user.masked_fields(self.entry.label)
        if not self.entry.old:
            self._details(new, barred)
            return
        old, fields = json.loads(self.entry.old), _fields(self.entry.label, self.user)
        plain = _plain_labels(self.entry.label)
        unseen = declared.hidden if (declared := _entity(self.entry.label)) else ()
        for column in dict.fromkeys([*old, *new]):
            if column in unseen:
                continue
            if column == "extra":
                self._extra(old.get(column) or {}, new.get(column) or {}, fields, barred)
            elif found := fields.get(column):
                hidden = bool({found.name, column} & barred)
                self.parts.append((str(found.label), found, old.get(column), new.get(column), hidden))
            else:  # a column that is gone: nobody can say any more who might read it
                label = plain.get(column)
                hidden = label is None or bool({column, column.removesuffix("_id")} & barred)
                self.parts.append((str(label or column), None, old.get(column), new.get(column), hidden))

    def _extra(
        self, old: dict[str, Any], new: dict[str, Any], fields: dict[str, Field], barred: frozenset[str]
    ) -> None:
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                found = fields.get(f"extra__{key}")
                hidden = found is None or f"x_{key}" in barred
                self.parts.append((str(found.label) if found else key, found, old.get(key), new.get(key), hidden))

    def _details(self, details: dict[str, Any], barred: frozenset[str]) -> None:
        fields = {f.name: f for f in _fields(self.entry.label, self.user).values()}
        for name, value in details.items():
            if name == "field" and value in fields:
                value = str(fields[value].label)
            elif name in CODES and isinstance(value, str):
                value = _decoded(name, value)
            elif name == "columns" and isinstance(value, list):
                value = [str(fields[one].label) if one in fields else one for one in value]
            # A filter may spell out values of fields the reader may not see.
            self.parts.append(
                (
                    str(DETAILS.get(name, name)),
                    None,
                    None,
                    value,
                    isinstance(value, dict | list) and bool(barred),
                )
            )

    def links(self) -> Iterable[tuple[str, int]]:
        for _label, found, old, new, hidden in self.parts:
            if found is not None and found.target and not hidden:
                yield from ((found.target, int(value)) for value in (old, new) if value)

    def lines(self, names: dict[str, dict[int, str]]) -> list[Line]:
        def text(found: Field | None, value: Any, hidden: bool) -> str:
            if value in (None, "", [], {}):
                return ""
            if hidden:
                return MASK
            if found is not None and found.target:
                return names.get(found.target, {}).get(int(value), MASK)
            return _words(found, value)

        return [
            Line(label, text(found, old, hidden), text(found, new, hidden), hidden)
            for label, found, old, new, hidden in self.parts
        ]


def _decoded(name: str, value: str) -> str:
    """A code, or several joined by +, in words."""
    return " + ".join(str(CODES[name].get(part, part)) for part in value.split("+"))


def _words(found: Field | None, value: Any) -> str:
    """A stored JSON value as a person writes it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if found is not None and found.kind == "region":
        return place(str(value))
    if found is not None and found.choices and found.kind != "json":
        many = value if isinstance(value, list) else [value]
        return "、".join(str(found.label_of(one)) for one in many)
    if isinstance(value, list):
        return "、".join(_row(one, found) if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if found is not None and found.kind == "datetime":
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if found is not None and found.kind in NUMBERS:
        try:
            return f"{Decimal(str(value)):,f}"
        except InvalidOperation:
            return str(value)
    return str(value)


def _row(value: dict[str, Any], found: Field | None) -> str:
    """One row of a table kept as JSON: its filled values; names of fields as their labels."""
    known = {
        key.partition(":")[0]: _labels(key.rpartition("of ")[2])
        for key, _l in (found.choices if found else ())
        if ":of " in key
    }
    columns = [key.partition(":")[0] for key, _l in found.choices] if found else list(value)
    filled = {key: value[key] for key in columns if value.get(key) not in (None, "", [], {})}
    return " · ".join(known.get(key, {}).get(str(one)) or _words(None, one) for key, one in filled.items())


def _labels(label: str) -> dict[str, str]:
    """What the fields and relations of an entity are called."""
    declared = _entity(label)
    if declared is None:
        return {}
    fields = {name: str(f.label) for name, f in declared.fields_for(None).items()}
    return {**fields, **{relation.name: str(relation.title) for relation in declared.relations}}


def _names(target: str, pks: set[int], user: Person) -> dict[int, str]:
    """Names by id.  Colleagues and settings are named to everybody; other rows only inside the reader's scope."""
    model, declared = _model(target), _entity(target)
    if model is None:
        return {}
    rows = model._base_manager.filter(pk__in=pks)
    if issubclass(model, Record):
        rows = rows.filter(company_id=user.company_id)
    if declared is not None and declared.scoped and target != settings.AUTH_USER_MODEL.lower():
        rows = rows.filter(user.scope(target))
    return {row.pk: str(row) for row in rows}


def _fields(label: str, user: Person) -> dict[str, Field]:
    """Fields by the column they are stored in (`extra__name` for extra fields)."""
    declared = _entity(label)
    return {f.path: f for f in declared.fields_for(user.company).values()} if declared else {}


def _plain_labels(label: str) -> dict[str, Any]:
    """Titles of the model's columns, for rows of no registered entity and for columns no form shows."""
    model = _model(label)
    known = (
        {column.attname: column.verbose_name for column in (*model._meta.concrete_fields, *model._meta.many_to_many)}
        if model
        else {}
    )
    return {**known, **technical_labels()}


def _entity(label: str) -> Entity | None:
    try:
        return entity(label)
    except KeyError:
        return None


def _model(label: str) -> Any:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None
