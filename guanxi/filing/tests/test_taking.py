"""A registered customer whom another branch has: asked for, given or kept, and what the accountant owes meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.conftest import Hire, run, saved, signed_in
from guanxi.customers.models import Account
from guanxi.filing.models import Registration
from guanxi.filing.services.duties import note_late
from guanxi.filing.tests.conftest import Register, at
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.pool.models import Stay
from guanxi.pool.services.seed import seed as seed_pools
from guanxi.rulebook.engine import run as engine
from guanxi.rulebook.models import Clause, ClauseVersion, Duty
from guanxi.rulebook.services import books

pytestmark = pytest.mark.django_db


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


def ask_for(account: Account, row: Registration, asker: User) -> None:
    """Asks on the page of the registration to be given the customer."""
    asked = {"ask": account.pk, f"reason-{account.pk}": "到店三次", "key": "q"}
    assert signed_in(asker).post(f"/filing/{row.pk}/", asked).status_code == 302


def asked_while_owed(register: Register, account: Account, accountant: User) -> None:
    """Registered, owed by the accountant, and asked for, all in the morning."""
    with at(18, 10):
        row = register()
        engine.judge(accountant.company)
        ask_for(account, row, accountant)


def answer(user: User, verb: str, **told: str) -> None:
    """Decides on what was asked, or takes it back."""
    approval = Approval.objects.get(kind="filing.take")
    assert signed_in(user).post(f"/approvals/{approval.pk}/do/{verb}/", told).status_code == 302


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
    register: Register, accountant: User, kept: Account, west_head: User
) -> None:
    row = register()
    ask_for(kept, row, accountant)
    answer(west_head, "agree")
    assert held(signed_in(accountant), kept) == [("Handed over", "—"), ("Entered the customer", "Handed over")]


@pytest.mark.req("BEYOND-04", "CARD-11")
def test_a_no_leaves_the_customer_where_it_is_and_the_clerk_reads_why(
    register: Register, accountant: User, kept: Account, west_head: User, stranger: User
) -> None:
    row = register()
    ask_for(kept, row, accountant)
    answer(west_head, "refuse", opinion="合同还在履行")
    kept.refresh_from_db()
    row.refresh_from_db()
    assert (kept.owner, row.state) == (stranger, "open")
    assert "合同还在履行" in signed_in(accountant).get(f"/filing/{row.pk}/").content.decode()


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
        ask_for(kept, row, accountant)
    duty.refresh_from_db()
    assert (duty.state, row.number in duty.note) == ("waived", True)
    with at(18, 18, 5):
        client.force_login(accountant)
        html = client.get("/filing/").content.decode()
        assert ("t-red" in html, f"{west_head.name} decides" in html, "1 wait for a yes" in html) == (False, True, True)
        assert "王建国" in client.get("/registrations/?view=asked").content.decode()
        assert run(note_late)["late"] == 0
        answer(west_head, "refuse", opinion="合同还在履行")
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
    register: Register, accountant: User, kept: Account, west_head: User
) -> None:
    with at(18, 10):
        row = register()
        ask_for(kept, row, accountant)
    with at(18, 19):
        answer(accountant, "withdraw")
        row.refresh_from_db()
        assert row.due_at == datetime(2026, 11, 18, 10, tzinfo=UTC)
        assert run(note_late)["late"] == 1


@pytest.mark.req("QUAL-01")
def test_what_the_rulebook_asks_of_a_waiting_registration_later_is_waived_by_the_clock(
    register: Register, accountant: User, kept: Account, west_head: User, clause: Clause
) -> None:
    with at(18, 10):
        row, other = register(), register(name="赵六", phone="13900001111")
        ask_for(kept, row, accountant)
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
        ask_for(kept, row, accountant)
        assert (stands(duty)[0], row.name in mine(accountant)) == ("waived", False)
        assert owed_at_the_counter(leader, accountant) == ["0", "0", "0"]
    with at(18, 19):
        answer(west_head, "refuse", opinion="合同还在履行")
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
    register: Register, accountant: User, kept: Account, west_head: User, same_day: Clause
) -> None:
    asked_while_owed(register, kept, accountant)
    with at(18, 19):
        answer(west_head, "refuse", opinion="不行")
    for hour, state in ((17, "open"), (19, "missed")):
        with at(19, hour):
            engine.judge(accountant.company)
            assert stands(Duty.objects.get())[0] == state


@pytest.mark.req("QUAL-01", "QUAL-04")
def test_who_withdraws_owes_what_was_owed_by_the_old_hour(
    register: Register, accountant: User, kept: Account, west_head: User, same_day: Clause
) -> None:
    asked_while_owed(register, kept, accountant)
    with at(18, 19):
        answer(accountant, "withdraw")
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
    register: Register, accountant: User, clerk: User, leader: User, east: Department, company: Company
) -> None:
    seed_pools(company)
    east.head = leader
    saved(east)
    pooled = saved(Account(company=company, kind="person", name="王建国", phone="13812345678", created_by=leader))
    row = register()
    ask_for(pooled, row, accountant)
    answer(leader, "agree")
    pooled.refresh_from_db()
    row.refresh_from_db()
    assert (pooled.owner, row.account, Stay.objects.count()) == (clerk, pooled, 0)
    assert held(signed_in(accountant), pooled) == [("Assigned", "—")]
