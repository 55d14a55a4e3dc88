"""Inspection: drawn by the calendar, whole or by share, listed file by file; the monthly screening of all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import run, saved
from guanxi.customers.models import Account
from guanxi.filing.models import Finding, InspectedFile, Inspection, InspectionPlan
from guanxi.filing.services.inspection import rounds
from guanxi.filing.tests.conftest import at
from guanxi.filing.tests.files import file
from guanxi.incentives.models import Entry
from guanxi.kernel import jobs, work
from guanxi.org.models import Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weekly_only")]


@pytest.mark.req("QUAL-08", "QUAL-17")
def test_the_week_is_drawn_once_on_its_first_working_day_and_goes_back_to_the_branch_with_the_defect_named(
    client: Client, seller: User, accountant: User, leader: User, inspector: User, stranger: User
) -> None:
    with at(12, 10):
        file(seller, "好厂", phone="0571-88881111")
        file(seller, "缺厂", phone="0571-88882222", address="")
    with at(17, 10):
        file(seller, "下周厂", phone="0571-88883333", address="")
    with at(15, 6):  # a Sunday
        assert run(rounds)["drawn"] == 0
    with at(16, 6):
        assert run(rounds)["drawn"] == 1
        assert run(rounds)["drawn"] == 0
    batch = Inspection.objects.get()
    assert (batch.state, batch.files, batch.inspected, batch.defective, batch.owner) == ("done", 2, 2, 1, inspector)
    assert (batch.first, batch.last) == (date(2026, 11, 9), date(2026, 11, 15))
    finding = Finding.objects.get()
    assert (finding.account.name, finding.kind, finding.field, finding.owner, finding.department) == (
        "缺厂", "missing", "address", accountant, seller.department,
    )  # fmt: skip
    assert finding.due_on == date(2026, 11, 19)
    told = dict(Notice.objects.values_list("user__username", "text"))
    assert set(told) == {"accountant", "leader"}
    client.force_login(accountant)
    assert "缺" in client.get("/findings/?view=mine").content.decode()
    client.force_login(stranger)
    assert client.get(f"/findings/{finding.pk}/").status_code == 404


@pytest.mark.req("QUAL-09")
def test_three_bad_files_in_a_row_propose_an_incentive_a_good_one_between_does_not(
    accountant: User, inspector: User, seller: User
) -> None:
    def week(day: int, *good: bool) -> None:
        with at(day, 10):
            for n, whole in enumerate(good):
                file(seller, f"厂{day}号{n}", phone=f"0571-8{day:02d}7{n}321", address="文三路1号" if whole else "")
        with at(day + (7 - datetime(2026, 11, day).weekday()), 6):
            run(rounds)

    week(3, False, False, True, False, False)
    assert not Entry.objects.exists()
    week(10, False, False)
    rows = Entry.objects.order_by("pk")
    assert [(r.source, r.owner, r.amount, r.state, r.account.name) for r in rows] == [
        ("filing.streak", accountant, Decimal(-20), "proposed", "厂10号0"),
        ("filing.streak", accountant, Decimal(-20), "proposed", "厂10号1"),
    ]  # fmt: skip


@pytest.mark.req("QUAL-12")
def test_every_month_all_files_are_screened_inside_their_company_and_a_killed_run_goes_on(
    seller: User, inspector: User, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guanxi.filing.services import inspection

    monkeypatch.setattr(inspection, "BATCH", 2)
    InspectionPlan.objects.filter(period="monthly").update_silently(is_active=True)
    InspectionPlan.objects.filter(period="weekly").update_silently(is_active=False)
    with at(5, 10, month=6):
        names = ["甲机械厂", "乙机械厂", "丙机械厂", "丁机械厂", "戊机械厂"]
        files = [
            file(seller, name, phone="13812340000" if n < 3 else f"0571-8888777{n}") for n, name in enumerate(names)
        ]
        saved(Account(company=outsider.company, name="别家一", phone="13812340000"))
    with at(1, 6, month=12):
        jobs.work_off()
        work.unit_of_work(lambda: rounds.enqueue())
        waiting = jobs.claim()
        assert waiting is not None
        jobs.execute(waiting)
        killed = jobs.claim()
        assert killed is not None
        calls = []
        real = inspection.keep

        def dies(*args: Any) -> Any:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return real(*args)

        monkeypatch.setattr(inspection, "keep", dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.execute(killed)
        monkeypatch.setattr(inspection, "keep", real)
        jobs.Job.objects.filter(pk=killed.job.pk).update(leased_until=datetime(2026, 1, 1, tzinfo=UTC))
        jobs.work_off()
    batch = Inspection.objects.get(plan__files="all")
    assert (batch.state, batch.inspected, batch.defective) == ("done", 5, 3)
    assert sorted(Finding.objects.values_list("account__name", flat=True)) == sorted(f.name for f in files[:3])
    assert InspectedFile.objects.count() == 0


@pytest.mark.req("QUAL-08")
def test_a_plan_may_take_a_share_of_the_new_files(seller: User, inspector: User, company: Any) -> None:
    plan = InspectionPlan.objects.get(company=company, period="weekly")
    plan.share = 40
    saved(plan)
    with at(12, 10):
        for n in range(5):
            file(seller, f"厂{n}号", phone=f"0571-8888111{n}")
    with at(16, 6):
        run(rounds)
    batch = Inspection.objects.get()
    assert (batch.files, batch.inspected) == (5, 2)


def listed(html: str) -> list[tuple[str, str, list[str]]]:
    """The files of an inspection as its page lists them: name, result, defects."""
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th><td data-l="结果">(.*?)</td><td class="wrap".*?>(.*?)</td>', html, re.DOTALL
    )
    plain = [tuple(re.sub(r"<.*?>", "", part).strip() for part in row[:2]) for row in rows]
    return [
        (name, result, re.findall(r"<a [^>]*>(.*?)</a>", row[2]))
        for (name, result), row in zip(plain, rows, strict=True)
    ]


@pytest.mark.req("QUAL-08", "QUAL-11", "QUAL-17")
def test_an_inspection_lists_the_files_it_drew_with_result_and_defects_page_by_page(
    client: Client, seller: User, accountant: User, inspector: User, stranger: User, leader: User,
    settings: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.LANGUAGE_CODE = "zh-hans"
    with at(12, 10):
        for n in range(5):
            file(seller, f"好{'甲乙丙丁戊'[n]}厂", phone=f"0571-8888111{n}")
        file(seller, "缺址机械厂", phone="0571-88882222", address="", industry="")
    with at(16, 6):
        run(rounds)
    batch, here = Inspection.objects.get(), f"/inspections/{Inspection.objects.get().pk}/"
    client.force_login(inspector)
    whole = listed(client.get(here).content.decode())
    assert [(name, result) for name, result, _d in whole] == [
        *((f"好{c}厂", "合格") for c in "甲乙丙丁戊"), ("缺址机械厂", "不合格"),
    ]  # fmt: skip
    assert sorted(whole[-1][2]) == sorted(Finding.objects.values_list("text", flat=True))
    assert len(whole[-1][2]) == 2
    only = client.get(f"{here}files/?only=defective").content.decode()
    assert [name for name, _r, _d in listed(only)] == ["缺址机械厂"]
    assert len(listed(client.get(f"{here}files/?only=conforming").content.decode())) == 5
    monkeypatch.setattr("guanxi.filing.queries.drawn.PAGE", 4)
    first = client.get(here).content.decode()
    following = re.search(r'hx-get="([^"]+)"[^>]*hx-trigger="revealed"', first)
    assert following is not None
    rest = client.get(following[1].replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert (len(listed(first)), len(listed(rest)), "<html" in rest, "revealed" in rest) == (4, 2, False, False)
    client.force_login(stranger)
    assert client.get(f"{here}files/").status_code in (403, 404)
    client.force_login(inspector)
    for junk in ("9" * 30, "-" + "9" * 30, "x", ""):
        assert client.get(f"{here}files/", {"after": junk, "only": junk}).status_code == 200
    Account.objects.filter(name="缺址机械厂").update_silently(department=None, owner=None)
    client.force_login(accountant)
    masked = client.get(f"{here}files/?only=defective").content.decode()
    assert ("缺址机械厂" in masked, f"/customers/{Finding.objects.all()[0].account_id}/" in masked) == (False, False)
    assert batch.defective == 1


@pytest.mark.req("QUAL-12")
def test_a_screening_of_all_files_lists_those_with_defects_and_counts_the_others(
    client: Client, seller: User, inspector: User, company: Any, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    InspectionPlan.objects.filter(company=company).update_silently(is_active=False)
    InspectionPlan.objects.filter(company=company, period="monthly").update_silently(is_active=True)
    with at(12, 10, month=10):
        for n in range(3):
            file(seller, f"好{n}厂", phone=f"0571-8888111{n}")
        file(seller, "同号厂", phone="0571-88881110")
    with at(2, 6):
        run(rounds)
        file(seller, "再同号厂", phone="0571-88881111")
    with at(1, 9, month=12):
        run(rounds)
    client.force_login(inspector)
    for month, names in (("2026-10", ["同号厂"]), ("2026-11", ["同号厂", "再同号厂"])):
        batch = Inspection.objects.get(first=f"{month}-01")
        html = client.get(f"/inspections/{batch.pk}/").content.decode()
        assert [(name, result) for name, result, _d in listed(html)] == [(name, "不合格") for name in names]
        assert (batch.defective, "其余 3 份档案合格" in html) == (len(names), True)
    assert "此前已发现" in html, "a defect nobody has mended since is shown where it was found again"


def test_files_are_read_before_the_unit_of_work_so_that_nobody_waits_for_the_reading_to_write(
    seller: User, inspector: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guanxi.filing.services import inspection

    InspectionPlan.objects.update_silently(is_active=True)
    with at(5, 10, month=11):
        file(seller, "甲机械厂", phone="0571-88887771")
    inside = []

    class Watching(inspection.Checker):
        def check(self, accounts: Any) -> Any:
            inside.append(work.current() is not None)
            return super().check(accounts)

    monkeypatch.setattr(inspection, "Checker", Watching)
    with at(1, 6, month=12):
        work.unit_of_work(lambda: rounds.enqueue())
        jobs.work_off()
    assert set(inside) == {False}
    assert Inspection.objects.filter(state="done").exists()
