"""Fills a database with N customers, 2N contacts and 3N orders, their search documents and scores, and keeps it.

Rows are made by arithmetic alone (the same on every machine), in the order of their ids, by two processes; secondary
indexes and the full-text index are built afterwards.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from multiprocessing import get_context
from typing import Any

MILLION = 1_000_000
DEPARTMENTS, PEOPLE = 100, 500
CHUNK = 10_000
BEGUN = date(2023, 1, 1)
DAYS = 1096
CITIES = (
    "北京 上海 广州 深圳 天津 重庆 成都 杭州 武汉 西安 苏州 南京 长沙 郑州 青岛 宁波 无锡 济南 沈阳 合肥 佛山 东莞 福州 厦门 "
    "昆明 哈尔滨 长春 大连 石家庄 太原 南昌 贵阳 南宁 兰州 海口 常州 温州 徐州 烟台 唐山"
).split()
REGIONS = ("110105", "310115", "440106", "440305", "320505", "330106", "420106", "610113")
GRADES = "AABBBCCCCCDDDDDDDDDD"
STAGES = (
    "potential",
    "potential",
    "potential",
    "first",
    "first",
    "repeat",
    "repeat",
    "loyal",
    "dormant",
    "lost",
)
STATES = ("completed",) * 6 + ("delivered", "confirmed", "partly", "draft")
TAGS = ("|价格敏感|", "|重视售后|大项目|", "|年度框架|", "", "", "")
Row = tuple[Any, ...]


def mix(number: int) -> int:
    """64 well-mixed bits of a number (the finaliser of splitmix64)."""
    number = (number + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return number ^ (number >> 31)


class World:
    """Everything about row `i` of each table; ids are those of moments spread over three years."""

    def __init__(self, customers: int, company: int, people: Sequence[tuple[int, int]]) -> None:
        from guanxi.desk.demo import words
        from guanxi.kernel.ids import moment_id

        self.customers, self.company, self.people, self.words = customers, company, people, words
        self.trades = [(industry, trade) for industry, _n, names, _s in words.TRADES for trade in names.split()]
        self.pairs = [words.BRANDS[i : i + 2] for i in range(0, len(words.BRANDS), 2)]
        self.given = words.MALE + words.FEMALE
        self.moment_id, self.start = moment_id, int(time.mktime(BEGUN.timetuple()) * 1000)
        self.step = DAYS * 86_400_000 // (3 * customers)

    def id(self, third: int, extra: int = 0) -> int:
        return self.moment_id(self.start + third * self.step) + extra

    def day(self, number: int) -> str:
        return (BEGUN + timedelta(days=number)).isoformat()

    def company_name(self, i: int) -> tuple[str, str, str]:
        """Name, section of GB/T 4754 and the name without city and form."""
        h = mix(i)
        industry, trade = self.trades[(h >> 8) % len(self.trades)]
        brand = self.pairs[(h >> 16) % len(self.pairs)][0] + self.pairs[(h >> 24) % len(self.pairs)][1]
        form = "股份有限公司" if h % 17 == 0 else "有限责任公司" if h % 7 == 0 else "有限公司"
        key = f"{brand}{self.given[(h >> 40) % len(self.given)]}{trade}"
        return f"{CITIES[(h >> 32) % len(CITIES)]}{key}{form}", industry, key

    def person_name(self, h: int) -> str:
        surname = self.words.SURNAMES[(h >> 4) % len(self.words.SURNAMES)]
        one, two = self.given[(h >> 14) % len(self.given)], self.given[(h >> 24) % len(self.given)]
        return surname + one + (two if h % 5 else "")

    def mobile(self, h: int) -> str:
        return f"1{'35789'[h % 5]}{(h >> 8) % 1_000_000_000:09d}"

    def owner(self, i: int) -> tuple[int | None, int]:
        h = mix(i * 7 + 3)
        # The first department, that of the measured person, holds a tenth of everything.
        n = h % len(self.people)
        person, department = self.people[n - n % DEPARTMENTS if (h >> 30) % 10 == 0 else n]
        return (None if (h >> 20) % 20 == 0 else person), department

    def accounts(self, i: int) -> tuple[dict[str, Any], list[str], list[str]]:
        """Column values, names and phones of customer `i`."""
        h = mix(i * 5 + 1)
        name, industry, key = self.company_name(i)
        owner, department = self.owner(i)
        born = f"{self.day(3 * i * DAYS // (3 * self.customers))} 02:00:00"
        phone = self.mobile(h)
        values = {
            "id": self.id(3 * i), "name": name, "name_key": key, "code": f"K{i:08d}", "industry": industry,
            "scale": ("micro", "small", "medium", "large")[h % 4], "phone": phone, "region_code": REGIONS[h % 8],
            "grade": GRADES[(h >> 10) % 20], "stage": STAGES[(h >> 15) % 10], "completeness": 20 + (h >> 20) % 81,
            "last_contact_on": self.day(DAYS - (h >> 25) % 700) if (h >> 35) % 3 else None,
            "next_contact_on": self.day(DAYS + (h >> 27) % 60) if (h >> 36) % 2 else None,
            "is_key": (h >> 40) % 20 == 0, "tags": TAGS[(h >> 45) % 6], "owner_id": owner, "department_id": department,
            "created_at": born, "updated_at": born, "last_order_on": self.day((h >> 50) % DAYS),
        }  # fmt: skip
        return values, [name], [phone]

    def contacts(self, i: int) -> tuple[dict[str, Any], list[str], list[str]]:
        h, (account, which) = mix(i * 11 + 5), divmod(i, 2)
        name, mobile = self.person_name(h), self.mobile(h >> 3)
        born = f"{self.day(account * DAYS // self.customers)} 02:00:00"
        post, role, _n = self.words.POSTS[(h >> 34) % len(self.words.POSTS)]
        values = {
            "id": self.id(3 * account, 1 + which), "account_id": self.id(3 * account), "name": name, "post": post,
            "role": role, "is_primary": not which, "mobile": mobile, "created_at": born, "updated_at": born,
        }  # fmt: skip
        return values, [name], [mobile]

    def orders(self, i: int) -> tuple[dict[str, Any], list[str], list[str]]:
        h = mix(i * 13 + 7)
        # The older half of the customers holds most orders; an order is younger than its customer.
        account = min(int((h % 1_000_003) / 1_000_003 * (i // 3 + 1)), self.customers - 1)
        owner, department = self.owner(account)
        day = self.day(i * DAYS // (3 * self.customers))
        amount = 100 + (h >> 12) % 9_000_000 / 100
        state = STATES[(h >> 40) % 10]
        paid = state not in ("draft", "confirmed", "partly") and (h >> 45) % 8
        values = {
            "id": self.id(i, 3), "number": f"D{i:09d}", "account_id": self.id(3 * account), "ordered_on": day,
            "state": state, "amount": f"{amount:.2f}", "cost": f"{amount * .7:.2f}", "profit": f"{amount * .3:.2f}",
            "received": f"{amount:.2f}" if paid else "0", "due_on": day,
            "payment": "paid" if paid else "none" if state == "draft" else "open",
            "owner_id": owner, "department_id": department, "created_at": f"{day} 03:00:00", "updated_at": f"{day} 03:00:00",
        }  # fmt: skip
        return values, [self.company_name(account)[0]], [values["number"]]

    def profiles(self, i: int) -> tuple[dict[str, Any], list[str], list[str]]:
        h = mix(i * 17 + 11)
        r, f, m = 1 + h % 5, 1 + (h >> 8) % 5, 1 + (h >> 16) % 5
        amount = (h >> 20) % 50_000_000 / 100
        values = {
            "account_id": self.id(3 * i), "company_id": self.company, "orders": f, "first_on": self.day(h % 300),
            "last_on": self.day(300 + h % 700), "interval_days": 30.0, "amount_12m": f"{amount:.2f}", "amount_total": f"{2 * amount:.2f}",
            "profit_12m": f"{amount * .3:.2f}", "profit_total": f"{amount * .6:.2f}", "r": r, "f": f, "m": m,
            "rfm": 100 * r + 10 * f + m, "abc_amount": "ABC"[min(2, (h >> 50) % 10 // 2)], "abc_profit": "ABC"[(h >> 55) % 3],
            "promising": h % 40 == 0, "computed_on": self.day(DAYS),
        }  # fmt: skip
        return values, [], []


def tables() -> list[tuple[str, type[Any], int, tuple[str, str] | None]]:
    """Maker, model, rows for each customer, and which kinds of tokens its two lists of words make."""
    from guanxi.customers.models import Account, Contact
    from guanxi.insight.models import Profile
    from guanxi.sales.models import Order

    return [
        ("accounts", Account, 1, ("names", "phones")),
        ("contacts", Contact, 2, ("people", "phones")),
        ("orders", Order, 3, ("names", "codes")),
        ("profiles", Profile, 1, None),
    ]


_world: World


def _setup(*world: Any) -> None:
    global _world
    import django

    django.setup()
    _world = World(*world)


def _chunk(job: tuple[str, int, int]) -> tuple[list[Row], list[Row]]:
    """Rows in the order of the table's columns, and search documents."""
    from guanxi.formats import tokens

    maker, first, last = job
    model, kinds = next((model, kinds) for name, model, _n, kinds in tables() if name == maker)
    fixed = _fixed(model, _world.company)
    make: Callable[[int], tuple[dict[str, Any], list[str], list[str]]] = getattr(_world, maker)
    rows, docs = [], []
    for i in range(first, last):
        values, one, two = make(i)
        rows.append(tuple({**fixed, **values}.values()))
        if kinds:
            parts = {"names": [], "people": [], "phones": [], "codes": []} | {kinds[0]: one, kinds[1]: two}
            given = [parts[kind] for kind in ("names", "people", "phones", "codes")]
            label = model._meta.label_lower
            docs.append((values["id"], _world.company, label, tokens.document(*given), tokens.plain(*given)))
    return rows, docs


