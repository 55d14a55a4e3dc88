"""The floor: the same questions in hand-written SQL, their rows joined into as many bytes of HTML by string formatting.

Each question takes the parameters of a request and returns rows; `view` pads them to `bytes` in all.  There is no
sign-in: the person's company, department and id come with the request.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from guanxi.formats import tokens
from guanxi.kernel.search import table_of

Rows = list[tuple[Any, ...]]
ASK = (
    "SELECT a.id, a.name, a.grade, a.stage, a.industry, a.region_code, a.phone, a.completeness, a.last_contact_on, "
    "a.next_contact_on, p.amount_12m, a.owner_id, u.name FROM {tables} LEFT JOIN org_user u ON u.id = a.owner_id "
    "WHERE a.company_id = %s AND a.deleted_at IS NULL AND a.retired_on IS NULL AND (a.owner_id = %s OR a.department_id = %s) "
)
ACCOUNTS = "customers_account a LEFT JOIN insight_profile p ON p.account_id = a.id"
WITH_PROFILE = "customers_account a JOIN insight_profile p ON p.account_id = a.id AND p.company_id = a.company_id"
FIELDS = {"name": "a.name", "grade": "a.grade", "stage": "a.stage", "last_contact_on": "a.last_contact_on"}
SCOPE = (
    "x.company_id = %(company)s AND x.deleted_at IS NULL AND ({owner} = %(person)s OR {department} = %(department)s)"
)
VIA = "customers_account a ON a.id = x.account_id AND a.deleted_at IS NULL"


def ask(sql: str, values: Any = ()) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _who(given: dict[str, Any]) -> list[int]:
    return [given["company"], given["person"], given["department"]]


def first_page(given: dict[str, Any]) -> Rows:
    """The newest, or by a column; rows without a value come last."""
    name, down = given["sort"].lstrip("-"), given["sort"].startswith("-")
    way = "DESC" if down else "ASC"
    if name == "id":
        return ask(f"{ASK.format(tables=ACCOUNTS)} ORDER BY a.id {way} LIMIT 51", _who(given))
    column = FIELDS.get(name) or f"p.{name}"
    tables, tie = (ACCOUNTS, "a.id") if name in FIELDS else (WITH_PROFILE, "p.account_id")
    sql = f"{ASK.format(tables=tables)} AND {column} IS NOT NULL ORDER BY {column} {way}, {tie} {way} LIMIT 51"
    return ask(sql, _who(given))


def three_conditions(given: dict[str, Any]) -> Rows:
    sql = (
        f"{ASK.format(tables=WITH_PROFILE)} AND a.stage = %s AND a.completeness >= %s AND p.abc_amount = %s "
        "ORDER BY a.id DESC LIMIT 51"
    )
    return ask(sql, [*_who(given), given["stage"], given["completeness"], given["abc"]])


def deep_page(given: dict[str, Any]) -> Rows:
    return ask(
        f"{ASK.format(tables=ACCOUNTS)} AND a.id < %s ORDER BY a.id DESC LIMIT 51",
        [*_who(given), given["after"]],
    )


def search(given: dict[str, Any]) -> Rows:
    """Six hits of each kind of row the person may see, newest first."""
    query, rows = tokens.query(given["q"]), []
    if not query:
        return rows
    own = SCOPE.format(owner="x.owner_id", department="x.department_id")
    via = SCOPE.format(owner="a.owner_id", department="a.department_id")
    flat = "x.company_id = %(company)s AND x.deleted_at IS NULL"
    kinds = [
        ("customers.account", "x.name, x.code, x.phone FROM customers_account x", own),
        ("customers.contact", f"x.name, a.name, x.post FROM customers_contact x JOIN {VIA}", via),
        ("sales.order", f"x.number, a.name, x.ordered_on, x.amount FROM sales_order x JOIN {VIA}", via),
        ("sales.receipt", f"x.number, a.name, x.received_on, x.amount FROM sales_receipt x JOIN {VIA}", via),
        ("catalog.product", "x.name, x.code, x.spec FROM catalog_product x", flat),
        ("org.user", "x.name, x.title FROM org_user x", flat),
        ("org.department", "x.name FROM org_department x", flat),
        ("org.team", "x.name FROM org_team x", flat),
    ]
    for label, columns, scope in kinds:
        hits, values = _hits(label, query)
        sql = f"SELECT x.id, {columns} WHERE x.id IN ({hits}) AND {scope} ORDER BY x.id DESC LIMIT 6"
        rows += ask(sql, {**given, **values})
    return rows


def _hits(label: str, query: tokens.Query) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {f"like{n}": f"%{word}%" for n, word in enumerate(query.recheck)}
    recheck = "".join(f" AND d.text LIKE %(like{n})s" for n in range(len(query.recheck)))
    if connection.vendor == "postgresql":
        sql = (
            f"WITH h AS MATERIALIZED (SELECT object_id, text FROM kernel_searchdoc WHERE label = '{label}' AND "
            "array_to_tsvector(string_to_array(doc, ' ')) @@ %(match)s::tsquery) "
            f"SELECT d.object_id FROM h d WHERE true{recheck} ORDER BY 1 DESC LIMIT 2000"
        )
        return sql, {**values, "match": tokens.tsquery(query)}
    name = table_of(label)
    join = f"JOIN kernel_searchdoc d ON d.object_id = {name}.rowid " if recheck else ""
    sql = f"SELECT {name}.rowid FROM {name} {join}WHERE {name} MATCH %(match)s{recheck} ORDER BY {name}.rowid DESC LIMIT 2000"
    return sql, {**values, "match": tokens.fts5_match(query)}


PANELS = (
    "SELECT count(*) FROM org_comment WHERE label = 'customers.account' AND object_id = %s AND deleted_at IS NULL",
    "SELECT count(*) FROM org_attachment WHERE label = 'customers.account' AND object_id = %s AND deleted_at IS NULL",
    "SELECT ordered_on, sum(amount), sum(profit), count(*) FROM sales_order WHERE account_id = %s AND deleted_at IS NULL "
    "AND state IN ('confirmed', 'partly', 'delivered', 'completed') GROUP BY ordered_on ORDER BY ordered_on",
    "SELECT l.product_id, p.name, sum(l.amount), sum(l.cost), sum(l.quantity) FROM sales_orderline l "
    "JOIN sales_order o ON o.id = l.order_id JOIN catalog_product p ON p.id = l.product_id "
    "WHERE o.account_id = %s AND o.deleted_at IS NULL GROUP BY l.product_id, p.name ORDER BY 3 DESC LIMIT 8",
    "SELECT id, number, ordered_on, state, amount FROM sales_order WHERE account_id = %s AND deleted_at IS NULL "
    "ORDER BY ordered_on DESC, id DESC LIMIT 12",
    "SELECT id, number, received_on, kind, amount FROM sales_receipt WHERE account_id = %s AND deleted_at IS NULL "
    "ORDER BY received_on DESC, id DESC LIMIT 12",
    'SELECT id, kind, text, "on" FROM customers_need WHERE account_id = %s AND deleted_at IS NULL ORDER BY 4 DESC LIMIT 12',
    "SELECT c.id, c.text, c.created_at, u.name FROM org_comment c JOIN org_user u ON u.id = c.author_id "
    "WHERE c.label = 'customers.account' AND c.object_id = %s AND c.deleted_at IS NULL ORDER BY c.id DESC LIMIT 12",
    "SELECT id, name, post, role, mobile, phone, birth_date, lunar_month, lunar_day FROM customers_contact "
    "WHERE account_id = %s AND deleted_at IS NULL AND left_on IS NULL ORDER BY is_primary DESC, id LIMIT 50",
    "SELECT sum(open_amount), count(*) FROM sales_receivable WHERE account_id = %s AND deleted_at IS NULL",
    "SELECT orders, last_on, r, f, m, rfm, abc_amount, abc_profit, promising FROM insight_profile WHERE account_id = %s",
    "SELECT 1 FROM customers_account WHERE parent_id = %s AND deleted_at IS NULL LIMIT 1",
    "SELECT c.id, c.class_code, c.since, c.until, s.name FROM customers_classassignment c "
    "JOIN customers_classscheme s ON s.id = c.scheme_id WHERE c.account_id = %s ORDER BY c.id DESC",
    "SELECT * FROM customers_importantdate WHERE account_id = %s AND deleted_at IS NULL LIMIT 50",
)


def customer(given: dict[str, Any]) -> Rows:
    """The row and what each panel asks."""
    rows = ask(
        "SELECT a.*, u.name, s.name, c.name FROM customers_account a LEFT JOIN org_user u ON u.id = a.owner_id "
        "LEFT JOIN customers_source s ON s.id = a.source_id LEFT JOIN customers_channel c ON c.id = a.channel_id "
        "WHERE a.company_id = %s AND a.deleted_at IS NULL AND (a.owner_id = %s OR a.department_id = %s) AND a.id = %s",
        [*_who(given), given["id"]],
    )
    rows += ask(
        "SELECT * FROM customers_filingstandard WHERE company_id = %s AND deleted_at IS NULL",
        [given["company"]],
    )
    for sql in PANELS:
        rows += ask(sql, [given["id"]])
    return rows


def edit(given: dict[str, Any]) -> Rows:
    """Change one column and write one line into the trail, in one transaction."""
    from guanxi.audit.chain import _INSERT, COLUMNS
    from guanxi.kernel import clock
    from guanxi.kernel.ids import new_id

    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with transaction.atomic():
        rows = ask(
            "SELECT id, name, remark, version FROM customers_account WHERE company_id = %s AND deleted_at IS NULL "
            f"AND (owner_id = %s OR department_id = %s) AND id = %s{lock}",
            [*_who(given), given["id"]],
        )
        old, version = rows[0][2], rows[0][3]
        values = dict.fromkeys(COLUMNS, "") | {
            "lane": 99, "seq": new_id(), "id": new_id(), "company_id": given["company"], "at": str(clock.now().replace(tzinfo=None)),
            "actor_id": given["person"], "verb": "customers.account.changed", "label": "customers.account",
            "object_id": given["id"], "title": rows[0][1], "old": json.dumps({"remark": old}),
            "new": json.dumps({"remark": given["remark"]}),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE customers_account SET remark = %s, version = %s, updated_at = %s WHERE id = %s AND version = %s",
                [given["remark"], version + 1, values["at"], given["id"], version],
            )
            cursor.execute(_INSERT, [values[name] for name in COLUMNS])
    return rows


def look(given: dict[str, Any]) -> Rows:
    """Files that share a key with what is typed, with who looks after them."""
    marks = ", ".join(["%s"] * len(given["keys"]))
    shared = f"SELECT DISTINCT object_id FROM duplicates_dupkey WHERE company_id = %s AND label = %s AND key IN ({marks}) LIMIT 300"
    rows: Rows = []
    for label, columns, tables in (
        ("customers.account", "a.phone, a.credit_code, a.region_code, a.former_names, a.kind", "customers_account a"),
        (
            "customers.contact",
            "c.name, c.mobile, c.phone",
            "customers_contact c JOIN customers_account a ON a.id = c.account_id",
        ),
    ):
        sql = (
            f"SELECT a.id, a.name, a.last_contact_on, {columns}, u.name, d.name FROM {tables} "
            "LEFT JOIN org_user u ON u.id = a.owner_id LEFT JOIN org_department d ON d.id = a.department_id "
            f"WHERE {'a' if label.endswith('account') else 'c'}.id IN ({shared})"
        )
        rows += ask(sql, [given["company"], label, *given["keys"]])
    return rows


QUESTIONS: dict[str, Callable[[dict[str, Any]], Rows]] = {
    one.__name__: one for one in (first_page, three_conditions, deep_page, search, customer, edit, look)
}


@csrf_exempt
def view(request: HttpRequest, name: str) -> HttpResponse:
    given = json.loads(request.GET["given"])
    rows = QUESTIONS[name](given)
    room = given["bytes"] // max(len(rows), 1)
    parts = []
    for row in rows:
        cells = "".join([f"<td>{value}</td>" for value in row])
        parts.append(f"<tr>{cells}{'.' * max(0, room - len(cells.encode()) - 9)}</tr>")
    body = "".join(parts) or "." * given["bytes"]
    return HttpResponse(f"<!doctype html><table>{body}</table>")
