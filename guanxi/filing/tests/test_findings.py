"""Findings: laid to the right person, mended, objected to, inspected again, laid to the inspector when nobody follows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import run, saved
from guanxi.filing.models import FactSource, FileTask, Finding
from guanxi.filing.services.findings import follow
from guanxi.filing.services.inspection import rounds
from guanxi.filing.tests.conftest import at
from guanxi.filing.tests.files import file
from guanxi.incentives.models import Entry
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weekly_only")]


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


@pytest.mark.req("QUAL-12", "QUAL-17")
def test_a_duplicate_leads_to_the_other_file_and_who_may_merge_to_the_comparison(
    client: Client, finding: Finding, accountant: User, leader: User, seller: User
) -> None:
    with at(17, 10):
        finding.kind, finding.other = "duplicate", file(seller, "缺厂二")
        saved(finding)
        pages = {}
        for person in (accountant, leader):
            client.force_login(person)
            pages[person] = client.get(f"/findings/{finding.pk}/").content.decode()
    pair = f'href="/duplicates/merge/?id={finding.account_id}&amp;id={finding.other_id}"'
    assert [pair in pages[person] for person in (accountant, leader)] == [False, True]
    assert f'href="/customers/{finding.other_id}/">Open the other file' in pages[accountant]


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
