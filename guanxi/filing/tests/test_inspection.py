"""Inspection: drawn by the calendar, found by checks, laid to the right person, mended, inspected again, paid for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.duplicates.models import Pair
from guanxi.filing.models import (
    FactSource,
    FileTask,
    Finding,
    InspectedFile,
    Inspection,
    InspectionPlan,
    Rectification,
)
from guanxi.filing.queries.checks import Checker
from guanxi.filing.services.findings import follow
from guanxi.filing.services.inspection import rounds
from guanxi.filing.tests.test_filing import at, run
from guanxi.incentives.models import Entry
from guanxi.kernel import jobs, work
from guanxi.org.models import Department, Notice, User
from guanxi.sales.models import Order, Receipt

pytestmark = pytest.mark.django_db
WHOLE = {"address": "文三路1号", "industry": "C", "business_needs": "水泵"}


@pytest.fixture(autouse=True)
def weekly_only(company: Any) -> None:
    """The monthly screening is switched on by the tests that speak of it."""
    InspectionPlan.objects.filter(company=company, period="monthly").update_silently(is_active=False)


def file(owner: User, name: str, **values: Any) -> Account:
    """A company file of the owner's branch, made by the owner; whole unless told otherwise."""
    kept = {"kind": "company", "owner": owner, "department": owner.department, "created_by": owner, **WHOLE, **values}
    account: Account = saved(Account(company=owner.company, name=name, **kept))
    if account.kind == "company":
        saved(Contact(company=owner.company, account=account, name="联系人"))
    return account


def faults(company: Any, *accounts: Account, **more: Any) -> list[tuple[str, str]]:
    found = Checker(company.pk, **more).check(list(accounts))
    return [(fault.kind, fault.field) for account in accounts for fault in found.get(account.pk, [])]


@pytest.mark.req("QUAL-08", "QUAL-12")
def test_each_kind_of_defect_is_found_and_a_sound_file_is_not(seller: User, company: Any) -> None:
    sound = file(seller, "杭州云岭精密机械有限公司", phone="0571-88886666", region_code="330106")
    assert faults(company, sound) == []
    thin = file(seller, "杭州薄厂", phone="0571-88887777", address="")
    assert faults(company, thin) == [("missing", "address")]
    odd = file(seller, "杭州怪厂", phone="0571-88889999", founded_on=date(2090, 1, 1), credit_code="91330100799655058C")
    Account.objects.filter(pk=odd.pk).update_silently(region_code="999999")
    odd.refresh_from_db()
    assert sorted(faults(company, odd)) == [
        ("impossible", "credit_code"),
        ("impossible", "founded_on"),
        ("impossible", "region_code"),
    ]
    twin = file(seller, "云岭精密机械（杭州）公司", phone="0571-88880000", region_code="330106")
    assert faults(company, twin, sound) == [("duplicate", "name")]
    elsewhere = file(seller, "苏州云岭精密机械有限公司", phone="0512-66660000", region_code="320508")
    assert faults(company, elsewhere) == []
    same_line = file(seller, "杭州另厂", phone="0571-88886666")
    assert faults(company, same_line) == [("duplicate", "phone")]


@pytest.mark.req("QUAL-12", "BEYOND-04")
def test_duplicates_are_those_of_the_check_before_saving_and_pairs_people_have_parted_are_none(
    seller: User, company: Any
) -> None:
    sound = file(seller, "杭州云岭精密机械有限公司", phone="0571-88886666", region_code="330106")
    twin = file(seller, "云岭精密机械（杭州）公司", phone="0571-88880000", region_code="330106")
    other_trade = file(seller, "杭州云岭餐饮管理有限公司", phone="0571-88880001", region_code="330106")
    Account.objects.filter(pk__in=[sound.pk, other_trade.pk]).update_silently(short_name="云岭")
    for row in (sound, other_trade):
        row.refresh_from_db()
        saved(row)
    assert faults(company, sound, twin, other_trade) == [("duplicate", "name")]
    saved(Pair(company=company, a=sound, b=twin, score=97, state="different"))
    assert faults(company, sound, twin, other_trade) == []


