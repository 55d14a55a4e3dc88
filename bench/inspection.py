"""Files with planted defects of each kind: what the checks find, what they raise without cause, and how fast they are.

    python -m bench.inspection [files = 20000]

Fills a database of its own with believable files (the generator of the demonstration), plants defects whose list is kept
apart, and walks the base as the monthly screening does.  The detection rate is of the planted files of a kind; a false
alarm is a finding of that kind on a file where none was planted.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

SHARE = 0.01  # of the files get a defect of a kind
BATCH = 500


def main(files: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    company = _fill(files)
    planted = _plant(company, files)
    _keys(company)
    from guanxi.customers.models import Account
    from guanxi.filing.queries.checks import Checker

    checker = Checker(company.pk)
    found: dict[str, set[int]] = defaultdict(set)
    begun, last = time.perf_counter(), 0
    rows = Account.objects.filter(company=company).order_by("pk")
    total = rows.count()
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        for pk, faults in checker.check(batch).items():
            for fault in faults:
                found[fault.kind].add(pk)
    seconds = time.perf_counter() - begun
    print(f"{'kind':<12}{'planted':>9}{'detected':>10}{'rate':>8}{'false alarms':>14}{'per 1,000 files':>17}")
    for kind in ("missing", "impossible", "duplicate", "fictitious", "misbooked"):
        there, seen = planted[kind], found[kind]
        hit, wrong = len(there & seen), len(seen - there)
        rate = hit / len(there) if there else 0
        print(f"{kind:<12}{len(there):>9,}{hit:>10,}{rate:>8.1%}{wrong:>14,}{wrong * 1000 / total:>17.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{total:,} files in {seconds:.1f} s, {total / seconds:,.0f} a second, peak memory {peak:,.0f} MB")


def _fill(files: int) -> Any:
    """Sound files: what the standard requires is there, so that everything missing is planted."""
    from guanxi.customers.models import FilingStandard
    from guanxi.desk.demo import generate

    company = generate.build(files, lambda *_args: None)
    for standard in FilingStandard.objects.filter(company=company):
        asked = [{**item, "required": item["field"] in ("name", "phone", "address")} for item in standard.fields]
        FilingStandard.objects.filter(pk=standard.pk).update_silently(fields=asked)
    return company


def _keys(company: Any) -> None:
    """What was planted past the verbs gets its keys, as a change of the files would have given it."""
    from guanxi.duplicates.kinds import kinds
    from guanxi.duplicates.models import DupKey
    from guanxi.duplicates.services.keys import write

    DupKey.objects.filter(company=company).delete()
    for kind in kinds():
        rows = kind.entity.model._base_manager.filter(company=company, deleted_at=None)
        write((kind, company.pk, row["pk"], kind.of_values(row)) for row in rows.values("pk", *kind.watched))


def _plant(company: Any, files: int) -> dict[str, set[int]]:
    """Each kind in files of its own; returns which."""
    from guanxi.customers.models import Account

    dice = random.Random("inspection")
    ids = list(Account.objects.filter(company=company).order_by("pk").values_list("pk", flat=True))
    companies = set(Account.objects.filter(company=company, kind="company", parent=None).values_list("pk", flat=True))
    dice.shuffle(ids)
    n = max(int(files * SHARE), 10)
    part = iter(ids)

    def take(count: int, among: set[int] | None = None) -> list[int]:
        chosen: list[int] = []
        while len(chosen) < count:
            pk = next(part)
            if among is None or pk in among:
                chosen.append(pk)
        return chosen

    def change(pk: int, **values: Any) -> None:
        Account.everything.filter(pk=pk).update_silently(**values)

    planted: dict[str, set[int]] = defaultdict(set)
    for number, pk in enumerate(take(n)):
        change(pk, **({"address": ""} if number % 2 else {"phone": ""}))
        planted["missing"].add(pk)
    tomorrow = date.today() + timedelta(days=30)
    odd = ({"phone": ""}, {"region_code": "999999"}, {"founded_on": tomorrow}, {"email": "nobody at home"})
    for number, pk in enumerate(take(n, companies)):
        change(pk, **(odd[number % len(odd)] if number % len(odd) else {"phone": f"138{number:05d}"}))
        planted["impossible"].add(pk)
    _plant_twins(take(2 * n, companies), change, planted)
    _plant_fictions(take(n), change, planted)
    _plant_sales(company, set(part), n, dice, planted)
    return planted


def _plant_sales(company: Any, accounts: set[int], n: int, dice: random.Random, planted: dict[str, set[int]]) -> None:
    """Orders get the mobile of another customer's contact."""
    from guanxi.customers.models import Contact
    from guanxi.sales.models import Order

    orders = list(
        Order.objects.filter(company=company, account__in=accounts).order_by("pk").values_list("pk", "account_id")
    )
    dice.shuffle(orders)
    donors = list(
        Contact.objects.filter(company=company, account__parent=None)
        .exclude(mobile="")
        .values_list("account_id", "mobile")[: 20 * n]
    )
    for (order, account), (other, mobile) in zip(orders[:n], dice.sample(donors, min(n, len(donors))), strict=False):
        if account != other and account not in planted["misbooked"]:
            Order.objects.filter(pk=order).update_silently(phone=mobile)
            planted["misbooked"].add(account)


def _plant_twins(ids: list[int], change: Any, planted: dict[str, set[int]]) -> None:
    """The newer of two files gets the name, the city or the phone of the older, as people write them."""
    from guanxi.customers.models import Account

    for number, (a, b) in enumerate(zip(ids[::2], ids[1::2], strict=True)):
        older, newer = sorted((a, b))
        row = Account.objects.get(pk=older)
        if number % 2 and row.phone:
            change(newer, phone=row.phone, credit_code=None)
        else:
            name = row.name.replace("有限公司", "公司")
            change(newer, name=name, name_key=row.name_key, region_code=row.region_code, credit_code=None)
        planted["duplicate"].add(newer)


def _plant_fictions(ids: list[int], change: Any, planted: dict[str, set[int]]) -> None:
    names = ("测试客户", "test", "某某", "无名", "张三")
    for number, pk in enumerate(ids):
        whole = number - number % 12 + 12 <= len(ids)  # a phone of less than three files is no sign
        match number % 3 if whole else 1:
            case 0:
                change(pk, phone="13888888888" if number % 2 else "13912345678")
            case 1:
                change(pk, name=names[number % len(names)])
            case 2:
                change(pk, phone=f"1380571{number // 12:04d}")
        planted["fictitious"].add(pk)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["GUANXI_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.project.settings"
        os.environ.pop("GUANXI_DATABASE_URL", None)
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