@functools.cache
def _fixed(model: type[Any], company: int) -> dict[str, Any]:
    """The default of every column, by column name, in the order of the table's columns."""
    values: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        value = column.get_default()
        values[column.column] = "{}" if value == {} else "" if value == [] else value
    plain = {k: str(v) if v is not None and not isinstance(v, int | float | str) else v for k, v in values.items()}
    nulled = {f.column: None for f in model._meta.concrete_fields if f.null and plain[f.column] == ""}
    return {**plain, **nulled, "company_id": company, **({"currency": "CNY"} if "currency" in plain else {})}


def fill(scale: float) -> None:
    """Everything, into the database of the settings, which has been migrated."""
    from guanxi.kernel import search

    customers = int(scale * MILLION)
    company, people = _organisation()
    with _bulk() as store, get_context("spawn").Pool(2, _setup, (customers, company, people)) as pool:
        for maker, model, each, kinds in tables():
            begun, total = time.monotonic(), each * customers
            jobs = ((maker, at, min(at + CHUNK, total)) for at in range(0, total, CHUNK))
            for rows, docs in pool.imap(_chunk, jobs):
                store(model._meta.db_table, list(_fixed(model, company)), rows)
                if kinds:
                    store("kernel_searchdoc", ["object_id", "company_id", "label", "doc", "text"], docs)
            print(f"  {total:>9,} {maker:<9} {time.monotonic() - begun:6.1f} s", flush=True)
    search.ensure_indexes()
    _finish()