@pytest.mark.req("QUAL-12")
def test_made_up_files_are_found(seller: User, company: Any) -> None:
    shared = [file(seller, name, phone="13812340000") for name in ("甲机械厂", "乙机械厂", "丙机械厂")]
    assert faults(company, *shared) == [("fictitious", "phone")] * 3
    dull = file(seller, "无名", kind="person", phone="13888888888", address="无", employer="单位", post="职员")
    assert sorted(faults(company, dull)) == [("fictitious", "address"), ("fictitious", "name"), ("fictitious", "phone")]
    lab = file(seller, "杭州精工测试技术有限公司", phone="0571-88881234")
    assert faults(company, lab) == []


@pytest.mark.req("QUAL-12")
def test_a_sale_under_the_wrong_customer_is_found_by_phone_and_by_payer(seller: User, company: Any) -> None:
    right, wrong, parent = (file(seller, f"{name}机械厂", phone=f"0571-8888100{n}") for n, name in enumerate("东西南"))
    child = file(seller, "南方分厂", phone="0571-88881009", parent=parent)
    for account, phone in ((wrong, "0571-88881000"), (child, "0571-88881002"), (right, "0571-88881000")):
        saved(
            Order(
                company=company,
                account=account,
                number=f"SO-{account.pk}",
                phone=phone,
                ordered_on=date(2026, 11, 3),
                due_on=date(2026, 12, 1),
            )
        )
    saved(
        Receipt(
            company=company, account=wrong, number="SK-9", amount=10, payer="东机械厂", received_on=date(2026, 11, 4)
        )
    )
    kinds = [kind for kind, _field in faults(company, right, wrong, child, kinds=["misbooked"])]
    assert kinds == ["misbooked", "misbooked"]
    assert faults(company, wrong, kinds=["misbooked"], first=date(2026, 11, 5)) == []


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


@pytest.mark.req("QUAL-10", "QUAL-04")
def test_the_person_responsible_is_whoever_supplied_the_fact(
    seller: User, clerk: User, accountant: User, inspector: User, rival: User, company: Any
) -> None:
    def told(name: str, phone: str, by: User | None, origin: str) -> None:
        account = file(accountant, name, phone=phone)
        row = FactSource(
            company=company, account=account, field="phone", supplied_by=by, origin=origin, on=date(2026, 11, 12)
        )
        saved(row)

    with at(12, 10):
        told("上门厂", "13811111111", clerk, "walk_in")
        told("外勤厂", "13822222222", seller, "field")
        told("自助厂", "13833333333", None, "online")
        file(rival, "自填厂", phone="13844444444")
        file(seller, "缺项厂", phone="0571-88884444", address="")
    with at(16, 6):
        run(rounds)
    owners = {f.account.name: (f.owner, f.origin) for f in Finding.objects.all()}
    assert owners == {
        "上门厂": (clerk, "walk_in"), "外勤厂": (seller, "field"), "自助厂": (accountant, "online"), "自填厂": (rival, "filing"),
        "缺项厂": (accountant, "filing"),
    }  # fmt: skip
    fines = dict(Entry.objects.filter(source="filing.untrue").values_list("owner__username", "amount"))
    assert fines == dict.fromkeys(("clerk", "seller", "accountant", "rival"), Decimal(-20))


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


@pytest.fixture
def finding(seller: User, accountant: User, inspector: User) -> Finding:
    with at(12, 10):
        file(seller, "缺厂", phone="0571-88882222", address="")
    with at(16, 6):
        run(rounds)
    row: Finding = Finding.objects.get()
    return row


@pytest.mark.req("QUAL-17", "QUAL-02")
def test_a_defect_is_put_right_where_it_is_named(
    client: Client, finding: Finding, accountant: User, company: Any
) -> None:
    here, form = f"/findings/{finding.pk}/", f"/customers/{finding.account_id}/complete/"
    with at(17, 10):
        client.force_login(accountant)
        page = client.get(here).content.decode()
        assert ('name="gap-address"' in page, f'action="{form}"' in page) == (True, True)
        sent = {"gap-address": "文三路9号", "origin": "verification", "back": here}
        assert client.post(form, sent).headers["Location"] == here
        finding.account.refresh_from_db()
        assert finding.account.address == "文三路9号"
        Finding.objects.filter(pk=finding.pk).update_silently(kind="impossible")
        assert f'href="/customers/{finding.account_id}/edit/"' in client.get(here).content.decode()
        client.post(f"{here}do/mended/", {"note": "已补"})
        assert f'href="/customers/{finding.account_id}/edit/"' not in client.get(here).content.decode()


