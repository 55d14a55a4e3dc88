"""What follows the first filing: completion at settlement, cards, re-verification, verification tasks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import run, saved
from guanxi.customers.models import Account, Channel, ClassScheme, ClassStandard, Need
from guanxi.customers.services.accounts import confirm_file
from guanxi.filing.models import FactSource, FileTask, FilingRules, Recheck, Registration
from guanxi.filing.services.duties import monthly_tasks, rechecks
from guanxi.filing.tests.conftest import at
from guanxi.kernel import jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from guanxi.sales.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.mark.req("QUAL-02")
def test_at_settlement_a_returning_customers_file_is_completed_and_counted(
    client: Client, accountant: User, seller: User
) -> None:
    account = saved(
        Account(
            company=seller.company,
            kind="person",
            name="李四喜",
            owner=seller,
            department=seller.department,
            created_by=accountant,
        )
    )
    first, second = (
        saved(Receipt(company=seller.company, account=account, number=f"SK-{n}", amount=100, owner=seller))
        for n in (1, 2)
    )
    client.force_login(accountant)
    page = client.get(f"/receipts/{second.pk}/").content.decode()
    assert 'name="gap-address"' in page
    assert 'name="gap-name"' not in page
    back = f"/receipts/{second.pk}/"
    answer = client.post(
        f"/customers/{account.pk}/complete/",
        {"gap-address": "解放路5号", "gap-post": "", "back": back, "origin": "settlement"},
    )
    assert answer["Location"] == back
    account.refresh_from_db()
    assert account.address == "解放路5号"
    row = FactSource.objects.get()
    assert (row.field, row.origin, row.created_by, row.supplied_by) == ("address", "settlement", accountant, None)
    assert "1" in client.get("/filing/").content.decode().split("kpi-v num")[4]
    assert first.pk != second.pk


@pytest.mark.req("QUAL-02")
def test_a_new_customer_is_not_asked_at_the_first_receipt(client: Client, accountant: User, seller: User) -> None:
    account = saved(
        Account(company=seller.company, kind="person", name="新客", owner=seller, department=seller.department)
    )
    only = saved(Receipt(company=seller.company, account=account, number="SK-1", amount=100, owner=seller))
    client.force_login(accountant)
    assert 'name="gap-address"' not in client.get(f"/receipts/{only.pk}/").content.decode()


@pytest.mark.req("INFO-17")
def test_the_customers_page_and_the_search_tell_who_works_with_it(client: Client, leader: User, seller: User) -> None:
    account = saved(Account(company=seller.company, name="云岭精密", owner=seller, department=seller.department))
    saved(Need(company=seller.company, account=account, text="报价", on=date(2026, 11, 2), created_by=seller))
    with at(18, 10):
        client.force_login(leader)
        page = client.get(f"/customers/{account.pk}/").content.decode()
    told = page[page.index(f"{seller.name} works with this customer") :].split("</span>")[0]
    assert re.sub(r"<[^>]+>", "", told).endswith("Last contact 11-2 · 林知远")
    client.force_login(leader)
    assert seller.name in client.get("/search/?q=云岭精密", headers={"HX-Request": "true"}).content.decode()
    client.force_login(seller)
    assert "works with this customer" not in client.get(f"/customers/{account.pk}/").content.decode()


@pytest.mark.req("INFO-10")
def test_the_channels_strategy_and_service_stand_on_the_customers_page_and_card(client: Client, seller: User) -> None:
    shop = Channel.objects.get(company=seller.company, code="e-commerce")
    account = saved(
        Account(company=seller.company, name="云岭精密", owner=seller, department=seller.department, channel=shop)
    )
    client.force_login(seller)
    for url in (f"/customers/{account.pk}/", f"/customers/{account.pk}/print/"):
        assert shop.strategy.split("；")[0] in client.get(url).content.decode()


@pytest.mark.req("INFO-13", "FORM-06")
def test_the_relationship_card_has_a_fixed_layout_and_key_customers_a_richer_one(client: Client, seller: User) -> None:
    plain, key = (
        saved(Account(company=seller.company, name=name, owner=seller, department=seller.department, is_key=is_key))
        for name, is_key in (("普通厂", False), ("重点厂", True))
    )
    saved(Need(company=seller.company, account=key, text="要年度框架"))
    client.force_login(seller)
    pages = [client.get(f"/customers/{row.pk}/relationship-card/").content.decode() for row in (plain, key)]
    assert ["LC 16.06.302.04" in pages[0], "LC 16.06.302.05" in pages[1]] == [True, True]
    labels = [page.count("<dt>") for page in pages]
    assert labels[0] < labels[1]
    assert ("要年度框架" in pages[1], "要年度框架" in pages[0]) == (True, False)
    other = saved(
        Account(company=seller.company, name="满档厂", owner=seller, department=seller.department, phone="13800001111")
    )
    assert client.get(f"/customers/{other.pk}/relationship-card/").content.decode().count("<dt>") == labels[0]


@pytest.mark.req("INFO-14")
def test_the_next_verification_follows_the_class_and_confirming_resets_it(client: Client, leader: User) -> None:
    scheme = ClassScheme.objects.get(company=leader.company, is_policy=True)
    standard = ClassStandard.objects.get(scheme=scheme)
    standard.effective_on = date(2026, 1, 1)
    standard.classes = [{**each, "recheck_days": 30 if each["code"] == "A" else 0} for each in scheme.classes]
    saved(standard)
    with at(1, 10, month=9):
        rows = [
            saved(
                Account(
                    company=leader.company, name=f"{grade}厂", grade=grade, owner=leader, department=leader.department
                )
            )
            for grade in ("A", "C")
        ]
    with at(18, 10):
        assert run(rechecks)["moved"] == 2
        days = dict(Recheck.objects.values_list("account__name", "next_check_on"))
        assert days == {"A厂": date(2026, 10, 1), "C厂": date(2027, 9, 1)}
        client.force_login(leader)
        overdue = client.get("/customers/?view=recheck").content.decode()
        assert ("A厂" in overdue, "C厂" in overdue) == (True, False)
        confirm_file(rows[0], actor=leader)
        jobs.work_off()
        assert Recheck.objects.get(account=rows[0]).next_check_on == date(2026, 12, 18)
        assert "A厂" not in client.get("/customers/?view=recheck").content.decode()
        assert run(rechecks)["moved"] == 0


@pytest.fixture
def shop_files(caller: User, seller: User) -> list[Account]:
    shop = Channel.objects.get(company=caller.company, code="e-commerce")
    return [
        saved(
            Account(
                company=caller.company,
                kind="person",
                name=f"网客{n}",
                channel=shop,
                owner=seller,
                department=seller.department,
            )
        )
        for n in range(3)
    ]


@pytest.mark.req("QUAL-05", "FORM-06")
def test_once_a_month_incomplete_shop_files_go_to_the_call_centre_and_the_talk_is_kept(
    client: Client, shop_files: list[Account], caller: User, hire: Any, headquarters: Any
) -> None:
    second = hire("caller2", "call-centre", headquarters, name="二号")
    first, branch = shop_files[0], Channel.objects.get(company=caller.company, code="branch")
    values = {"company": caller.company, "kind": "person", "owner": first.owner, "department": first.department}
    whole = saved(Account(**values, name="齐全的网客", channel=first.channel))
    saved(Account(**values, name="门店散客", channel=branch))  # its own branch completes it
    Account.objects.filter(pk=whole.pk).update_silently(completeness=100)
    with at(1, 8, month=11):  # a Sunday: the month's first working day is tomorrow
        assert run(monthly_tasks)["tasks"] == 0
    with at(2, 8):
        assert run(monthly_tasks)["tasks"] == 3
        assert run(monthly_tasks)["tasks"] == 0
    assert set(FileTask.objects.values_list("account__name", flat=True)) == {"网客0", "网客1", "网客2"}
    shares = [FileTask.objects.filter(owner=person).count() for person in (caller, second)]
    assert sorted(shares) == [1, 2]
    task = FileTask.objects.filter(owner=caller).first()
    assert task is not None and (task.kind, task.due_on) == ("e_commerce", date(2026, 11, 23))
    client.force_login(caller)
    assert 'name="gap-address"' in client.get(f"/file-tasks/{task.pk}/").content.decode()
    url = f"/file-tasks/{task.pk}/do/report/"
    assert client.post(url, {"result": ["confirmed"], "talk": ""}).status_code == 422
    with at(5, 10):
        client.force_login(caller)
        client.post(url, {"result": ["confirmed"], "talk": "客户确认地址不变"})
    task.refresh_from_db()
    page = client.get(f"/file-tasks/{task.pk}/form/").content.decode()
    assert ("LC 16.06.302.06" in page, "客户确认地址不变" in page) == (True, True)
    assert (task.state, task.result, task.talk, task.account.confirmed_on) == (
        "done",
        "confirmed",
        "客户确认地址不变",
        date(2026, 11, 5),
    )


@pytest.mark.req("QUAL-06")
def test_direct_sales_files_are_verified_at_return_visits_by_their_keeper(
    client: Client, hire: Any, headquarters: Any
) -> None:
    keeper = hire("direct", "direct-sales", headquarters, name="童直")
    direct, branch = (Channel.objects.get(company=keeper.company, code=code) for code in ("direct-sales", "branch"))
    values = {"company": keeper.company, "owner": keeper, "department": keeper.department}
    with at(5, 10, month=6):
        account = saved(Account(**values, name="直销厂", channel=direct))
        saved(Account(**values, name="门店厂", channel=branch))
    with at(1, 10, month=10):
        saved(Account(**values, name="新直销厂", channel=direct))  # due in the new year
    saved(FilingRules(company=keeper.company, valid_from="2026-01-01", recheck_days=90))
    with at(2, 8):
        run(rechecks)
        assert run(monthly_tasks)["tasks"] == 1
    task = FileTask.objects.get()
    assert (task.account, task.owner, task.kind) == (account, keeper, "return_visit")
    with at(4, 15):
        client.force_login(keeper)
        assert "直销厂" in client.get("/file-tasks/?view=mine").content.decode()
        sent = {"result": ["confirmed"], "talk": "走访核对，电话未变"}
        assert client.post(f"/file-tasks/{task.pk}/do/report/", sent).status_code == 302
        jobs.work_off()
        run(rechecks)
    account.refresh_from_db()
    assert (account.confirmed_on, account.confirmed_by) == (date(2026, 11, 4), keeper)
    assert Recheck.objects.get(account=account).next_check_on == date(2027, 2, 2), "ninety days after the visit"


@pytest.mark.req("QUAL-07")
def test_exhibition_contacts_wait_in_the_queue_of_the_service_department(
    client: Client, hire: Any, headquarters: Any
) -> None:
    from guanxi.filing.models import Exhibition

    service = hire("service", "relations-specialist", headquarters, name="宋服务")
    fair = saved(Exhibition(company=service.company, name="泵阀展"))
    values = {"name": "展客", "phone": "13811112222", "need": "询价", "origin": "exhibition", "exhibition": fair}
    row = verbs.add(entity(Registration), values, actor=service)
    client.force_login(service)
    assert "展客" in client.get("/registrations/?view=exhibition").content.decode()
    client.post(f"/registrations/{row.pk}/do/file/")
    client.get("/registrations/")  # shows the message of the verb
    assert "展客" not in client.get("/registrations/?view=exhibition").content.decode()
    assert Account.objects.get().name == "展客"
