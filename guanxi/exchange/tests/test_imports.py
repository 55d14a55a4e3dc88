"""Import through the wizard: values as people write them, rows told what is wrong, jobs that go on after a kill."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from guanxi.audit.models import Entry
from guanxi.catalog.models import Product, ProductCategory
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.exchange.importing import run as running
from guanxi.exchange.tests.wizard import (
    book,
    counted,
    failures,
    match,
    parked,
    reasons,
    run,
    sheet,
    slug,
    take_in,
    upload,
)
from guanxi.kernel import jobs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import ExtraField, ImportedRow, Job
from guanxi.org.models import Department, User
from guanxi.sales.models import Order, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.req("BEYOND-05")]


def test_dates_amounts_and_phones_are_read_as_people_write_them(boss: Client) -> None:
    header = ("客户名称", "电话", "成立日期", "注册资本")
    rows = [
        ("甲", 13800138000, "2020-01-02", "¥1,200万"),
        ("乙", "1.3800138001E+10", "2020/1/2", "3亿元"),
        ("丙", "0571-88886666", "2020年1月2日", 1200.5),
        ("丁", "+86 13800138003", 43832, "１２００"),
        ("戊", "", "20200102", ""),
    ]
    job = take_in(
        boss,
        "customers.account",
        book(header, *rows),
        "rows.xlsx",
        **{"成立日期": "founded_on", "注册资本": "registered_capital"},
    )
    assert reasons(job) == {}
    made = {a.name: a for a in Account.objects.all()}
    assert {str(a.founded_on) for a in made.values()} == {"2020-01-02"}
    assert [made[n].phone for n in "甲乙丙丁戊"] == ["13800138000", "13800138001", "0571-88886666", "13800138003", ""]
    assert [made[n].registered_capital for n in "甲乙丙丁戊"] == [
        Decimal(12_000_000), Decimal(300_000_000), Decimal("1200.5"), Decimal(1200), None,
    ]  # fmt: skip


def test_bad_rows_come_back_with_reasons_and_are_taken_in_once_mended(boss: Client, owner: User) -> None:
    header = ("客户名称", "电话", "成立日期", "注册资本", "业务员")
    rows = [
        ("好公司", "13800138000", "2020-01-02", "1万", "沈总"),
        ("坏电话", "1380013", "", "", ""),
        ("坏日期", "", "2020-02-30", "", ""),
        ("坏金额", "", "", "一堆", ""),
        ("无人", "", "", "", "查无此人"),
        ("", "13800138009", "", "", ""),
    ]
    names = {"成立日期": "founded_on", "注册资本": "registered_capital"}
    job = take_in(boss, "customers.account", sheet(header, *rows, encoding="gb18030"), **names)
    assert counted(job) == {"created": 1, "failed": 5}
    why = reasons(job)
    assert sorted(why) == [3, 4, 5, 6, 7]
    assert "1380013" in why[3] or "11" in why[3]
    assert "2020-02-30" in why[4]
    assert "一堆" in why[5]
    assert "查无此人" in why[6]
    response = boss.get(reverse("import-errors", args=[slug("customers.account"), job.pk]))
    back = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert back[0][:5] == list(header)
    assert [row[0] for row in back[1:]] == ["坏电话", "坏日期", "坏金额", "无人", ""]
    assert all(row[5] for row in back[1:])
    mended = [
        back[0],
        ["坏电话", "13800138001", "", "", "", ""],
        ["坏日期", "", "2020-02-28", "", "", ""],
        ["坏金额", "", "", "5万", "", ""],
    ]
    mended += [["无人", "", "", "", "owner", ""], ["有名", "13800138009", "", "", "", ""]]
    again = parked(upload(boss, "customers.account", sheet(*mended), again=job.pk))
    assert again.args["mapping"] == job.args["mapping"]
    assert match(boss, again).status_code == 302
    assert counted(run(boss, again)) == {"created": 5}
    assert Account.objects.count() == 6
    assert Account.objects.get(name="无人").owner == owner


def test_a_row_that_failed_is_told_by_its_name_with_the_reason_and_what_to_do(boss: Client, owner: User) -> None:
    there = saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    rows = [
        ("K1", "客户一", ""),
        ("K2", "客户二", ""),
        ("K2", "客户贰", ""),
        ("K3", "坏电话", "1380013"),
        ("", "", "13800138009"),
    ]
    job = take_in(boss, "customers.account", sheet(("编号", "客户名称", "电话"), *rows), key=["code"])
    told = failures(boss, job)
    assert {line: cells[0] for line, cells in told.items()} == {
        2: "客户一 · K1", 4: "客户贰 · K2", 5: "坏电话 · K3", 6: "—",
    }  # fmt: skip
    assert "客户1" in told[2][1] and told[2][2].startswith("On file already")
    assert told[2][3] == f"/customers/{there.pk}/"
    assert told[4][2] == "Keep one of the two rows"
    assert told[5][2] == told[6][2] == "Mend it in the error file and import that"


def test_one_row_per_act_is_in_the_trail_and_the_file_is_named(boss: Client) -> None:
    take_in(boss, "customers.account", sheet(("客户名称",), ("甲",), ("乙",)))
    entries = Entry.objects.filter(label="customers.account", channel="import")
    assert sorted(entries.filter(verb="exchange.import").values_list("title", flat=True)) == ["乙", "甲"]
    assert '"created":2' in entries.get(verb="import").new


def test_author_and_time_of_old_records_are_kept(boss: Client, seller: User) -> None:
    content = sheet(("客户名称", "建档时间", "录入人"), ("老客户", "2019-03-04 10:20", "林知远"))
    take_in(boss, "customers.account", content)
    made = Account.objects.get()
    assert (made.created_at.isoformat(), made.created_by) == ("2019-03-04T02:20:00+00:00", seller)


def test_extra_fields_and_choices_and_yes_or_no_are_understood(boss: Client, owner: User) -> None:
    saved(
        ExtraField(
            company=owner.company,
            label="customers.account",
            name="colour",
            title="偏爱颜色",
            kind="choice",
            options=["红", "蓝"],
        )
    )
    owner.company.refresh_from_db()
    content = sheet(
        ("客户名称", "偏爱颜色", "kind", "is_key"),
        ("甲", "红", "person", "是"),
        ("乙", "绿", "company", "N"),
        ("丙", "蓝", "", "maybe"),
    )
    job = take_in(boss, "customers.account", content)
    assert sorted(reasons(job)) == [3, 4]
    made = Account.objects.get()
    assert (made.extra, made.kind, made.is_key) == ({"colour": "红"}, "person", True)


def test_regions_come_by_name_or_code(boss: Client) -> None:
    content = sheet(
        ("客户名称", "地区"), ("甲", "浙江省杭州市西湖区"), ("乙", "杭州市"), ("丙", "330106"), ("丁", "朝阳区")
    )
    job = take_in(boss, "customers.account", content)
    assert sorted(reasons(job)) == [5]
    assert dict(Account.objects.values_list("name", "region_code")) == {"甲": "330106", "乙": "330100", "丙": "330106"}


def test_rows_may_point_to_rows_of_the_same_file(boss: Client) -> None:
    content = sheet(
        ("code", "name", "parent"), ("a", "大类", ""), ("b", "小类", "大类"), ("c", "更小", "b"), ("d", "无", "没有")
    )
    job = take_in(boss, "catalog.productcategory", content)
    assert sorted(reasons(job)) == [5]
    assert ProductCategory.objects.get(code="c").parent.parent.code == "a"


def test_departments_get_their_place_in_the_tree(boss: Client, headquarters: Department) -> None:
    job = take_in(
        boss, "org.department", sheet(("code", "name", "parent"), ("n-1", "北一店", "hq"), ("n-2", "北二店", "n-1"))
    )
    assert reasons(job) == {}
    assert Department.objects.get(code="n-2").path.startswith(Department.objects.get(code="n-1").path)


def test_orders_come_with_their_lines_wherever_these_stand(boss: Client, owner: User) -> None:
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    saved(Product(company=owner.company, code="P1", name="轴承", price=Decimal(10)))
    header = ("number", "account", "ordered_on", "lines.product", "lines.quantity", "lines.price")
    rows = [
        ("SO1", "客户1", "2026-01-05", "P1", 2, 10), ("SO2", "K1", "2026-01-06", "轴承", 1, 7),
        ("SO1", "客户1", "2026-01-05", "轴承", 3, 5), ("SO3", "K1", "2026-01-06", "轴承", 1, 7), ("SO3", "K1", "", "没有", 1, 7),
    ]  # fmt: skip
    job = take_in(boss, "sales.order", sheet(header, *rows), key=["number"])
    assert counted(job) == {"created": 2, "merged": 1, "failed": 2}
    assert {o.number: (o.lines.count(), o.amount) for o in Order.objects.all()} == {
        "SO1": (2, Decimal(35)),
        "SO2": (1, Decimal(7)),
    }
    assert set(reasons(job)) == {5, 6}


@pytest.mark.parametrize("text", ["database is locked", "database or disk is full"])
def test_a_locked_database_and_a_full_disk_lose_and_repeat_nothing(
    boss: Client, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    left = [3]

    def fault(_attempt: int) -> None:
        if ImportedRow.objects.exists() and left[0]:
            left[0] -= 1
            raise OperationalError(text)

    monkeypatch.setattr(running, "BATCH", 2)
    job = parked(upload(boss, "customers.account", sheet(("客户名称",), *((f"客户{n}",) for n in range(6)))))
    match(boss, job)
    monkeypatch.setattr(work, "inject_fault", fault)
    job = run(boss, job)
    while job.state == "ready":
        assert text in job.message
        assert text in boss.get(reverse("job", args=[job.pk])).content.decode()
        Job.objects.filter(pk=job.pk).update(run_at=job.created_at)
        jobs.work_off()
        job.refresh_from_db()
    assert (counted(job), left) == ({"created": 6}, [0])
    assert sorted(Account.objects.values_list("name", flat=True)) == [f"客户{n}" for n in range(6)]


def test_a_row_the_business_refuses_at_the_end_fails_alone(boss: Client, owner: User) -> None:
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    header = ("number", "account", "ordered_on", "lines.description", "lines.quantity", "lines.price")
    rows = [(f"SO{n}", "K1", "2026-01-05", "物品", -1 if n == 3 else 1, 10) for n in range(1, 8)]
    job = take_in(boss, "sales.order", sheet(header, *rows), key=["number"])
    assert counted(job) == {"created": 6, "failed": 1}
    assert list(reasons(job)) == [4]
    assert Order.objects.filter(number="SO3").count() == 0


def test_old_orders_keep_their_state(boss: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity("sales.order"), "import_fields", ("state",))
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    header = ("number", "account", "ordered_on", "state", "lines.description", "lines.quantity", "lines.price")
    job = take_in(
        boss, "sales.order", sheet(header, ("A1", "K1", "2026-01-05", "completed", "物品", 2, 10)), key=["number"]
    )
    assert reasons(job) == {}
    made = Order.objects.get()
    assert (made.state, made.amount) == ("completed", Decimal(20))


@pytest.mark.req("ORDER-02")
def test_an_old_order_of_many_lines_is_paid_to_the_cent(boss: Client, owner: User) -> None:
    """Added up in floating point, fifty-one times 1.15 is 58.6499999999999."""
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    header = ("number", "account", "ordered_on", "state", "lines.description", "lines.quantity", "lines.price")
    rows = [("A1", "K1", "2026-01-05", "completed", f"物品{n}", 1, "1.15") for n in range(51)]
    assert reasons(take_in(boss, "sales.order", sheet(header, *rows), key=["number"])) == {}
    made, receipt = Order.objects.get(), Receipt.objects.get()
    assert (made.amount, made.received, made.payment) == (Decimal("58.65"), Decimal("58.65"), "paid")
    assert (receipt.amount, receipt.allocated, receipt.unmatched) == (Decimal("58.65"), Decimal("58.65"), 0)


def test_the_progress_of_a_job_is_a_fragment_that_stops_asking_when_done(boss: Client) -> None:
    job = parked(upload(boss, "customers.account", sheet(("客户名称",), ("甲",))))
    match(boss, job)
    boss.post(reverse("import-run", args=[slug("customers.account"), job.pk]))
    fragment = {"HX-Request": "true"}
    busy = boss.get(reverse("job", args=[job.pk]), headers=fragment).content.decode()
    jobs.work_off()
    done = boss.get(reverse("job", args=[job.pk]), headers=fragment).content.decode()
    assert ("hx-trigger" in busy, "hx-trigger" in done, "<html" in busy) == (True, False, False)
    assert reverse("import-result", args=[slug("customers.account"), job.pk]) in done


def test_a_row_is_told_all_that_is_wrong_with_it_at_once(boss: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    header = ("客户名称", "统一社会信用代码", "邮箱", "成立日期", "负责人")
    bad = ("宁波东升机械有限公司", "91330100MA27XYZ", "东升", "2026-13-40", "查无此人")
    rows = [bad, ("绍兴金轮轴承厂", "", "", "2026-13-40", "")]
    job = take_in(boss, "customers.account", sheet(header, *rows))
    first, second = ImportedRow.objects.filter(job=job).order_by("line").values_list("reason", flat=True)
    assert [field for field in header if f"{field}：" in first] == ["统一社会信用代码", "邮箱", "成立日期", "负责人"]
    assert [field for field in header if f"{field}：" in second] == ["成立日期"]


def test_a_cancelled_import_keeps_what_it_did_and_goes_on(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    job = parked(upload(boss, "customers.account", sheet(("客户名称",), *((f"客户{n}",) for n in range(6)))))
    match(boss, job)
    plain = running.Import.take

    def once(self: Any, batch: Any) -> int:
        boss.post(reverse("job-cancel", args=[job.pk]))
        return plain(self, batch)

    monkeypatch.setattr(running.Import, "take", once)
    assert run(boss, job).state == "cancelled"
    assert Account.objects.count() == 2
    monkeypatch.setattr(running.Import, "take", plain)
    assert "import-undo" not in boss.get(reverse("job", args=[job.pk])).content.decode()
    assert counted(run(boss, job)) == {"created": 6}


def test_only_the_requester_sees_a_job(boss: Client, client: Client, leader: User) -> None:
    job = take_in(boss, "customers.account", sheet(("客户名称",), ("甲",)))
    assert boss.get(reverse("job", args=[job.pk])).status_code == 200
    client.force_login(leader)
    assert client.get(reverse("job", args=[job.pk])).status_code == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_where_it_stood(client: Client, owner: User, settings: Any) -> None:
    client.force_login(owner)
    job = parked(upload(client, "customers.account", sheet(("客户名称",), *((f"客户{n}",) for n in range(4000)))))
    match(client, job)
    client.post(reverse("import-run", args=[slug("customers.account"), job.pk]))
    code = (
        "import django; django.setup(); from django.db import connection; "
        "connection.settings_dict['NAME'] = __import__('os').environ['TEST_DB']; from guanxi.kernel import jobs; jobs.work_off()"
    )
    from django.db import connection

    environment = {**os.environ, "GUANXI_HOME": str(settings.HOME), "TEST_DB": str(connection.settings_dict["NAME"])}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment)
    deadline = time.monotonic() + 60
    while ImportedRow.objects.filter(job=job).count() < 1000 and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = ImportedRow.objects.filter(job=job).count()
    assert 1000 <= done < 4000
    assert Account.objects.count() == done
    Job.objects.filter(pk=job.pk).update(leased_until=job.created_at)  # the lease runs out
    jobs.work_off()
    job.refresh_from_db()
    assert (job.state, counted(job)) == ("done", {"created": 4000})
    assert Account.objects.values("name").distinct().count() == 4000


def test_countries_come_in_by_name_and_by_code(boss: Client) -> None:
    rows = (("甲", "中国"), ("乙", "Japan"), ("丙", "us"), ("丁", "香港"), ("戊", "ZZ"), ("己", "火星"))
    job = take_in(boss, "customers.account", sheet(("客户名称", "国家/地区"), *rows))
    stored = dict(Account.objects.values_list("name", "country"))
    assert stored == {"甲": "CN", "乙": "JP", "丙": "US", "丁": "HK", "戊": "ZZ"}
    assert "火星" in reasons(job)[7]