@pytest.mark.req("QUAL-17", "QUAL-08")
def test_a_mended_file_is_closed_by_the_next_inspection_and_one_that_is_not_goes_back(
    client: Client, finding: Finding, accountant: User, clerk: User
) -> None:
    client.force_login(clerk)
    assert client.post(f"/findings/{finding.pk}/do/mended/").status_code in (403, 404)
    with at(17, 10):
        client.force_login(accountant)
        client.post(f"/findings/{finding.pk}/do/mended/", {"note": "已补"})
    with at(18, 7):
        run(follow)
    finding.refresh_from_db()
    assert (finding.state, finding.sent_back, finding.due_on) == ("open", 1, date(2026, 11, 23))
    account = finding.account
    account.address = "文三路9号"
    saved(account)
    with at(19, 10):
        client.force_login(accountant)
        client.post(f"/findings/{finding.pk}/do/mended/", {"note": "已补"})
    with at(20, 7):
        run(follow)
    finding.refresh_from_db()
    assert (finding.state, finding.rechecked_on) == ("closed", date(2026, 11, 20))


@pytest.mark.req("QUAL-17")
def test_the_person_objects_and_the_inspector_decides(
    client: Client, finding: Finding, accountant: User, inspector: User
) -> None:
    client.force_login(accountant)
    assert client.post(f"/findings/{finding.pk}/do/object_to/", {"reason": ""}).status_code == 422
    client.post(f"/findings/{finding.pk}/do/object_to/", {"reason": "客户拒绝提供"})
    assert client.post(f"/findings/{finding.pk}/do/accept/").status_code == 403
    client.force_login(inspector)
    client.post(f"/findings/{finding.pk}/do/accept/", {"note": "属实"})
    finding.refresh_from_db()
    assert (finding.state, finding.note) == ("closed", "属实")


@pytest.mark.req("QUAL-11")
def test_results_not_carried_out_in_time_are_laid_to_the_inspector_once(finding: Finding, inspector: User) -> None:
    for day, expected in ((19, 0), (20, 1), (21, 1)):
        with at(day, 7):
            run(follow)
        assert Entry.objects.filter(source="filing.not_done").count() == expected
    entry = Entry.objects.get()
    assert (entry.owner, entry.amount, entry.evidence_label, entry.evidence_id) == (
        inspector,
        Decimal(-20),
        "filing.finding",
        finding.pk,
    )


@pytest.mark.req("QUAL-11")
def test_the_store_manager_confirms_and_nobody_decides_on_their_own(
    client: Client, finding: Finding, accountant: User, leader: User, seller: User
) -> None:
    entry = saved(
        Entry(
            company=accountant.company, owner=accountant, department=accountant.department, title="连续不合格", amount=-20,
            month=date(2026, 11, 1), evidence_label="filing.finding", evidence_id=finding.pk,
        )
    )  # fmt: skip
    own = saved(
        Entry(
            company=leader.company,
            owner=leader,
            department=leader.department,
            title="连续不合格",
            amount=-20,
            month=date(2026, 11, 1),
        )
    )
    client.force_login(accountant)
    assert client.post(f"/incentives/{entry.pk}/do/confirm/").status_code == 403
    client.post(f"/incentives/{entry.pk}/do/object_to/", {"reason": "非本人"})
    entry.refresh_from_db()
    assert (entry.state, entry.objection) == ("objected", "非本人")
    client.force_login(leader)
    assert client.post(f"/incentives/{own.pk}/do/confirm/").status_code == 422
    client.post(f"/incentives/{entry.pk}/do/confirm/", {"to": seller.pk})
    entry.refresh_from_db()
    own.refresh_from_db()
    assert (entry.state, entry.owner, entry.confirmed_by, own.state) == ("confirmed", seller, leader, "proposed")
    page = client.get("/incentives/month/?month=2026-11").content.decode()
    assert ("LC 16.06.302.08" in page, seller.name in page) == (True, True)


