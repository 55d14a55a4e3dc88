"""A full day's run of all ready clauses, the run a quarter of an hour later, and the quiet day after it, against the same questions in hand-written SQL.

    python -m bench.rulebook [customers = 50000]

The day is the first of January: every clause about a month, quarter, half or year opens its duties.  A twentieth of the
customers are of class A, three twentieths of class B, six tenths buy; two hundred people work in twelve branches; one
customer in two hundred orders that day, one in a thousand is seen on the next.  The floor counts, clause by clause, the
customers and orders that owe something and the duties with evidence, and copies the opened duties into a bare table.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from typing import Any

DAY = timedelta(days=1)


def main(customers: int) -> None:
    import django
    from django.core.management import call_command
    from django.urls import reverse

    django.setup()
    call_command("migrate", verbosity=0)
    from guanxi.kernel import clock
    from guanxi.rulebook import engine
    from tests.planted.company import wake
    from tests.planted.year import EVENING, FIRST, at

    reverse("home")  # the addresses are read once per process, not once per run
    year = _company(customers)
    evenings = [at(FIRST, EVENING), at(FIRST + DAY, EVENING)]
    rows, before, spent = [], None, []
    for n, evening in enumerate(evenings):
        _happen(year, evening, customers, n)
        wake(year, evening, before)
        _analyze()
        floor = _floor(year, evening, opens=n == 0)
        for minutes in (0, 15)[: 2 - n]:
            moment = evening + timedelta(minutes=minutes)
            with clock.shifted(moment):
                begun, used = time.perf_counter(), time.process_time()
                done = engine.judge(year.company, moment)
                spent.append((time.perf_counter() - begun, time.process_time() - used))
            names = ("full day", "quarter of hour later", "quiet next day")
            rows.append((names[len(rows)], *spent[-1], floor + (_copy() if n == minutes == 0 else 0), done))
        before = evening
    print(f"{'run':<23}{'seconds':>9}{'processor':>11}{'floor':>9}{'ratio':>8}  figures")
    for name, seconds, processor, floor, done in rows:
        print(f"{name:<23}{seconds:>9.2f}{processor:>11.2f}{floor:>9.2f}{seconds / floor:>8.1f}  {done}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    by_clock, by_processor = (full / quiet for full, quiet in zip(spent[0], spent[-1], strict=True))
    print(
        f"{customers:,} customers; the quiet day is 1/{by_clock:.1f} of the full one by the clock, 1/{by_processor:.1f} by "
        f"the processor; peak memory {peak:,.0f} MB"
    )


def _company(customers: int) -> Any:
    from guanxi.kernel.models import Company
    from guanxi.org.models import User
    from tests.planted import year as frame
    from tests.planted.company import planted

    User.set_password = lambda self, _raw: setattr(self, "password", "!")  # type: ignore[method-assign]
    grades = {0: "A", 1: "B", 2: "B", 3: "B"}
    sound = frame.Account

    def account(**values: Any) -> Any:
        n = int(values["name"][2:])
        grade = grades.get(n % 20, "")
        return sound(**{
            **values, "grade": grade, "stage": "repeat" if n % 10 < 6 else "potential",
            "first_order_on": frame.FIRST - 200 * DAY, "last_contact_on": frame.FIRST - (5 + n % 27) * DAY,
        })  # fmt: skip

    frame.Account = account  # type: ignore[assignment, misc]
    company = Company.objects.create(code="bench", name="远航设备", short_name="远航")
    return planted(company, last=frame.FIRST + 59 * DAY, branches=12, sellers=14, stories=40, crowd=customers)


def _happen(year: Any, evening: Any, customers: int, n: int) -> None:
    """Orders of the first day, return visits of the second."""
    from guanxi.interactions.models import ReturnVisit
    from guanxi.sales.models import Order

    moment = evening - timedelta(hours=4)
    crowd = year.base[-customers:]
    if n == 0:
        for i, account in enumerate(crowd[::200]):
            year.add(Order, moment, account=account, owner=account.owner, number=f"B{i}", ordered_on=moment.date(),
                     state="confirmed")  # fmt: skip
        return
    for account in crowd[::1000]:
        year.add(ReturnVisit, moment, account=account, owner=account.owner, due_on=moment.date(), state="done",
                 done_at=moment)  # fmt: skip


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


LIVE = "a.company_id = {company} AND a.deleted_at IS NULL AND a.owner_id IS NOT NULL AND a.retired_on IS NULL"
NONE = "NOT EXISTS (SELECT 1 FROM rulebook_duty d WHERE d.clause_id = {clause} AND d.subject_id = a.id AND d.turn = {turn})"
UNMET = "NOT EXISTS (SELECT 1 FROM rulebook_duty d WHERE d.clause_id = {clause} AND d.subject_id = a.id AND d.state IN ('open', 'missed'))"
# Clause -> the customers who owe it: for a period, and for as long as something does not hold.
PERIODS = {
    "RV-01": "a.grade = 'A'", "COMM-05": "a.grade = 'A'", "LIFE-03": "a.stage IN ('first', 'repeat', 'loyal')",
    "RV-04": "a.grade IN ('A', 'B') AND a.first_order_on IS NOT NULL",
}  # fmt: skip
HOLDS = {
    "CLASS-09-a": "a.grade = 'A' AND (a.last_contact_on IS NULL OR a.last_contact_on < '{d30}') AND a.created_at < '{d30}'",
    "CLASS-09-b": "a.grade = 'B' AND (a.last_contact_on IS NULL OR a.last_contact_on < '{d90}') AND a.created_at < '{d90}'",
    "INFO-14": "EXISTS (SELECT 1 FROM filing_recheck r WHERE r.account_id = a.id AND r.next_check_on < '{today}')",
    "INFO-20": "a.created_at >= '{d14}' AND (a.name = '' OR (a.phone = '' AND a.email = '') OR a.business_needs = '')",
    "QUAL-02": "a.last_order_on >= '{d7}' AND a.completeness < 80",
    "QUAL-06-a": "a.channel_id = {direct} AND a.created_at < '{d183}' AND (a.confirmed_on IS NULL OR a.confirmed_on < '{d183}')",
    "QUAL-06-b": "a.channel_id = {direct} AND a.created_at >= '{d30}' AND a.completeness < 80",
    "ORG-08": "a.grade = 'A'",
}
ORDERS = ("FUP-03", "RV-05", "SALE-09")
EVIDENCE = {
    **dict.fromkeys(("RV-01", "RV-05", "LIFE-03", "RV-04"), ("interactions_returnvisit", "done_at")),
    **dict.fromkeys(("COMM-05", "FUP-03"), ("interactions_interaction", "at")),
}


def _floor(year: Any, evening: Any, *, opens: bool) -> float:
    """Seconds for the same questions, asked of the tables by hand."""
    from django.db import connection

    from guanxi.rulebook.models import Clause

    ids = dict(Clause.objects.filter(company=year.company).values_list("code", "pk"))
    today = evening.date()
    known = {"company": year.company.pk, "today": today, "turn": today.toordinal(),
             "direct": year.channels["direct-sales"].pk}  # fmt: skip
    known |= {f"d{n}": today - n * DAY for n in (7, 14, 30, 90, 183)}
    asked = [(code, f"customers_account a WHERE {LIVE} AND {where} AND {UNMET}") for code, where in HOLDS.items()]
    if opens:
        asked += [(code, f"customers_account a WHERE {LIVE} AND {where} AND {NONE}") for code, where in PERIODS.items()]
    asked += [
        (code, "sales_order a WHERE a.company_id = {company} AND a.deleted_at IS NULL AND a.ordered_on = '{today}' AND "
               + UNMET)
        for code in ORDERS
    ]  # fmt: skip
    asked += [
        (code, "rulebook_duty a WHERE a.clause_id = {clause} AND a.state IN ('open', 'missed') AND EXISTS (SELECT 1 FROM "
               f"{table} e WHERE e.account_id = a.account_id AND e.{column} >= a.opened_at)")
        for code, (table, column) in EVIDENCE.items()
    ]  # fmt: skip
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for code, text in asked:
            cursor.execute(f"SELECT count(*) FROM {text}".format(**known, clause=ids[code]))
            cursor.fetchone()
    return time.perf_counter() - begun


def _copy() -> float:
    """Seconds to write as many rows as were opened into a table with the same indexes."""
    from django.db import connection

    from guanxi.rulebook.models import Duty

    names = [
        ",".join(Duty._meta.get_field(part.lstrip("-")).column for part in index.fields) for index in Duty._meta.indexes
    ]
    names += ["clause_id,subject_id,turn", "id"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE floor_duty AS SELECT * FROM rulebook_duty WHERE 1 = 0")
        for n, columns in enumerate(names):
            cursor.execute(f"CREATE INDEX floor_duty_{n} ON floor_duty ({columns})")
        begun = time.perf_counter()
        cursor.execute("INSERT INTO floor_duty SELECT * FROM rulebook_duty")
    return time.perf_counter() - begun


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("GUANXI_HOME", home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.project.settings"
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
