"""Ageing of very many receivables and one customer's statement of account, against the same questions in hand-written SQL.

    python -m bench.money [receivables = 1000000]

Twenty thousand customers of two hundred people in twelve branches owe the receivables, a third of them settled; one more
customer has ten thousand lines, half of them orders and half receipts.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

TODAY = date(2026, 6, 30)
CUSTOMERS, PEOPLE, BRANCHES, LINES = 20_000, 200, 12, 10_000
BATCH = 5_000
AGEING = """
SELECT {by}, SUM(CASE WHEN r.due_on >= %s OR r.due_on IS NULL THEN r.open_amount END),
       SUM(CASE WHEN r.due_on < %s AND r.due_on >= %s THEN r.open_amount END),
       SUM(CASE WHEN r.due_on < %s AND r.due_on >= %s THEN r.open_amount END),
       SUM(CASE WHEN r.due_on < %s AND r.due_on >= %s THEN r.open_amount END),
       SUM(CASE WHEN r.due_on < %s THEN r.open_amount END), COUNT(*)
FROM sales_receivable r JOIN customers_account a ON a.id = r.account_id
WHERE r.company_id = %s AND r.open_amount > 0 AND r.deleted_at IS NULL GROUP BY {by}
"""
STATEMENT = """
SELECT ordered_on, number, amount FROM sales_order WHERE account_id = %s AND deleted_at IS NULL
UNION ALL SELECT received_on, number, -amount FROM sales_receipt WHERE account_id = %s AND deleted_at IS NULL ORDER BY 1
"""


def main(receivables: int) -> None:
    boss, large = filled(_books, receivables)
    from guanxi.billing.queries.ageing import ageing_by
    from guanxi.billing.queries.statements import entries, statement_of

    days = [TODAY - timedelta(days=n) for n in (0, 0, 30, 30, 60, 60, 90, 90)]
    first = TODAY - timedelta(days=400)
    told = statement_of(large, boss, first, TODAY)
    rows = [
        (f"ageing by {name}", lambda name=name: ageing_by(boss, name, TODAY), AGEING.format(by=by), [*days, boss.company_id])
        for name, by in (("owner", "a.owner_id"), ("department", "a.department_id"), ("customer", "a.id"), ("grade", "a.grade"))
    ]  # fmt: skip
    pair = [large.pk, large.pk]
    rows.append(
        (
            "statement, all lines",
            lambda: [statement_of(large, boss, first, TODAY), *entries(told, boss)],
            STATEMENT,
            pair,
        )
    )
    rows.append(("statement, one page", lambda: [statement_of(large, boss, first, TODAY), *islice(entries(told, boss), 100)],
                 STATEMENT, pair))  # fmt: skip
    answers = [(name, ours, raw(sql, params)) for name, ours, sql, params in rows]
    table(answers, f"{receivables:,} receivables, {told.lines:,} lines of one customer")


def table(rows: list[tuple[str, Callable[[], Any], Callable[[], Any]]], about: str) -> None:
    """Each question by the product and by its floor, in seconds; then what they were asked of, and the memory it took."""
    print(f"{'question':<24}{'seconds':>9}{'floor':>9}{'ratio':>8}")
    for name, ours, floor in rows:
        spent, least = best(ours), best(floor)
        print(f"{name:<24}{spent:>9.3f}{least:>9.3f}{spent / least:>8.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{about}; peak memory {peak:,.0f} MB")


def filled(fill: Callable[[int], Any], number: int) -> Any:
    """A fresh database with what `fill` pours into it, its tables measured for the planner."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    found = fill(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return found


def raw(sql: str, params: list[Any]) -> Callable[[], Any]:
    from django.db import connection

    def ask() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return ask


def best(question: Callable[[], Any]) -> float:
    times = []
    for _turn in range(3):
        begun = time.perf_counter()
        question()
        times.append(time.perf_counter() - begun)
    return min(times)


def company_with(customers: int) -> tuple[Any, list[Any], list[Any]]:
    """A company with so many customers of two hundred people in twelve branches, and one who sees everything first."""
    from guanxi.customers.models import Account
    from guanxi.kernel.models import Company
    from guanxi.kernel.models.pour import insert
    from guanxi.kernel.work import unit_of_work
    from guanxi.org.models import Department, Role, User

    company = Company.objects.create(code="bench", name="Bench")
    branches = [Department(company=company, name=f"B{n}", code=f"b{n}") for n in range(BRANCHES)]
    people = [
        User(company=company, username=f"u{n}", name=f"U{n}", department=branches[n % BRANCHES]) for n in range(PEOPLE)
    ]
    role = Role(company=company, name="boss", code="boss", grants={"*": {"verbs": ["*"], "scope": "all"}})

    def staff() -> None:
        for row in (*branches, *people, role):
            row.save()
        people[0].roles.set([role])

    unit_of_work(staff)
    cards = [
        Account(
            company=company,
            name=f"C{n}",
            owner=people[n % PEOPLE],
            department=branches[n % BRANCHES],
            grade="ABCD"[n % 4],
        )
        for n in range(customers)
    ]
    insert(cards)
    return company, cards, people


def _books(receivables: int) -> tuple[Any, Any]:
    """Its books: poured without a trail, as a benchmark of reading needs no history."""
    from guanxi.kernel.models.pour import insert
    from guanxi.org.models import User
    from guanxi.sales.models import Order, Receipt, Receivable

    company, cards, people = company_with(CUSTOMERS + 1)
    large = cards.pop()  # who has all the lines

    def order(n: int, card: Any, amount: Decimal) -> Any:
        day = TODAY - timedelta(days=n % 400)
        return Order(company=company, number=f"O{n}", account=card, ordered_on=day, due_on=day + timedelta(days=30),
                     state="delivered", amount=amount, payment="open")  # fmt: skip

    for start in range(0, receivables, BATCH):
        orders = [
            order(n, cards[n % CUSTOMERS], Decimal(n % 977 + 1)) for n in range(start, min(start + BATCH, receivables))
        ]
        insert(orders)
        insert([
            Receivable(company=company, order=one, account=one.account, due_on=one.due_on, amount=one.amount,
                       settled=one.amount if n % 3 == 0 else 0, open_amount=0 if n % 3 == 0 else one.amount)
            for n, one in enumerate(orders)
        ])  # fmt: skip
    insert([order(receivables + n, large, Decimal(n % 977 + 1)) for n in range(LINES // 2)])
    insert([
        Receipt(company=company, number=f"R{n}", account=large, amount=Decimal(n % 977 + 1), unmatched=Decimal(n % 977 + 1),
                received_on=TODAY - timedelta(days=n % 400)) for n in range(LINES // 2)
    ])  # fmt: skip
    return User.objects.get(pk=people[0].pk), large


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("GUANXI_HOME", home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.project.settings"
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