@pytest.mark.req("QUAL-10")
def test_an_untrue_fact_found_by_phone_is_laid_to_its_supplier(
    client: Client, caller: User, clerk: User, accountant: User, company: Any
) -> None:
    account = file(accountant, "虚厂", phone="0571-88885555")
    saved(FactSource(company=company, account=account, field="phone", supplied_by=clerk, origin="walk_in"))
    task = saved(
        FileTask(
            company=company,
            account=account,
            kind="e_commerce",
            due_on=date(2026, 12, 1),
            owner=caller,
            department=caller.department,
        )
    )
    client.force_login(caller)
    url = f"/file-tasks/{task.pk}/do/report/"
    assert client.post(url, {"result": ["untrue"], "talk": "号码是别人的"}).status_code == 422
    client.post(url, {"result": ["untrue"], "untrue": ["phone"], "talk": "号码是别人的"})
    found = Finding.objects.get()
    assert (found.kind, found.field, found.owner) == ("untrue", "phone", clerk)
    assert Entry.objects.get().owner == clerk


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


@pytest.mark.req("QUAL-13", "FORM-06", "QUAL-11")
def test_the_month_is_circulated_to_all_heads_and_a_large_deviation_proposes_rectification_at_the_branchs_cost(
    client: Client,
    seller: User,
    leader: User,
    accountant: User,
    inspector: User,
    east: Department,
    owner: User,
    headquarters: Department,
) -> None:
    east.head, headquarters.head = leader, owner
    saved(east)
    saved(headquarters)
    with at(12, 10):
        for n in range(6):
            file(seller, f"厂{n}号", phone=f"0571-8888111{n}", address="" if n < 2 else "文三路1号")
    with at(16, 6):
        run(rounds)
    plan = Rectification.objects.get()
    assert (plan.department, plan.owner, plan.state) == (east, leader, "proposed")
    client.force_login(leader)
    line = {"line-0-kind": "travel", "line-0-amount": "300", "line-1-kind": "lodging", "line-1-amount": "450.5"}
    form = {"title": plan.title, "state": "running", "owner": leader.pk, "lines": "3", "version": plan.version, **line}
    client.post(f"/rectifications/{plan.pk}/edit/", form)
    plan.refresh_from_db()
    assert (plan.state, plan.cost) == ("running", Decimal("750.50"))
    Notice.objects.all().delete()
    with at(1, 7, month=12):
        assert run(follow)["circulated"] == 1
        assert run(follow)["circulated"] == 0
    told = Notice.objects.filter(url__contains="/inspection/report/?month=2026-11").values_list(
        "user__username", flat=True
    )
    assert sorted(told) == ["leader", "owner"]
    page = client.get("/inspection/report/?month=2026-11").content.decode()
    assert all(words in page for words in ("LC 16.06.302.07", east.name, "33.3", accountant.name))
    report = client.get("/compliance/report/?month=2026-11").content.decode()
    assert "33.3" in report[report.index("Inspection of files") :]
    book = load_workbook(BytesIO(b"".join(client.get("/inspection/report/?month=2026-11&format=xlsx"))))  # type: ignore[call-overload]
    branch, person = book.active.iter_rows(min_row=2, values_only=True)
    assert branch[:4] == (east.name, 6, 6, 2)
    every_finding = {"Missing": 2, "Not closed": 2}
    for line in (branch, person):
        cells = dict(zip(next(book.active.iter_rows(max_row=1, values_only=True)), line, strict=True))
        assert {head: cells[head] for head in every_finding} == every_finding


@pytest.mark.req("QUAL-11")
def test_a_month_without_defects_earns_a_reward(seller: User, accountant: User, inspector: User) -> None:
    with at(12, 10):
        for n in range(10):
            file(seller, f"厂{n}号", phone=f"0571-8888111{n}")
    with at(16, 6):
        run(rounds)
    with at(1, 7, month=12):
        run(follow)
    entry = Entry.objects.get()
    assert (entry.source, entry.owner, entry.amount, entry.month) == (
        "filing.clean",
        accountant,
        Decimal(20),
        date(2026, 11, 1),
    )


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
