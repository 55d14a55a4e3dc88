"""Filters: all compilers select the same rows, nothing unreadable gets past the parser, every condition has words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import ibis
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account, Contact
from guanxi.kernel import clock, work
from guanxi.kernel.entities import entity
from guanxi.kernel.filters import Env, FilterError, legend, matches, parse, sentence, to_ibis, to_q
from guanxi.kernel.filters.ast import MAX_ATOMS, MAX_DEPTH, OPERATORS, PERIODS
from guanxi.kernel.models import Company, ExtraField
from guanxi.org.models import Department, Role, User
from guanxi.org.services import open_account
from guanxi.targets.models import Statement

NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
TODAY = date(2026, 6, 30)
EXTRAS = {"note": "text", "memo": "longtext", "score": "decimal", "fee": "money", "met": "date", "vip": "bool",
          "colour": "choice", "likes": "tags"}  # fmt: skip
PLAIN = ["name", "remark", "code", "phone", "grade", "is_key", "region_code", "credit_limit", "lunar_month", "completeness",
         "founded_on", "created_at", "owner", "department", "tags", "department.name", "department.created_at",
         "owner.is_active"]  # fmt: skip
FIELDS = [*PLAIN, *(f"x_{name}" for name in EXTRAS)]
WORDS = ["a", "A", "ab", "Ab%", "a_b", "云岭", "云", "É", "é", "10%", "\\", "'", "|", "a|b", '"', "红", "蓝"]
DAYS = [date(2026, 6, 30), date(2026, 6, 29), date(2026, 6, 1), date(2026, 5, 31), date(2025, 12, 31), date(2026, 7, 1)]
NUMBERS = ["0", "1", "1.5", "2", "1.004", "-3", "0.1", "9999999999999", "12.34"]
LIMITS = settings(max_examples=40, deadline=None, derandomize=True,
                  suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip


@pytest.fixture
def world(company: Company, hire: Hire, east: Department, west: Department) -> Iterator[dict[str, Any]]:
    """Accounts with all mixtures of present, empty and odd values."""
    with clock.shifted(NOW), translation.override("en"):
        boss, other = hire("boss", "owner", east), hire("other", "representative", west)
        other.is_active = False
        saved(other)
        for name, kind in EXTRAS.items():
            options = ["红", "蓝", "A"] if kind == "choice" else []
            saved(
                ExtraField(
                    company=company,
                    label="customers.account",
                    name=name,
                    title=f"额外{name}",
                    kind=kind,
                    options=options,
                )
            )
        boss = User.objects.get(pk=boss.pk)

        def fill() -> None:
            for n in range(24):
                day = DAYS[n % 6]
                row = Account(
                    company=company, name=WORDS[n % 17], remark=["", *WORDS][n % 18], code=f"C{n}", phone="" if n % 3 else "13812346621",
                    owner=[boss, other, None][n % 3], department=[east, None, west, None][n % 4], grade=["", "A", "B"][n % 3], region_code=["", "320505", "110101", "330000"][n % 4],
                    is_key=bool(n % 2), credit_limit=None if n % 4 == 0 else Decimal(["0", "1.5", "12.34", "1"][n % 4]),
                    lunar_month=None if n % 3 == 0 else n % 12 + 1, completeness=n % 5, founded_on=None if n % 5 == 0 else day,
                    created_at=datetime(day.year, day.month, day.day, [0, 15, 16, 23][n % 4], tzinfo=UTC),
                    tags=[[], ["a"], ["A", "b"], ["红", "a/b"], ["b", "a"]][n % 5],
                )  # fmt: skip
                if n % 6:
                    row.extra = {
                        "note": [None, "", "Ab", "云岭", "a_b"][n % 5], "memo": ["", *WORDS][n % 18], "score": [None, 0, 1.5, -3, 0.1][n % 5],
                        "fee": [12.34, 2, None][n % 3], "met": [None, "2026-06-30", "2026-06-01", "2025-12-31"][n % 4],
                        "vip": [True, False, None][n % 3], "colour": [None, "红", "A"][n % 3],
                        "likes": [[], ["红"], ["a", "A"], ['"', "\\"], ["b"]][n % 5],
                    }  # fmt: skip
                row.save()
                for i in range(n % 4):
                    Contact(company=company, account=row, name=WORDS[(n + i) % 17], mobile="", is_primary=not i).save()

        work.unit_of_work(fill)
        rows = list(Account.objects.select_related("owner", "department").order_by("pk"))
        contacts: dict[int, list[Contact]] = {row.pk: [] for row in rows}
        for one in Contact.objects.order_by("pk"):
            contacts[one.account_id].append(one)
        env = Env(user=boss, as_of=TODAY, rows=lambda row, _has: contacts[row.pk])
        yield {
            "boss": boss,
            "rows": rows,
            "env": env,
            "company": boss.company,
            "contacts": [c for many in contacts.values() for c in many],
        }


def scalar(kind: str, op: str) -> st.SearchStrategy[Any]:
    if op in ("last_days", "next_days", "older_than", "last_workdays"):
        return st.sampled_from([0, 1, 3, 29, 30, 200])
    if op == "period":
        return st.sampled_from(PERIODS)
    one: st.SearchStrategy[Any]
    if kind in ("date", "datetime"):
        one = st.sampled_from(["@today", *(d.isoformat() for d in DAYS)])
    elif kind in ("int", "decimal", "money", "percent"):
        one = st.sampled_from(NUMBERS)
    elif kind == "region":
        one = st.sampled_from(["320000", "320500", "110101"])
    elif kind == "bool":
        one = st.booleans()
    elif kind == "ref":
        one = st.sampled_from(["@me", "@my_department", 1, 2**62])
    else:
        one = st.sampled_from([*WORDS, "A", "B", "b"])
    if op == "between":
        return st.tuples(one, one).map(list)
    return st.lists(one, min_size=1, max_size=3) if op in ("in", "not_in", "has_any", "has_all", "has_none") else one


def atoms(world: dict[str, Any], names: list[str], label: str = "customers.account") -> st.SearchStrategy[Any]:
    def of(name: str) -> st.SearchStrategy[Any]:
        kind = entity(label).field(name, world["company"]).kind
        return st.sampled_from(OPERATORS[kind]).flatmap(
            lambda op: (
                st.just({"f": name, "op": op})
                if op in ("empty", "not_empty")
                else scalar(kind, op).map(lambda v: {"f": name, "op": op, "v": v})
            )
        )

    return st.sampled_from(names).flatmap(of)


def conditions(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        lists = st.lists(inner, max_size=3)
        return st.one_of(
            lists.map(lambda i: {"all": i}), lists.map(lambda i: {"any": i}), inner.map(lambda i: {"not": i})
        )

    return st.recursive(leaf, grow, max_leaves=5)


def by_orm(node: Any, world: dict[str, Any]) -> list[int]:
    return sorted(Account.objects.filter(to_q(node, world["env"])).values_list("pk", flat=True))


def in_memory(node: Any, world: dict[str, Any]) -> list[int]:
    return sorted(row.pk for row in world["rows"] if matches(node, row, world["env"]))


def column(rows: list[Any], found: Any) -> tuple[list[Any], str]:
    """A column as the columnar store keeps it: tags joined, days as days, numbers exact."""
    from guanxi.kernel.filters.memory import value_of

    values = [value_of(row, found.path) for row in rows]
    match found.kind:
        case "tags":
            return [f"|{'|'.join(v)}|" if v else "" for v in values], "string"
        case "int" | "decimal" | "money" | "percent":
            return [
                None if v in (None, "") else Decimal(str(v)).quantize(Decimal("1e-6")) for v in values
            ], "decimal(30, 6)"
        case "date":
            return [date.fromisoformat(v) if isinstance(v, str) and v else v or None for v in values], "date"
        case "datetime":
            return values, "timestamp('UTC')"
        case "bool":
            return values, "boolean"
        case "ref":
            return values, "int64"
    return values, "string"


def table(rows: list[Any], label: str, names: list[str], company: Company) -> Any:
    import pyarrow as pa
    from ibis.formats.pyarrow import PyArrowSchema

    schema, columns = {"id": "int64"}, {"id": [row.pk for row in rows]}
    for name in names:
        columns[name], schema[name] = column(rows, entity(label).field(name, company))
    made = ibis.schema(schema)
    return ibis.memtable(pa.table(columns, schema=PyArrowSchema.from_ibis(made)), schema=made)


def test_every_operator_of_every_kind_selects_the_same_rows_by_sql_in_memory_and_in_columns(
    world: dict[str, Any],
) -> None:
    account, company, env = entity(Account), world["company"], world["env"]
    rows = table(world["rows"], "customers.account", FIELDS, company)
    found = []
    for name in FIELDS:
        field = account.field(name, company)
        for op in OPERATORS[field.kind]:
            for value in examples(field.kind, op):
                raw = {"f": name, "op": op, "v": value}
                node = parse({"not": raw} if len(found) % 3 == 0 else raw, account, company)
                expected = in_memory(node, world)
                assert by_orm(node, world) == expected, raw
                found.append((raw, node, expected))
    columns = rows.select("id", **{f"c{i}": to_ibis(node, rows, env) for i, (_raw, node, _e) in enumerate(found)})
    answers = ibis.duckdb.connect().to_pyarrow(columns).to_pydict()
    for i, (raw, _node, expected) in enumerate(found):
        assert sorted(pk for pk, hit in zip(answers["id"], answers[f"c{i}"], strict=True) if hit) == expected, raw


def examples(kind: str, op: str) -> list[Any]:
    if op in ("empty", "not_empty"):
        return [None]
    if op == "period":
        return list(PERIODS)
    if op in ("last_days", "next_days", "older_than", "last_workdays"):
        return [0, 1, 30]
    if kind in ("date", "datetime"):
        return [["2026-06-01", "@today"]] if op == "between" else ["@today", "2026-06-01", "2025-12-31"]
    if kind in ("int", "decimal", "money", "percent"):
        return [["0.1", "2"]] if op == "between" else NUMBERS
    if kind == "bool":
        return [True, False]
    if kind == "ref":
        return [["@me", 1]] if op in ("in", "not_in") else ["@me", "@my_department", 2**62]
    if kind == "region":
        return [["320000"], ["320500", "110101"]] if op in ("in", "not_in") else ["32", "110101"]
    return (
        [["A", "b"], ["a|b"], ["红", "x"]]
        if op in ("in", "not_in", "has_any", "has_all", "has_none")
        else [*WORDS, "B"]
    )


def test_random_conditions_select_the_same_rows_by_sql_and_in_memory_and_always_have_words(
    world: dict[str, Any],
) -> None:
    account, company = entity(Account), world["company"]
    inner = conditions(atoms(world, ["name", "is_primary", "mobile"], "customers.contact"))
    counts = st.tuples(st.sampled_from(["lt", "lte", "gt", "gte", "is"]), st.integers(0, 3)).map(lambda p: {p[0]: p[1]})
    has = st.one_of(
        st.just({"has": "contacts"}), st.builds(lambda w, c: {"has": "contacts", "where": w, "count": c}, inner, counts)
    )
    tree = conditions(st.one_of(atoms(world, FIELDS), atoms(world, FIELDS), has))
    rows = table(world["rows"], "customers.account", FIELDS, company)
    children = table(world["contacts"], "customers.contact", ["account", "name", "is_primary", "mobile"], company)
    duck = ibis.duckdb.connect()
    turn = iter(range(10**6))

    @LIMITS
    @given(tree)
    def run(raw: Any) -> None:
        try:
            node = parse(raw, account, company)
        except FilterError as error:
            assert "nested" in str(error), raw
            return
        expected = in_memory(node, world)
        assert by_orm(node, world) == expected
        assert by_orm(parse_not(node), world) == expected
        if next(turn) % 4 == 0:  # an analytical query costs more than the others together
            hits = duck.to_pyarrow(rows.filter(to_ibis(node, rows, world["env"], {"contacts": children})).select("id"))
            assert sorted(hits.to_pydict()["id"]) == expected
        for language in ("zh-hans", "en"):
            with translation.override(language):
                words = sentence(node)
                for name in set(re.findall(r'"f": "([^"]+)"', json.dumps(raw))) & set(PLAIN):
                    assert str(account.field(name, company).label) in words or "has" in str(raw)

    run()


def parse_not(node: Any) -> Any:
    from guanxi.kernel.filters import Not

    return Not(Not(node))


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
              st.sampled_from([float("inf"), "9999-12-31", "0001-01-01", 2**63, -1, "1e400", "NaN", "@me", "\x00"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(
        ["all", "any", "not", "f", "op", "v", "has", "where", "count", "lt"]), inner, max_size=4)),
    max_leaves=8,
)  # fmt: skip


def test_whatever_is_sent_is_a_filter_or_a_filter_error(world: dict[str, Any]) -> None:
    account, company = entity(Account), world["company"]

    @LIMITS
    @given(st.one_of(junk, st.builds(
        lambda f, op, v: {"f": f, "op": op, "v": v}, st.sampled_from([*FIELDS, "where", "extra", "id", "company", "owner.password"]),
        st.sampled_from([op for ops in OPERATORS.values() for op in ops]), junk)))  # fmt: skip
    def run(raw: Any) -> None:
        try:
            node = parse(raw, account, company)
        except FilterError:
            return
        if len(json.dumps(raw, default=str)) < 5000:
            assert by_orm(node, world) == in_memory(node, world)
            sentence(node)

    run()


def nested(depth: int) -> Any:
    return {"not": nested(depth - 1)} if depth > 1 else {"f": "name", "op": "empty"}


@pytest.mark.parametrize(
    "raw",
    [
        nested(MAX_DEPTH + 1),
        {"any": [{"f": "name", "op": "empty"}] * (MAX_ATOMS + 1)},
        {"f": "name", "op": "in", "v": ["x"] * 501},
        {"f": "name", "op": "in", "v": []},
        {"f": "name", "op": "is", "v": "x" * 401},
        {"f": "name", "op": "contains", "v": ""},
        {"f": "name", "op": "period", "v": "today"},
        {"f": "nothing", "op": "is", "v": 1},
        {"f": "parent." * 500 + "name", "op": "is", "v": "x"},
        {"f": "owner", "op": "is", "v": float("inf")},
        {"f": "owner", "op": "is", "v": 2**63},
        {"f": "founded_on", "op": "on", "v": "9999-12-31"},
        {"f": "created_at", "op": "before", "v": "0001-01-01"},
        {"f": "credit_limit", "op": "gt", "v": "NaN"},
        {"f": "lunar_month", "op": "is", "v": "1e40"},
        {"has": "nothing"},
        {"has": "contacts", "count": {"gte": True}},
        {"has": "contacts", "count": {"gte": 1, "lt": 2}},
        {"all": {}},
        {"some": []},
        [{"f": "name", "op": "empty"}],
    ],
)
def test_what_is_too_large_or_unreadable_is_refused(company: Company, raw: Any) -> None:
    with pytest.raises(FilterError):
        parse(raw, entity(Account), company)


def test_the_limits_themselves_are_allowed(company: Company) -> None:
    assert parse(nested(MAX_DEPTH), entity(Account), company)
    assert parse({"any": [{"f": "name", "op": "empty"}] * MAX_ATOMS}, entity(Account), company)


def test_an_empty_any_says_nothing_and_an_empty_all_everything(world: dict[str, Any]) -> None:
    everything = [row.pk for row in world["rows"]]
    for raw, expected, words in (
        ({"all": []}, everything, ""),
        ({"any": []}, [], "nothing"),
        ({"not": {"all": []}}, [], "not (everything)"),
        ({"any": [{"all": []}, {"f": "name", "op": "empty"}]}, everything, "everything or Name is empty"),
    ):
        node = parse(raw, entity(Account), world["company"])
        assert (by_orm(node, world), in_memory(node, world)) == (expected, expected)
        assert sentence(node) == words


def test_numbers_are_compared_as_typed(world: dict[str, Any]) -> None:
    for value in ("1.004", "99999999999999.99", "0.0000004"):
        node = parse({"f": "credit_limit", "op": "is", "v": value}, entity(Account), world["company"])
        assert by_orm(node, world) == in_memory(node, world)


@pytest.fixture
def veiled(company: Company, roles: dict[str, Role], east: Department) -> User:
    """A person for whom one field is closed, one masked, and to whom orders are none of their business."""
    grants = {
        "customers.account": {
            "verbs": ["view", "export"],
            "scope": "all",
            "hidden": ["credit_limit"],
            "masked": ["phone"],
        },
        "customers.contact": {"verbs": [], "scope": "all"},
    }
    role = saved(Role(company=company, name="veiled", code="veiled", grants=grants))
    return open_account(
        company, roles=[role], username="veiled", name="v", department=east, password="a long password 1"
    )


@pytest.mark.req("SEC-05")
def test_a_closed_or_masked_field_can_be_neither_filtered_nor_sorted_by(
    client: Client, veiled: User, east: Department
) -> None:
    from guanxi.web.reading import user_filter

    for n, limit in enumerate((5, 7)):
        saved(Account(company=veiled.company, name=f"客户{n}", credit_limit=limit, phone=f"1381234662{n}"))
    for raw in (
        {"f": "credit_limit", "op": "gt", "v": 6},
        {"f": "phone", "op": "is", "v": "13812346621"},
        {"f": "parent.credit_limit", "op": "gt", "v": 6},
        {"f": "owner.phone", "op": "not_empty"},
        {"has": "contacts"},
        {"not": {"has": "contacts", "where": {"f": "mobile", "op": "is", "v": "1"}}},
    ):
        with pytest.raises(FilterError):
            user_filter(raw, entity(Account), veiled)
    client.force_login(veiled)
    body = client.get("/customers/", {"where": json.dumps({"f": "credit_limit", "op": "gt", "v": 6})}).content.decode()
    assert "客户0" not in body
    assert "客户1" not in body
    up, down = (client.get(f"/customers/?sort={sort}").content.decode() for sort in ("credit_limit", "-credit_limit"))
    assert (up.index("客户0") < up.index("客户1")) == (down.index("客户0") < down.index("客户1"))


def test_an_unknown_way_of_comparing_letters_is_the_same_on_every_database(world: dict[str, Any]) -> None:
    """ASCII letters are folded, others are not: what one database cannot do, no other does."""
    node = parse({"f": "name", "op": "contains", "v": "é"}, entity(Account), world["company"])
    assert by_orm(node, world) == [row.pk for row in world["rows"] if row.name == "é"], connection.vendor
    assert replace(node, value="É") != node


def test_the_builder_is_told_names_linked_fields_and_each_part_in_words(
    company: Company, east: Department, seller: User, rival: User
) -> None:
    account, people = entity(Account), [seller, rival]
    raw = {"all": [
        {"f": "owner", "op": "in", "v": [one.pk for one in people]},
        {"f": "department.name", "op": "is", "v": "x"},
        {"any": [{"f": "grade", "op": "is", "v": "A"}, {"all": [{"f": "is_key", "op": "is", "v": True}, {"f": "owner", "op": "empty"}]}]},
    ]}  # fmt: skip
    with translation.override("en"):
        known = legend(parse(raw, account, company))
    assert known["names"] == {"owner": {str(one.pk): one.name for one in people}}
    assert [field["name"] for field in known["fields"]] == ["department.name"]
    assert known["words"][2] == "Grade is A or (Key customer yes and Owner is empty)", (
        "what belongs together is bracketed"
    )


def test_a_long_list_of_rows_is_counted_instead_of_called(company: Company, east: Department, hire: Hire) -> None:
    people = [hire(f"p{n}", "representative", east) for n in range(10)]
    node = parse({"f": "owner", "op": "in", "v": [one.pk for one in people]}, entity(Account), company)
    with translation.override("en"):
        assert sentence(node).endswith(f"{people[7].name} and others, 10 in all")
        assert len(legend(node)["names"]["owner"]) == 10


def test_a_linked_row_is_called_as_it_calls_itself(client: Client, owner: User, seller: User) -> None:
    row = saved(Statement(company=seller.company, owner=seller, department=seller.department, month=date(2026, 5, 1)))
    where = json.dumps({"f": "statement", "op": "is", "v": row.pk})
    client.force_login(owner)
    page = client.get("/commission-lines/", {"where": where}).content.decode()
    chip = re.search(r'<span class="chip"><b>Statement</b> is ([^<]*)<', page)
    assert chip and chip[1] == "林知远 2026-05", "a month alone names nobody"