def _organisation() -> tuple[int, list[tuple[int, int]]]:
    """One company with departments and people; the first of them, `bench`, is a representative with a department scope."""
    from guanxi.kernel import work
    from guanxi.org.models import Department, Role, User
    from guanxi.org.services import start

    company = start("远航设备有限公司", "bench")

    def body() -> list[tuple[int, int]]:
        role = Role.objects.get(company=company, code="representative")
        role.grants = {
            label: {**g, "scope": "department"} if g.get("scope") == "own" else g for label, g in role.grants.items()
        }
        role.save()
        departments = [
            Department(company=company, name=f"第{n}营业部", code=f"d{n}", path=f"/{n}/") for n in range(DEPARTMENTS)
        ]
        for department in departments:
            department.save()
        people = []
        for n in range(PEOPLE):
            department = departments[n % DEPARTMENTS]
            user = User(
                company=company,
                username=f"rep{n}" if n else "bench",
                name=f"员工{n}",
                title="业务代表",
                department=department,
            )
            user.set_unusable_password()
            people.append(user)
        User.objects.bulk_create(people)
        people[0].roles.add(role)
        return [(user.pk, user.department_id) for user in people]

    return company.pk, work.unit_of_work(body, verb="bench")


class _bulk:
    """The fastest way into the tables: no triggers, no secondary indexes until everything is there."""

    def __enter__(self) -> Callable[[str, list[str], list[Row]], None]:
        from django.db import connection

        self.connection = connection
        self.names = [model._meta.db_table for _m, model, _n, _k in tables()] + ["kernel_searchdoc"]
        with connection.cursor() as cursor:
            self.drop(cursor)
        return self.copy if connection.vendor == "postgresql" else self.insert

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        if kind is None:
            begun = time.monotonic()
            with self.connection.cursor() as cursor:
                for statement in self.later:
                    cursor.execute(statement)
            print(f"            indexes   {time.monotonic() - begun:6.1f} s", flush=True)

    def drop(self, cursor: Any) -> None:
        if self.connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = ANY(%s) AND NOT EXISTS "
                "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
                [self.names],
            )
            found = cursor.fetchall()
            self.later = [sql for _name, sql in found] + [f"ANALYZE {name}" for name in self.names]
            for name, _sql in found:
                cursor.execute(f'DROP INDEX "{name}"')
            cursor.execute(
                "SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET TIME ZONE 'UTC'"
            )
            return
        cursor.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('index', 'trigger') "
            f"AND tbl_name IN ({', '.join(['%s'] * len(self.names))})",
            self.names,
        )
        found = cursor.fetchall()
        for kind, name, _sql in found:
            cursor.execute(f'DROP {kind} "{name}"')
        cursor.execute("PRAGMA journal_mode=OFF")
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-400000")
        cursor.execute("PRAGMA foreign_keys=OFF")
        fill = [
            f"INSERT INTO {name}(rowid, doc) SELECT object_id, doc FROM kernel_searchdoc WHERE label = '{label}' ORDER BY object_id"
            for label, name in self.search_tables()
        ]
        self.later = [*fill, *(sql for _kind, _name, sql in found), "ANALYZE", "PRAGMA journal_mode=WAL"]

    def search_tables(self) -> Iterable[tuple[str, str]]:
        from guanxi.kernel.search import table_of

        labels = [model._meta.label_lower for _m, model, _n, kinds in tables() if kinds]
        return [(label, table_of(label)) for label in labels]

    def insert(self, table: str, columns: list[str], rows: list[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        names = ", ".join(f'"{c}"' for c in columns)
        raw = self.connection.connection
        raw.execute("BEGIN")
        raw.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
        raw.execute("COMMIT")

    def copy(self, table: str, columns: list[str], rows: list[Row]) -> None:
        names = ", ".join(f'"{c}"' for c in columns)
        with self.connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as out:
            for row in rows:
                out.write_row(row)


def _finish() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM ANALYZE")
    connection.close()


def spread(customers: int, n: int) -> Iterator[int]:
    """`n` customer numbers all over the table."""
    yield from (mix(k) % customers for k in range(n))
