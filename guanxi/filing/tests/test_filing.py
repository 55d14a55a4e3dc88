"""Filing by the hour, settlement, re-verification, verification tasks: each with a shifted clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.conftest import Hire, saved, signed_in
from guanxi.customers.models import Account, Channel, ClassScheme, ClassStandard, Contact, Need, Source
from guanxi.customers.services.accounts import confirm_file
from guanxi.filing.models import FactSource, FileTask, FilingRules, Recheck, Registration
from guanxi.filing.services.duties import monthly_tasks, note_late, rechecks
from guanxi.kernel import clock, jobs, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import Department, Notice, User
from guanxi.pool.models import Stay
from guanxi.pool.services.seed import seed as seed_pools
from guanxi.rulebook.engine import run as engine
from guanxi.rulebook.models import Clause, ClauseVersion, Duty
from guanxi.rulebook.services import books
from guanxi.sales.models import Receipt

pytestmark = pytest.mark.django_db
Register = Callable[..., Registration]


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> Any:
    """The clock at this hour of Shanghai; 18 November 2026 is a Wednesday."""
    return clock.shifted(datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def register(clerk: User, form: dict[str, Any]) -> Register:
    def one(**values: Any) -> Registration:
        row: Registration = verbs.add(entity(Registration), {**form, **values}, actor=clerk)
        return row

    return one


def run(task: jobs.Task) -> Any:
    job = work.unit_of_work(lambda: task.enqueue())
    jobs.work_off()
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job.result


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


@pytest.fixture
def kept(stranger: User) -> Account:
    """A customer of the western branch, whom the eastern branch registers."""
    return saved(Account(company=stranger.company, kind="person", name="王建国", phone="13812345678", owner=stranger,
                         department=stranger.department, created_by=stranger, email="geheim@example.com"))  # fmt: skip


@pytest.fixture
def west_head(hire: Hire, west: Department) -> User:
    head = hire("westhead", "store-manager", west, name="西风")
    west.head = head
    saved(west)
    return head


@pytest.mark.req("BEYOND-04", "QUAL-04", "CARD-11")
def test_a_customer_of_another_branch_is_asked_for_moves_on_the_yes_and_gets_what_was_registered(
    client: Client, register: Register, accountant: User, clerk: User, kept: Account, west_head: User
) -> None:
    row = register()
    client.force_login(accountant)
    page = client.get(f"/filing/{row.pk}/").content.decode()
    assert (f'name="ask" value="{kept.pk}"' in page, "geheim" in page, "王建国</b>" in page) == (True, False, False)
    why = f"reason-{kept.pk}"
    asked = {"ask": kept.pk, why: "客户搬到我店附近", "key": "q", "name": "王建国", "kind": "person",
             "phone": "13812345678", "address": "文三路7号"}  # fmt: skip
    assert client.post(f"/filing/{row.pk}/", {**asked, why: " "}).status_code == 409
    assert client.post(f"/filing/{row.pk}/", asked).headers["Location"] == f"/filing/{row.pk}/"
    assert client.post(f"/filing/{row.pk}/", {**asked, "key": "q2"}).status_code == 409, "asked once"
    approval = Approval.objects.get(kind="filing.take")
    for url in (f"/filing/{row.pk}/", "/filing/", f"/registrations/{row.pk}/", f"/approvals/{approval.pk}/"):
        html = client.get(url).content.decode()
        assert ("geheim" in html, f"/customers/{kept.pk}/" in html) == (False, False), url
    assert west_head.name in client.get(f"/filing/{row.pk}/").content.decode()
    assert client.get(f"/customers/{kept.pk}/").status_code == 404
    head = signed_in(west_head)
    assert row.need in head.get(f"/approvals/{approval.pk}/").content.decode()
    assert head.post(f"/approvals/{approval.pk}/do/agree/", {}).status_code == 302
    kept.refresh_from_db()
    row.refresh_from_db()
    approval.refresh_from_db()
    assert (kept.owner, kept.department, kept.address) == (clerk, clerk.department, "文三路7号"), "what was typed joins"
    assert (row.state, row.account, row.filed_by) == ("filed", kept, accountant)
    assert clerk.name in approval.outcome
    assert client.get(f"/customers/{kept.pk}/").status_code == 200
    assert "客户搬到我店附近" in client.get(f"/customers/{kept.pk}/history/").content.decode()


def held(client: Client, account: Account) -> list[tuple[str, ...]]:
    """What the customer's page tells of each who had it, newest first: how it began and how it ended."""
    html = client.get(f"/customers/{account.pk}/tab/tenures/").content.decode()
    ways = re.findall(r'"Came by">(.*?)</td><td data-l="Ended by">(.*?)</td>', html)
    return [tuple(re.sub("<[^>]*>", "", cell) for cell in way) for way in ways]


@pytest.mark.req("BEYOND-01", "BEYOND-04")
def test_the_times_of_ownership_call_a_customer_taken_over_on_a_yes_handed_over(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User
) -> None:
    row = register()
    client.force_login(accountant)
    client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
    approval = Approval.objects.get(kind="filing.take")
    signed_in(west_head).post(f"/approvals/{approval.pk}/do/agree/", {})
    assert held(client, kept) == [("Handed over", "—"), ("Entered the customer", "Handed over")]


