"""Filing by the hour, settlement, re-verification, verification tasks: each with a shifted clock."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account, Channel, ClassScheme, ClassStandard, Contact, Need, Source
from guanxi.customers.services.accounts import confirm_file
from guanxi.filing.models import FactSource, FileTask, FilingRules, Recheck, Registration
from guanxi.filing.services.duties import monthly_tasks, note_late, rechecks
from guanxi.filing.tests.conftest import Register, at, run
from guanxi.kernel import jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import Notice, User
from guanxi.sales.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.mark.req("QUAL-01")
@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [(18, 10, (18, 18)), (18, 19, (19, 18)), (20, 19, (23, 18)), (21, 10, (23, 18))],
    ids=["same day", "after the hour", "Friday evening", "Saturday"],
)
def test_a_registration_is_due_at_the_hour_of_its_working_day(
    register: Register, day: int, hour: int, due: tuple[int, int]
) -> None:
    with at(day, hour):
        row = register()
    assert row.due_at == datetime(2026, 11, due[0], due[1] - 8, tzinfo=UTC)


@pytest.mark.req("QUAL-01")
def test_the_hour_is_the_companys_own(register: Register, company: Any) -> None:
    saved(FilingRules(company=company, valid_from="2026-11-01", due_at="17:30"))
    with at(18, 10):
        assert register().due_at == datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


@pytest.mark.req("QUAL-01", "QUAL-03")
def test_the_accountant_sees_the_days_list_and_what_is_late_in_red(
    client: Client, register: Register, accountant: User, stranger: User
) -> None:
    with at(18, 10):
        register(name="甲")
    with at(18, 17, 30):
        client.force_login(accountant)
        page = client.get("/filing/").content.decode()
        assert ('data-until="2026-11-18T18:00:00+08:00"' in page, "t-red" in page, "甲" in page) == (True, False, True)
    with at(18, 18, 5):
        client.force_login(accountant)
        assert "t-red" in client.get("/filing/").content.decode()
    client.force_login(stranger)
    assert "甲" not in client.get("/filing/").content.decode()


@pytest.mark.req("QUAL-01")
def test_lateness_is_noted_once_after_the_hour_and_told(
    register: Register, accountant: User, leader: User, clerk: User
) -> None:
    with at(18, 10):
        row = register()
    with at(18, 17, 59):
        assert run(note_late)["late"] == 0
    with at(18, 18, 1):
        assert run(note_late)["late"] == 1
    with at(18, 18, 11):
        assert run(note_late)["late"] == 0
    row.refresh_from_db()
    assert row.late_at == datetime(2026, 11, 18, 10, 1, tzinfo=UTC)
    assert sorted(Notice.objects.values_list("user__username", flat=True)) == ["accountant", "leader"]


@pytest.mark.req("QUAL-04", "QUAL-01", "INFO-20")
def test_a_registration_becomes_a_file_and_every_fact_keeps_who_supplied_it(
    client: Client, register: Register, accountant: User, seller: User
) -> None:
    row = register(organisation="杭州启明机械有限公司", collected_by=seller, origin="field", address="文三路1号")
    client.force_login(accountant)
    page = client.get(f"/filing/{row.pk}/").content.decode()
    assert "企业客户建档标准" in page
    given = {
        "kind": "company", "name": "杭州启明机械有限公司", "phone": row.phone, "address": "文三路2号", "industry": "C",
        "business_needs": row.need, "owner": seller.pk, "key": "f",
    }  # fmt: skip
    for _twice in range(2):
        client.post(f"/filing/{row.pk}/", given)
    account = Account.objects.get()
    row.refresh_from_db()
    assert (row.state, row.account, row.filed_by, account.owner) == ("filed", account, accountant, seller)
    assert (Contact.objects.get().name, Contact.objects.get().mobile, Need.objects.get().text) == (
        "王建国",
        "13812345678",
        "想看看离心泵",
    )
    sources = dict(FactSource.objects.values_list("field", "supplied_by"))
    assert (sources["phone"], sources["name"], sources["contacts"]) == (seller.pk,) * 3
    assert "address" not in sources  # the accountant wrote another one: the trail says so
    assert set(FactSource.objects.values_list("origin", flat=True)) == {"field"}
    html = client.get(f"/customers/{account.pk}/").content.decode()
    assert seller.name in html


@pytest.mark.req("QUAL-04")
def test_a_known_customer_gets_what_the_file_lacks_and_old_values_stay_in_the_trail(
    client: Client, register: Register, accountant: User, seller: User
) -> None:
    account = saved(
        Account(
            company=seller.company,
            kind="person",
            name="王建国",
            phone="13812345678",
            owner=seller,
            department=seller.department,
            created_by=seller,
        )
    )
    row = register(address="人民路9号", email="wang@example.com")
    client.force_login(accountant)
    assert f'name="account" value="{account.pk}"' in client.get(f"/filing/{row.pk}/").content.decode()
    client.post(f"/filing/{row.pk}/", {"account": account.pk, "key": "a"})
    account.refresh_from_db()
    assert (Account.objects.count(), account.address, account.email) == (1, "人民路9号", "wang@example.com")
    assert set(FactSource.objects.values_list("field", flat=True)) >= {"address", "email"}
    history = client.get(f"/customers/{account.pk}/history/").content.decode()
    assert "人民路9号" in history


@pytest.mark.req("QUAL-04", "QUAL-15")
def test_a_customer_of_another_branch_is_not_filed_twice_and_nothing_typed_is_lost(
    client: Client, register: Register, accountant: User, stranger: User
) -> None:
    known = Account(company=stranger.company, kind="person", name="王建国", phone="13812345678", owner=stranger,
                    department=stranger.department, created_by=stranger)  # fmt: skip
    saved(known)
    row = register()
    client.force_login(accountant)
    given = {"kind": "person", "name": "王建国", "phone": "13812345678", "address": "文三路7号", "key": "b"}
    answer = client.post(f"/filing/{row.pk}/", given)
    html = answer.content.decode()
    assert (answer.status_code, Account.objects.count()) == (409, 1)
    assert 'value="文三路7号"' in html, "the form stands as it was filled in"
    row.refresh_from_db()
    assert row.is_open


@pytest.fixture
def alike(stranger: User) -> Account:
    """A company of the western branch whose name sounds like one the eastern branch registers."""
    return saved(Account(company=stranger.company, kind="company", name="杭州启明机械有限公司", owner=stranger,
                         phone="057188886666", department=stranger.department, created_by=stranger))  # fmt: skip


@pytest.mark.req("QUAL-04", "QUAL-15", "BEYOND-04")
def test_what_may_be_on_file_is_asked_about_once_before_filing_and_the_form_stands_as_typed(
    client: Client, register: Register, accountant: User, alike: Account
) -> None:
    row = register(organisation="杭州启铭机械有限公司")
    client.force_login(accountant)
    given = {"kind": "company", "name": "杭州启铭机械有限公司", "phone": "13812345678", "address": "文三路7号",
             "again": "1", "key": "b"}  # fmt: skip
    answer = client.post(f"/filing/{row.pk}/", given)
    html = answer.content.decode()
    assert (answer.status_code, Account.objects.count()) == (409, 1)
    assert ('value="文三路7号"' in html, 'name="confirmed"' in html, "File all the same" in html) == (True,) * 3
    assert (alike.name in html, "启明**公司" in html) == (False, True), "masked"
    del given["again"]
    answer = client.post(f"/filing/{row.pk}/", {**given, "confirmed": "1", "went_on": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/filing/"), "on to the next, as was asked for"
    row.refresh_from_db()
    assert (row.account.name, row.account.address) == ("杭州启铭机械有限公司", "文三路7号")


@pytest.mark.req("QUAL-15", "BEYOND-04")
def test_filing_without_looking_leaves_what_may_be_on_file_to_the_page_that_shows_both(
    client: Client, register: Register, accountant: User, alike: Account
) -> None:
    row = register(organisation="杭州启铭机械有限公司")
    client.force_login(accountant)
    html = client.post(f"/registrations/{row.pk}/do/file/", {}).content.decode()
    row.refresh_from_db()
    assert (Account.objects.count(), row.state, "Compare both under “Make a file”" in html) == (1, "open", True)
    assert alike.name not in html


@pytest.mark.req("FORM-01", "INFO-09")
@pytest.mark.parametrize(
    ("given", "source", "channel"),
    [
        ({}, "walk-in", "branch"),
        ({"origin": "phone"}, "phone", None),
        ({"origin": "field"}, None, None),
        ({"source": "cold-visit", "channel": "e-commerce"}, "cold-visit", "e-commerce"),
    ],
    ids=["the way somebody came", "called", "nothing told", "what was registered"],
)
def test_the_file_begins_with_source_and_channel_of_the_registration(
    client: Client, register: Register, accountant: User, given: dict[str, str], source: str | None, channel: str | None
) -> None:
    lists = {"source": Source, "channel": Channel}
    row = register(**{k: lists[k].objects.get(code=v) if k in lists else v for k, v in given.items()})
    client.force_login(accountant)
    html = client.get(f"/filing/{row.pk}/").content.decode()
    for name, code in (("source", source), ("channel", channel)):
        chosen = re.search(rf'<select name="{name}".*?</select>', html, re.DOTALL)
        assert chosen is not None
        wanted = str(lists[name].objects.get(code=code).pk) if code else ""
        assert (re.findall(r'value="(\d*)" selected', chosen[0]) or [""]) == [wanted]
    client.post(f"/registrations/{row.pk}/do/file/", {})
    account = Account.objects.get()
    assert (getattr(account.source, "code", None), getattr(account.channel, "code", None)) == (source, channel)


@pytest.mark.req("FORM-01", "QUAL-14")
@pytest.mark.parametrize("phone", ["12345", "110", "1381234567", "88886666"])
def test_a_number_nobody_can_be_called_at_is_refused_at_its_field_when_registering_and_when_filing(
    client: Client, register: Register, clerk: User, accountant: User, form: dict[str, Any], phone: str
) -> None:
    client.force_login(clerk)
    answer = client.post("/counter/", {**form, "phone": phone, "key": "p"})
    assert (answer.status_code, Registration.objects.count(), list(answer.context["form"].errors)) == (
        422,
        0,
        ["phone"],
    )
    row = register()
    client.force_login(accountant)
    given = {"kind": "person", "name": "王建国", "phone": phone, "key": "p"}
    answer = client.post(f"/filing/{row.pk}/", given)
    assert (answer.status_code, Account.objects.count(), list(answer.context["form"].errors)) == (422, 0, ["phone"])
    row.refresh_from_db()
    assert row.is_open


def options(html: str, name: str) -> list[str]:
    """The words a list offers."""
    found = re.search(rf'<select name="{name}".*?</select>', html, re.DOTALL)
    assert found is not None
    return re.findall(r"<option[^>]*>\s*(.*?)\s*</option>", found[0])


def test_a_list_that_wants_a_choice_asks_for_one_or_holds_one_and_never_offers_nothing(
    client: Client, owner: User, register: Register, accountant: User
) -> None:
    client.force_login(owner)
    person = options(client.get("/handovers/new/").content.decode(), "person")
    assert (person[0], "—" in person) == ("Please choose", False)
    client.force_login(accountant)
    html = client.get(f"/filing/{register(organisation='杭州启明机械有限公司').pk}/").content.decode()
    kind = options(html, "kind")
    assert (len(kind), "—" in kind, "Please choose" in kind) == (2, False, False), "it has one already"
    assert options(html, "channel")[0] == "—", "nothing is an answer where none is wanted"


@pytest.mark.req("QUAL-01", "QUAL-04")
def test_on_a_phone_the_next_step_of_a_registration_is_its_file_for_whoever_may_make_it(
    client: Client, register: Register, accountant: User, clerk: User
) -> None:
    row = register()
    for person, wanted in ((accountant, [f"/filing/{row.pk}/"]), (clerk, [])):
        client.force_login(person)
        html = client.get(f"/registrations/{row.pk}/").content.decode()
        bar = html.partition('class="actbar"')[2].partition("</div>")[0]
        assert re.findall(r'class="pri" href="([^"]*)"', bar) == wanted
        assert "Who supplied what" in html


@pytest.mark.req("QUAL-01")
def test_who_may_not_file_is_refused(client: Client, register: Register, clerk: User) -> None:
    row = register()
    client.force_login(clerk)
    assert client.get(f"/filing/{row.pk}/").status_code == 403
    assert client.post(f"/registrations/{row.pk}/do/file/").status_code == 403


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
    client.force_login(leader)
    page = client.get(f"/customers/{account.pk}/").content.decode()
    assert "works with this customer" in page
    assert "2026" in page or "11" in page
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
    with at(1, 8, month=11):  # a Sunday: the month's first working day is tomorrow
        assert run(monthly_tasks)["tasks"] == 0
    with at(2, 8):
        assert run(monthly_tasks)["tasks"] == 3
        assert run(monthly_tasks)["tasks"] == 0
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
def test_direct_sales_files_are_verified_at_return_visits_by_their_keeper(seller: User) -> None:
    direct = Channel.objects.get(company=seller.company, code="direct-sales")
    with at(5, 10, month=6):
        account = saved(
            Account(company=seller.company, name="直销厂", channel=direct, owner=seller, department=seller.department)
        )
    saved(FilingRules(company=seller.company, valid_from="2026-01-01", recheck_days=90))
    with at(2, 8):
        run(rechecks)
        assert run(monthly_tasks)["tasks"] == 1
    task = FileTask.objects.get()
    assert (task.account, task.owner, task.kind) == (account, seller, "return_visit")


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
