"""Filing by the hour: who registers, who files, what is late, each with a shifted clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import run, saved
from guanxi.customers.models import Account, Channel, Contact, Need, Source
from guanxi.filing.models import FactSource, FilingRules, Registration
from guanxi.filing.services.duties import note_late
from guanxi.filing.tests.conftest import Register, at
from guanxi.org.models import Notice, User

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
