"""Global search over tokens made by us: FTS5 on SQLite, GIN over array_to_tsvector on PostgreSQL.

One document per row of a searchable entity.  Each entity has its own index (an FTS5 table, a partial GIN index), so a
search reads no other entity's postings.  Hits are rechecked against the normalised text and always joined with the
person's scope in the same statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from guanxi.formats import tokens
from guanxi.kernel import work
from guanxi.kernel.entities import Entity, entities, entity
from guanxi.kernel.filters.memory import value_of
from guanxi.kernel.models import SearchDoc
from guanxi.kernel.models.pour import insert
from guanxi.kernel.prepared import among, reach

CAP = 2000  # newest hits looked at per entity
FEW = 200  # so many first, where only a handful is shown
SHORT, NEAR = 2, 500  # for a word so short so many rows are looked through first: the index might give a million
VECTOR = "array_to_tsvector(string_to_array(doc, ' '))"


def table_of(label: str) -> str:
    return "search_" + label.replace(".", "_")


def ensure_indexes() -> None:
    """Create the index of every searchable entity that has none yet (after migrate)."""
    with connection.cursor() as cursor:
        for declared in entities():
            if declared.search:
                for statement in _ddl(declared.label):
                    cursor.execute(statement)


def _ddl(label: str) -> list[str]:
    name = table_of(label)
    if connection.vendor == "postgresql":
        return [f"CREATE INDEX IF NOT EXISTS {name} ON kernel_searchdoc USING gin ({VECTOR}) WHERE label = '{label}'"]
    insert = f"INSERT INTO {name}(rowid, doc) VALUES (new.object_id, new.doc)"
    remove = f"INSERT INTO {name}({name}, rowid, doc) VALUES ('delete', old.object_id, old.doc)"
    when = "FOR EACH ROW WHEN {side}.label = '" + label + "' BEGIN {body}; END"
    trigger = "CREATE TRIGGER IF NOT EXISTS {name}_{event} AFTER {event} ON kernel_searchdoc " + when
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5(doc, content='kernel_searchdoc', "
        "content_rowid='object_id', detail=none, prefix='1', tokenize=\"unicode61 tokenchars '-'\")",
        f"DROP TRIGGER IF EXISTS {name}_insert",  # of earlier versions; see `index`
        trigger.format(name=name, event="delete", side="old", body=remove),
        trigger.format(name=name, event="update", side="new", body=f"{remove}; {insert}"),
    ]


def document(row: Any, declared: Entity) -> SearchDoc:
    """The search document of one row, from the fields its entity names."""
    given = _parts(row, declared.search)
    doc, text = tokens.document(*given), tokens.plain(*given)
    return SearchDoc(object_id=row.pk, company_id=row.company_id, label=declared.label, doc=doc, text=text)


def index(rows: Iterable[Any], declared: Entity) -> None:
    """Write or renew the documents of these rows."""
    docs = [document(row, declared) for row in rows]
    known = set(SearchDoc.objects.filter(pk__in=[d.pk for d in docs]).values_list("pk", flat=True)) if docs else set()
    fresh = [d for d in docs if d.pk not in known]
    insert(fresh)
    if fresh and connection.vendor == "sqlite":  # a trigger would have FTS5 write its index out with every row
        with connection.cursor() as cursor:
            sql = f"INSERT INTO {table_of(declared.label)}(rowid, doc) VALUES (%s, %s)"
            cursor.executemany(sql, [(d.pk, d.doc) for d in fresh])
    SearchDoc.objects.bulk_update([d for d in docs if d.pk in known], ["doc", "text"], batch_size=100)


@work.sealer(50)
def keep_up(unit: work.Work) -> None:
    """Renew the documents of rows this unit changed; erased rows lose theirs."""
    fresh: dict[str, list[Any]] = {}
    gone = []
    for change in unit.changes.values():
        try:
            declared = entity(change.label)
        except KeyError:
            continue
        if not declared.search or change.row is None:
            continue
        if change.verb == "erased":
            gone.append(change.object_id)
        elif _touches(change, declared):
            fresh.setdefault(change.label, []).append(change.row)
    if gone:
        SearchDoc.objects.filter(pk__in=gone).delete()
    for label, rows in fresh.items():
        index(rows, entity(label))


def _touches(change: work.Change, declared: Entity) -> bool:
    watched = {name.split(".")[0] for names in declared.search.values() for name in names}
    return change.verb == "created" or any(
        name in watched or name.removesuffix("_id") in watched for name in change.new
    )


def search(declared: Entity, text: str, user: Any, limit: int = 20) -> QuerySet[Any]:
    """Rows of one entity that hold the text, inside the person's scope, newest first; none for an empty query."""
    rows = declared.model.objects.visible_to(user)
    found = hits(declared, text, user)
    return rows.filter(pk__in=found).order_by("-pk")[:limit] if found is not None else rows.none()  # type: ignore[no-any-return]