@pytest.mark.req("BEYOND-04", "CARD-11")
def test_a_no_leaves_the_customer_where_it_is_and_the_clerk_reads_why(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User, stranger: User
) -> None:
    row = register()
    client.force_login(accountant)
    client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
    approval = Approval.objects.get(kind="filing.take")
    signed_in(west_head).post(f"/approvals/{approval.pk}/do/refuse/", {"opinion": "合同还在履行"})
    kept.refresh_from_db()
    row.refresh_from_db()
    assert (kept.owner, row.state) == (stranger, "open")
    assert "合同还在履行" in client.get(f"/filing/{row.pk}/").content.decode()


def owe(row: Registration, accountant: User, clause: Clause) -> Duty:
    """What the rulebook makes the accountant owe about a registration on its day."""
    due = datetime(2026, 11, 18, 10, tzinfo=UTC)
    return saved(Duty(company=accountant.company, clause=clause, clause_version=clause.versions.get(), owner=accountant,
                      department=accountant.department, subject_label="filing.registration", subject_id=row.pk, title=row.name,
                      opened_at=due, opened_on=due.date(), due_at=due, overdue_at=due, overdue_on=due.date()))  # fmt: skip


@pytest.fixture
def clause(company: Company) -> Clause:
    made = saved(Clause(company=company, code="QUAL-01", title="当日十八点前建档", kind="within"))
    saved(ClauseVersion(company=company, clause=made, effective_on="2026-01-01", state="published"))
    return made


@pytest.mark.req("QUAL-01", "BEYOND-04")
def test_a_registration_that_waits_for_a_yes_is_not_late_and_a_no_leaves_until_the_next_working_day(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User, clause: Clause
) -> None:
    with at(18, 10):
        row = register()
        duty = owe(row, accountant, clause)
        client.force_login(accountant)
        client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
    duty.refresh_from_db()
    assert (duty.state, row.number in duty.note) == ("waived", True)
    with at(18, 18, 5):
        client.force_login(accountant)
        html = client.get("/filing/").content.decode()
        assert ("t-red" in html, f"{west_head.name} decides" in html, "1 wait for a yes" in html) == (False, True, True)
        assert "王建国" in client.get("/registrations/?view=asked").content.decode()
        assert run(note_late)["late"] == 0
        approval = Approval.objects.get(kind="filing.take")
        signed_in(west_head).post(f"/approvals/{approval.pk}/do/refuse/", {"opinion": "合同还在履行"})
    row.refresh_from_db()
    assert (row.due_at, row.late_at) == (datetime(2026, 11, 19, 10, tzinfo=UTC), None)
    with at(19, 10):
        client.force_login(accountant)
        html = client.get(f"/filing/{row.pk}/").content.decode()
        assert "2026-11-19 18:00" in html and "合同还在履行" in html
    with at(19, 18, 5):
        assert run(note_late)["late"] == 1


@pytest.mark.req("QUAL-01", "BEYOND-04")
def test_nothing_is_gained_by_asking_and_withdrawing(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User
) -> None:
    with at(18, 10):
        row = register()
        client.force_login(accountant)
        client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
    with at(18, 19):
        client.force_login(accountant)
        client.post(f"/approvals/{Approval.objects.get(kind='filing.take').pk}/do/withdraw/", {})
        row.refresh_from_db()
        assert row.due_at == datetime(2026, 11, 18, 10, tzinfo=UTC)
        assert run(note_late)["late"] == 1


@pytest.mark.req("QUAL-01")
def test_what_the_rulebook_asks_of_a_waiting_registration_later_is_waived_by_the_clock(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User, clause: Clause
) -> None:
    with at(18, 10):
        row, other = register(), register(name="赵六", phone="13900001111")
        client.force_login(accountant)
        client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
        owe(row, accountant, clause)
        owe(other, accountant, clause)
        run(note_late)
    assert dict(Duty.objects.values_list("subject_id", "state")) == {row.pk: "waived", other.pk: "open"}


@pytest.fixture
def same_day(company: Company) -> Clause:
    """The clause of the ready rulebook: who comes in is filed by the hour of the day."""
    found = [clause for book in books.ready() for article in book.articles for clause in article.clauses]
    ready = next(clause for clause in found if clause.code == "QUAL-01")
    made = saved(Clause(company=company, code="QUAL-01", title=ready.title, kind="within"))
    saved(ClauseVersion(company=company, clause=made, effective_on="2026-11-01", state="published", spec=ready.spec))
    return made


def stands(duty: Duty) -> tuple[str, datetime]:
    duty.refresh_from_db()
    return duty.state, duty.due_at


def mine(user: User) -> str:
    return signed_in(user).get("/duties/?view=mine").content.decode()


def owed_at_the_counter(head: User, person: User) -> list[str]:
    """Open, today, overdue of one person, as the board of the team shows them."""
    html = signed_in(head).get("/team-board/").content.decode()
    line = next((row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if person.name in row), "")
    return re.findall(r'<td class="r num"[^>]*>\s*(?:<[^>]+>)*(\d+)', line)[:3]


