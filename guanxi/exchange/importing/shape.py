"""One table that the rows of a file turn into: cells to values, values to a row, and what must be unique in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from guanxi.exchange.importing.convert import Links, converter, text
from guanxi.exchange.importing.matching import LINES
from guanxi.formats.tables import Cell
from guanxi.kernel import verbs
from guanxi.kernel.entities import Entity
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.fields import Field
from guanxi.kernel.models import Record
from guanxi.web.forms import editable

Columns = Sequence[tuple[int, Field]]


class BadRow(Exception):
    """Why a row of the file is not taken in; `way` names what to do about it, `meets` the row it may be shown beside."""

    def __init__(self, message: str, *, way: str = "", meets: int | None = None) -> None:
        super().__init__(message)
        self.way, self.meets = way, meets


class Taken(BadRow):
    """A value that must be unique is held by the row `pk`."""

    def __init__(self, message: str, pk: int, *, seen: bool) -> None:
        super().__init__(message, way="known" if seen else "beyond", meets=pk if seen else None)
        self.pk = pk


class Shape:
    """`columns` are places in the file's rows and the fields they fill."""

    def __init__(self, declared: Entity, columns: Columns, user: Any) -> None:
        self.declared, self.user = declared, user
        self.columns: list[tuple[int, str, Field, Callable[[Any], Any]]] = [
            (place, f.name.removeprefix(LINES), f, Links(f, user) if f.kind == "ref" else converter(f))
            for place, f in columns
        ]
        self.links = [(place, convert) for place, _n, _f, convert in self.columns if isinstance(convert, Links)]
        self.own = [convert for _place, convert in self.links if convert.declared is declared]
        self.names = {name for _place, name, _f, _convert in self.columns}
        self.required = {name: f for name, f in editable(declared, user).items() if f.required}
        self.labels = {f.name: f.label for f in declared.fields_for(user.company).values()}
        looked_at = self.names | set(self.required)
        # Links are known to exist in this company; asking the database about each would cost a query per row.
        self.unchecked = {
            f.name for f in declared.model._meta.concrete_fields if f.is_relation or f.name not in looked_at
        }
        self.uniques = [(fields, where) for fields, where in uniques(declared.model) if self.names & set(fields)]

    def prepare(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Look up all links of a batch."""
        rows = list(rows)
        for place, links in self.links:
            links.prepare(text(cells[place]) for cells in rows)

    def values(self, cells: Sequence[Cell]) -> dict[str, Any]:
        """Values of the filled cells; BadRow names every column that cannot be read, and what is wrong with the others."""
        found, wrong = {}, []
        for place, name, f, convert in self.columns:
            cell = cells[place]
            if cell is None or cell == "":
                continue
            try:
                value = convert(cell)
            except (ValueError, ArithmeticError) as error:
                wrong.append(_told(f.label, error))
            else:
                if value not in ("", []):
                    found[name] = value
        if wrong:
            raise BadRow(" ".join(filter(None, [*wrong, self._besides(found)])))
        return found

    def _besides(self, values: dict[str, Any]) -> str:
        """What is wrong with values that can be read, so that a row has to be mended only once."""
        own = {name: values[name] for _place, name, f, _convert in self.columns if name in values and f.name == name}
        try:
            wrong = self._faults(self.draft(own))
        except BadRow as bad:
            return str(bad)
        return self._told({name: messages for name, messages in wrong.items() if name in own})

    def _faults(self, row: Any) -> dict[str, list[Any]]:
        """What the fields and the row itself object to, by field."""
        found: dict[str, list[Any]] = {}
        for asked in (lambda: row.clean_fields(exclude=self.unchecked), row.clean):
            try:
                asked()
            except ValidationError as error:
                found = {**error.message_dict, **found}
        return found

    def draft(self, values: dict[str, Any]) -> Any:
        """An unsaved row; related objects are set as objects, so that checks find them without asking."""
        row = verbs.new_row(self.declared, self.user)
        row.company = self.user.company
        if self.declared.owned and self.declared.keeps(self.user):
            row.owner, row.department = self.user, self.user.department
        self.fill(row, values)
        return row

    def fill(self, row: Any, values: dict[str, Any]) -> None:
        try:
            verbs.assign(row, self.declared, values, self.user.company)
        except Invalid as invalid:
            raise BadRow(self._told(invalid.errors)) from invalid
        if "owner" in values and hasattr(row, "hand_to"):
            row.hand_to(row.owner)

    def check(self, row: Any, *, careful: bool = False) -> None:
        """Formats, the row's own rule; `careful` also asks the database's constraints one by one."""
        if row._state.adding and (
            missing := [f.label for n, f in self.required.items() if getattr(row, n, None) is None]
        ):
            raise BadRow(_("Required: %(fields)s.") % {"fields": "、".join(map(str, missing))})
        if wrong := self._faults(row):
            raise BadRow(self._told(wrong))
        if careful:
            try:
                row.validate_constraints()
            except ValidationError as error:
                raise BadRow(self._told(error.message_dict)) from error

    def rule(self, row: Any, *, guarded: bool = False) -> None:
        """The entity's own rule; `guarded` asks instead whether this person may change this row."""
        try:
            if guarded and self.declared.guard:
                self.declared.guard(row, self.user, "change")
            elif not guarded and self.declared.clean:
                self.declared.clean(row)
        except Invalid as invalid:
            raise BadRow(self._told(invalid.errors)) from invalid
        except Refused as refused:
            raise BadRow(str(refused)) from refused

    def store(self, rows: list[Any]) -> None:
        """Insert new rows, in bulk unless the model's own save() does something that nobody does for many."""
        if not rows:
            return
        declared = self.declared
        if declared.prepare_many:
            declared.prepare_many(rows)
        if declared.prepare_many or declared.model.save is Record.save:
            declared.model.objects.bulk_create(rows)
        else:
            for row in rows:
                row.save()

    def _told(self, errors: dict[str, list[Any]]) -> str:
        return " ".join(
            _told(self.labels[name], message) if name in self.labels else str(message)
            for name, messages in errors.items()
            for message in messages
        )

    def taken(self, rows: list[Any]) -> dict[tuple[str, ...], dict[tuple[Any, ...], tuple[int, str]]]:
        """For each set of unique fields: which of these rows' values are taken already, by which row."""
        model, found = self.declared.model, {}
        for fields, where in self.uniques:
            attnames = [attname(model, name) for name in fields]
            wanted = {getattr(row, attnames[0]) for row in rows} - {None, ""}
            known = model._base_manager.filter(**{f"{attnames[0]}__in": wanted}, **where(self.user.company_id))
            paths = [f.path for f in (self.declared.field(self.declared.name_field, None),)]
            found[fields] = {
                tuple(values[2:]): (values[0], str(values[1])) for values in known.values_list("pk", *paths, *attnames)
            }
        return found


def _told(label: Any, message: Any) -> str:
    """A complaint with the field it is about."""
    return _("%(field)s: %(message)s") % {"field": label, "message": message}


def attname(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).attname)


def uniques(model: Any) -> list[tuple[tuple[str, ...], Callable[[int], dict[str, Any]]]]:
    """Sets of fields that the database holds unique, with the rows among which they are."""
    found: list[tuple[tuple[str, ...], Callable[[int], dict[str, Any]]]] = [
        ((f.name,), lambda _company: {}) for f in model._meta.concrete_fields if f.unique and not f.primary_key
    ]
    for one in model._meta.constraints:
        if not isinstance(one, UniqueConstraint) or not one.fields:
            continue
        fields = tuple(name for name in one.fields if name != "company")
        if one.condition is None:
            found.append((fields, lambda company: {"company_id": company}))
        elif one.condition.referenced_base_fields <= {*fields, "deleted_at"}:
            found.append((fields, lambda company: {"company_id": company, "deleted_at": None}))
    return found
