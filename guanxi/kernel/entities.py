"""The registry of entities: one declaration gives list, form, filter, board, import, export, search, API and audit labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from guanxi.kernel.fields import HIDDEN, Field, Label, from_extra, from_model
from guanxi.kernel.models import Company, ExtraField, Record


@dataclass(frozen=True)
class Section:
    """A group of fields in forms and on the card; `when` = (field, values) shows it only for these values."""

    title: Label
    fields: tuple[str, ...]
    when: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Relation:
    """Rows of another entity that point here: usable in `has` filters and as a tab of the record."""

    name: str
    target: str
    via: str
    title: Label
    tab: bool = True


@dataclass(frozen=True)
class View:
    """A view that ships with the entity; `where` is a filter in the common language."""

    key: str
    title: Label
    where: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Board:
    """Rows as cards in columns by the choice `field`; `card` is what stands below a card's name, line by line."""

    field: str
    card: tuple[tuple[str, ...], ...]
    columns: Callable[[Any, Any], Iterable[tuple[Any, Label]]] | None = None  # (person, rows); None: every choice
    sums: Callable[[Any, Any], Mapping[Any, tuple[str, str]]] = lambda _user, _rows: {}  # below a column's title
    marks: Callable[[list[int]], Mapping[int, str]] = lambda _ids: {}  # what is amiss with a row, in a word


@dataclass
class Entity:
    """See ARCHITECTURE.md, "An entity".  `search` maps a token kind (names, people, phones, codes) to field names."""

    model: type[Record]
    title: Label
    columns: tuple[str, ...]
    icon: str = "database"
    slug: str = ""
    name_field: str = "name"
    sections: tuple[Section, ...] = ()
    sort: str = "-id"
    sorts: tuple[str, ...] = ()
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra_fields: tuple[Field, ...] = ()
    hidden: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    search: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subtitle: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    board: Board | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    import_key: tuple[str, ...] = ()
    import_fields: tuple[str, ...] = ()  # what a file may fill although nobody types it in (the state of an old order)
    relations: tuple[Relation, ...] = ()
    views: tuple[View, ...] = ()
    scope_via: str = ""
    sight: Any = None  # who sees which rows and fields where neither owner nor parent tells it: org.access.Sight
    scoped: bool = True
    lines: str = ""
    imported: Callable[[list[Any], Any], None] | None = None  # what follows from new rows out of a file, (rows, person)
    told: Callable[[Any, dict[str, Any], Any], Any] | None = None  # import_fields of a known row: (row, them, person)
    unimported: Callable[[Any, Any], None] | None = None  # takes that back, (row, person), before the row goes
    keeps: Callable[[Any], bool] = lambda _user: True  # whether who enters a row owns it unless somebody is named
    quick: bool = False
    creatable: bool = True
    importable: bool = True
    custom: bool = True
    setting: bool = False  # reached from the settings page, not from the navigation
    clean: Callable[[Any], None] | None = None
    guard: Callable[[Any, Any, str], None] | None = None
    prepare_many: Callable[[list[Any]], None] | None = None  # fills in what new rows lack (numbers), many at a time
    template: str = ""
    row_verbs: tuple[str, ...] = ()  # verbs with a button in each row of the list
    more_views: Callable[[Any], Iterable[View]] = lambda _user: ()  # views that depend on who looks, (person)
    finished: Mapping[str, Any] = field(default_factory=dict)  # rows nobody waits for: a handover leaves them be
    form: str = ""  # the key of the numbered form the printed sheet is, where it is no card (org.papers)
    bulk_pages: tuple[tuple[str, Label, str, str], ...] = ()  # (URL name, label, icon, right) beside the bulk verbs

    def __post_init__(self) -> None:
        self.slug = self.slug or self.model._meta.model_name + "s"  # type: ignore[operator]
        self._extensions: list[Field] = []

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def singular(self) -> Label:
        return self.model._meta.verbose_name

    @property
    def owned(self) -> bool:
        return any(f.name == "owner" for f in self.model._meta.concrete_fields)

    def own_fields(self) -> Iterator[Field]:
        for column in self.model._meta.concrete_fields:
            if column.name not in HIDDEN and column.name not in self.hidden:
                changes = dict(self.overrides.get(column.name, {}))
                changes.setdefault("sortable", column.name in self.sorts or column.name == self.sort.lstrip("-"))
                yield from_model(column, **changes)
        yield from self.extra_fields
        yield from self._extensions

    def fields_for(self, company: Company | None) -> dict[str, Field]:
        """All fields by name, in declaration order, the company's extra fields last."""
        if company is None:
            return _fields(self.label, None, 0)
        return _fields(self.label, company.pk, company.config_version)

    def field(self, name: str, company: Company | None) -> Field:
        """A field by name; `account.region` walks a link.  KeyError if there is none."""
        fields = self.fields_for(company)
        if name in fields:
            return fields[name]
        link, dot, rest = name.partition(".")
        if not dot or link not in fields or not fields[link].target:
            raise KeyError(name)
        inner = entity(fields[link].target).field(rest, company)
        return inner.under(link, f"{fields[link].label} · {inner.label}")

    def name_of(self, value: Any) -> Any:
        """What a row is called whose name column holds this value: rows named by a choice go by its label."""
        return self.field(self.name_field, None).label_of(value)

    def relation(self, name: str) -> Relation:
        return next(relation for relation in self.relations if relation.name == name)


_registry: dict[str, Entity] = {}


def register(declared: Entity) -> Entity:
    if declared.label in _registry:
        raise RuntimeError(f"{declared.label} is registered twice.")
    _registry[declared.label] = declared
    return declared


def extend(label: str, *, relation: str, model: type[Any], fields: Mapping[str, Mapping[str, Any]]) -> None:
    """Field extension: an app above adds filterable columns to an entity below through its own one-to-one table."""
    for name, changes in fields.items():
        column = model._meta.get_field(name)
        defaults = {"editable": False, "required": False, **changes}
        made = from_model(column, **defaults)
        shown = f"{relation}__{made.shown}" if made.shown else ""
        _registry[label]._extensions.append(replace(made, path=f"{relation}__{column.attname}", shown=shown))
    _fields.cache_clear()


def add_relation(label: str, relation: Relation) -> None:
    """An app above adds rows that point to an entity below (orders of an account)."""
    _registry[label].relations += (relation,)


def add_view(label: str, view: View) -> None:
    """An app above adds a ready-made view to an entity below it."""
    _registry[label].views += (view,)


def entity(key: str | type[Any]) -> Entity:
    """The entity of a model or label; KeyError if it is not registered."""
    return _registry[key if isinstance(key, str) else key._meta.label_lower]


def entities() -> list[Entity]:
    return list(_registry.values())


def by_slug(slug: str) -> Entity:
    return next(e for e in _registry.values() if e.slug == slug)


@lru_cache(maxsize=4096)
def _fields(label: str, company_id: int | None, _config_version: int) -> dict[str, Field]:
    declared = _registry[label]
    fields = {f.name: f for f in declared.own_fields()}
    if company_id is None:
        return fields
    fields |= {n: replace(f, choices=tuple(f.listed(company_id))) for n, f in fields.items() if f.listed}
    rows = ExtraField.objects.filter(company_id=company_id, label=label) if declared.custom else ()
    return fields | {f.name: f for f in map(from_extra, rows)}