@pytest.mark.req("QUAL-01", "QUAL-04", "BEYOND-04")
@pytest.mark.parametrize("again", [False, True], ids=["run after run", "judged anew"])
def test_after_a_no_the_accountant_owes_the_filing_again_until_its_new_hour_and_filing_ticks_it_off(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User, leader: User, east: Department,
    same_day: Clause, again: bool,
) -> None:  # fmt: skip
    east.head = leader
    saved(east)
    company, new_hour = accountant.company, datetime(2026, 11, 19, 10, tzinfo=UTC)
    with at(18, 10):
        row = register()
        engine.judge(company)
        duty = Duty.objects.get()
        assert stands(duty) == ("open", datetime(2026, 11, 18, 10, tzinfo=UTC))
        client.force_login(accountant)
        client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
        assert (stands(duty)[0], row.name in mine(accountant)) == ("waived", False)
        assert owed_at_the_counter(leader, accountant) == ["0", "0", "0"]
    with at(18, 19):
        approval = Approval.objects.get(kind="filing.take")
        signed_in(west_head).post(f"/approvals/{approval.pk}/do/refuse/", {"opinion": "合同还在履行"})
        assert stands(duty) == ("open", new_hour)
        if again:
            engine.replay(company)
            duty = Duty.objects.get()
            run(note_late)
        engine.judge(company)
        assert stands(duty) == ("open", new_hour)
    with at(19, 9):
        listed = mine(accountant)
        assert (row.name in listed, f"{duty.pk}" in listed) == (True, True)
        assert owed_at_the_counter(leader, accountant) == ["1", "1", "0"]
        assert row.number in signed_in(accountant).get(f"/duties/{duty.pk}/").content.decode()
        client.force_login(accountant)
        told = {"kind": "person", "name": "王建业", "phone": "139 0000 2222", "key": "f", "confirmed": "1"}
        assert client.post(f"/filing/{row.pk}/", told).status_code == 302
        engine.judge(company)
        assert (stands(duty), row.name in mine(accountant)) == (("met", new_hour), False)
    if again:
        with at(19, 12):
            engine.replay(company)
            run(note_late)
            assert stands(Duty.objects.get()) == ("met", new_hour)


@pytest.mark.req("QUAL-01", "QUAL-04")
def test_after_a_no_and_the_new_hour_without_a_file_the_duty_is_missed(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User, same_day: Clause
) -> None:
    with at(18, 10):
        row = register()
        engine.judge(accountant.company)
        client.force_login(accountant)
        client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
    with at(18, 19):
        signed_in(west_head).post(
            f"/approvals/{Approval.objects.get(kind='filing.take').pk}/do/refuse/", {"opinion": "不行"}
        )
    for hour, state in ((17, "open"), (19, "missed")):
        with at(19, hour):
            engine.judge(accountant.company)
            assert stands(Duty.objects.get())[0] == state


@pytest.mark.req("QUAL-01", "QUAL-04")
def test_who_withdraws_owes_what_was_owed_by_the_old_hour(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User, same_day: Clause
) -> None:
    with at(18, 10):
        row = register()
        engine.judge(accountant.company)
        client.force_login(accountant)
        client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "到店三次", "key": "q"})
    with at(18, 19):
        client.force_login(accountant)
        client.post(f"/approvals/{Approval.objects.get(kind='filing.take').pk}/do/withdraw/", {})
        assert stands(Duty.objects.get()) == ("missed", datetime(2026, 11, 18, 10, tzinfo=UTC))


@pytest.mark.req("BEYOND-04", "CARD-11")
def test_only_a_customer_that_looks_like_what_is_filed_can_be_asked_for(
    client: Client, register: Register, accountant: User, kept: Account, west_head: User
) -> None:
    row = register(name="赵六", phone="13900001111")
    client.force_login(accountant)
    assert (
        client.post(f"/filing/{row.pk}/", {"ask": kept.pk, f"reason-{kept.pk}": "想看看", "key": "q"}).status_code
        == 404
    )
    assert Approval.objects.count() == 0


@pytest.mark.req("BEYOND-01", "QUAL-04")
def test_a_customer_of_the_pool_is_assigned_on_the_word_of_ones_own_head(
    client: Client, register: Register, accountant: User, clerk: User, leader: User, east: Department, company: Company
) -> None:
    seed_pools(company)
    east.head = leader
    saved(east)
    pooled = saved(Account(company=company, kind="person", name="王建国", phone="13812345678", created_by=leader))
    row = register()
    client.force_login(accountant)
    client.post(f"/filing/{row.pk}/", {"ask": pooled.pk, f"reason-{pooled.pk}": "到店咨询", "key": "q"})
    approval = Approval.objects.get(kind="filing.take")
    assert signed_in(leader).post(f"/approvals/{approval.pk}/do/agree/", {}).status_code == 302
    pooled.refresh_from_db()
    row.refresh_from_db()
    assert (pooled.owner, row.account, Stay.objects.count()) == (clerk, pooled, 0)
    assert held(client, pooled) == [("Assigned", "—")]


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