def newest(declared: Entity, text: str, user: Any, limit: int, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the newest few.  Each hit of a longer word has to be read to be checked, and common ones have
    thousands: whoever sees enough of the newest does not wait for the rest."""

    def visible(ids: Any) -> QuerySet[Any]:
        rows = declared.model.objects.visible_to(user).filter(pk__in=ids)
        return rows.order_by("-pk").values_list(*columns)[:limit]  # type: ignore[no-any-return]

    query = tokens.query(text)
    few = bool(query.recheck) or connection.vendor == "sqlite"
    found = hits(declared, text, user, FEW if few else CAP)
    if connection.vendor == "postgresql" and isinstance(found, RawSQL) and len(text.strip()) <= SHORT:
        # GIN gives all hits of a common character before the newest are known: they are mostly among the newest rows.
        seen = declared.model.objects.visible_to(user).order_by("-pk")
        near = SearchDoc.objects.filter(pk__in=seen.values("pk")[:NEAR])
        docs = near.extra(where=[f"{VECTOR} @@ %s::tsquery"], params=[tokens.tsquery(query)])  # noqa: S610 -- parameters
        first = list(docs.order_by("-pk").values_list("pk", flat=True)[:limit])
        if len(first) == limit:
            return list(visible(first))
    if few and isinstance(found, RawSQL):
        with connection.cursor() as cursor:
            cursor.execute(found.sql, found.params)
            first = [pk for (pk,) in cursor.fetchall()]
        key = ("newest", declared.label, columns, limit, reach(user))
        rows = among(key, lambda *ids: visible(ids), tuple(first), FEW)
        if len(rows) == limit or len(first) < FEW:
            return rows
        found = hits(declared, text, user)
    return list(visible(found)) if found else []


def hits(declared: Entity, text: str, user: Any, cap: int = CAP) -> RawSQL | list[int] | None:
    """What `matching_ids` finds, less what only a field closed to or masked from this person would have matched (SEC-05)."""
    found = matching_ids(declared.label, text, user.company_id, cap)
    barred = user.closed_fields(declared.label) | user.masked_fields(declared.label)
    open_fields = {kind: [n for n in names if n not in barred] for kind, names in declared.search.items()}
    if found is None or all(len(open_fields[kind]) == len(names) for kind, names in declared.search.items()):
        return found
    query, found = tokens.query(text), matching_ids(declared.label, text, user.company_id)
    rows = declared.model.objects.visible_to(user).filter(pk__in=found).order_by("-pk")[:CAP]
    return [row.pk for row in rows if _says(query, _parts(row, open_fields))]


def _says(query: tokens.Query, parts: list[list[str]]) -> bool:
    """Whether these texts alone answer the query."""
    known = tokens.document(*parts).split()
    exact = set(known)
    met = all(
        any(t.text in exact or (t.prefix and any(k.startswith(t.text) for k in known)) for t in clause)
        for clause in query.tokens
    )
    return met and query.matches(tokens.plain(*parts))


def _parts(row: Any, fields: Mapping[str, Iterable[str]]) -> list[list[str]]:
    return [
        [str(v) for name in fields.get(kind, ()) if (v := value_of(row, name.replace(".", "__")))]
        for kind in ("names", "people", "phones", "codes")
    ]


def labels_with(text: str, labels: Iterable[str]) -> set[str]:
    """Those of these entities in whose index the text occurs at all, in one statement: most hold nothing."""
    query = tokens.query(text)
    if not query.tokens:
        return set()
    if connection.vendor == "postgresql":
        test = f"kernel_searchdoc WHERE label = '{{label}}' AND {VECTOR} @@ %s::tsquery"
        match = tokens.tsquery(query)
    else:
        test, match = "{table} WHERE {table} MATCH %s", tokens.fts5_match(query)
    asked = [
        f"SELECT '{label}' WHERE EXISTS (SELECT 1 FROM {test.format(label=label, table=table_of(label))})"
        for label in labels
    ]
    postgresql = connection.vendor == "postgresql"
    with transaction.atomic() if postgresql else nullcontext(), connection.cursor() as cursor:
        if postgresql:
            # For one row the planner would read the table from its beginning and take every document apart.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(" UNION ALL ".join(asked), [match] * len(asked))
        return {label for (label,) in cursor.fetchall()}


def matching_ids(label: str, text: str, company_id: int, cap: int = CAP) -> RawSQL | None:
    """A sub-select of at most `cap` ids whose document matches; None if the text holds nothing to search for."""
    query = tokens.query(text)
    if not query.tokens:
        return None
    recheck = "".join(" AND d.text LIKE %s" for _word in query.recheck)
    likes = [f"%{word}%" for word in query.recheck]
    if connection.vendor == "postgresql":
        # Fenced: written plainly the planner may walk the primary key backwards past millions of rows.
        sql = (
            "WITH h AS MATERIALIZED (SELECT object_id, company_id, text FROM kernel_searchdoc WHERE label = %s AND "
            f"{VECTOR} @@ %s::tsquery) "
            f"SELECT d.object_id FROM h d WHERE d.company_id = %s{recheck} ORDER BY d.object_id DESC LIMIT {cap}"
        )
        return RawSQL(sql, [label, tokens.tsquery(query), company_id, *likes])  # noqa: S611 -- all values are parameters
    name = table_of(label)
    if not likes:
        sql = f"SELECT rowid FROM {name} WHERE {name} MATCH %s ORDER BY rowid DESC LIMIT {cap}"
        return RawSQL(sql, [tokens.fts5_match(query)])  # noqa: S611 -- all values are parameters
    sql = (
        f"SELECT d.object_id FROM {name} JOIN kernel_searchdoc d ON d.object_id = {name}.rowid "
        f"WHERE {name} MATCH %s{recheck} ORDER BY {name}.rowid DESC LIMIT {cap}"
    )
    return RawSQL(sql, [tokens.fts5_match(query), *likes])  # noqa: S611 -- all values are parameters
