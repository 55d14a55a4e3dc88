"""The sealed handover: everything is found, divided, signed by both sides, moved unchanged, and nothing is left."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.api.models import Token
from guanxi.approvals.models import Approval, Vote
from guanxi.approvals.services import Request, ask
from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.custody.models import ExportLog, Flag, SalesPlan
from guanxi.customers.models import Account, Segment
from guanxi.handover.models import Handover, Holding, PersonnelChange, Rule, Successor
from guanxi.handover.services import sealing
from guanxi.handover.tests.world import customer, load, open_things, order, states, work_off
from guanxi.incentives.models import Entry as Incentive
from guanxi.interactions.models import ReturnVisit
from guanxi.kernel import clock, jobs
from guanxi.kernel.entities import entities
from guanxi.kernel.models import Job
from guanxi.org import holdings
from guanxi.org.holdings import all_holds, is_declared
from guanxi.org.models import Absence, Department, Notice, Team, User
from guanxi.pool.models import Tenure
from guanxi.rulebook.models import Clause, ClauseVersion, Duty
from guanxi.rulebook.tests.figures import about, duty
from guanxi.sales.models import Order
from guanxi.targets.models import Target
from guanxi.targets.models.targets import after

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]
PAGE = "/handovers/"
LINES = {"lines": 2, "line-0-id": "", "line-1-id": ""}


def begin(fill: Any, leader: User, leaver: User, rest: User, *others: User, **more: Any) -> Handover:
    """The leader fills in the form with its successors."""
    lines = {f"line-{n}-person": other.pk for n, other in enumerate(others)}
    sent = {"person": leaver.pk, "kind": "leaving", "day": str(clock.today()), "rest_to": rest.pk, "reason": "离职"}
    answer = fill(leader, PAGE, **{**sent, **LINES, **lines, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Handover.objects.latest("id")


def here(row: Handover) -> str:
    return f"{PAGE}{row.pk}/"


def state(row: Handover) -> str:
    return str(Handover.objects.get(pk=row.pk).state)


def signed(act: Any, row: Handover, leader: User, *people: User) -> None:
    assert act(leader, here(row), "propose").status_code == 302
    for person in people:
        assert act(person, here(row), "sign").status_code == 302
    assert state(row) == "signed"


@pytest.mark.req("ACCT-05", "INFO-18")
def test_two_successors_take_everything_over_and_nothing_is_left(
    client: Client,
    fill: Any,
    act: Any,
    leader: User,
    seller: User,
    rival: User,
    stranger: User,
    hire: Any,
    east: Department,
) -> None:
    third = hire("third", "representative", east, name="方小禾")
    rows = load(seller, 6, colleague=stranger)
    before, browser, token = states(rows), Client(), Token.issue(seller, "t")
    browser.force_login(seller)
    row = begin(fill, leader, seller, rival, third)
    rule = {"handover": row.pk, "position": 1, "label": "customers.account", "to": third.pk,
            "where": json.dumps({"f": "region_code", "op": "is", "v": "320500"})}  # fmt: skip
    assert fill(leader, "/handover-rules/", **rule).status_code == 302
    page = client.get(here(row)).content.decode()
    assert all(word in page for word in ("客户5", "所有持有事项", "分配", "方小禾", "担任代理人"))
    by_rule = {h.title for h in Holding.objects.filter(handover=row, label="customers.account", successor=third)}
    assert by_rule == {"客户1", "客户4"}
    one = Holding.objects.get(handover=row, title="客户5")
    assert act(leader, f"/holdings/{one.pk}/", "give_to", to=third.pk).status_code == 302
    assert act(seller, here(row), "sign").status_code == 422  # nothing has been proposed
    assert act(leader, here(row), "propose").status_code == 302
    assert act(rival, f"/holdings/{one.pk}/", "give_to", to=rival.pk).status_code == 403
    assert act(leader, here(row), "seal").status_code == 422
    for person, becomes in ((rival, "proposed"), (seller, "leaver"), (third, "signed")):
        assert act(person, here(row), "sign").status_code == 302
        assert state(row) == becomes
    assert act(stranger, here(row), "sign").status_code == 404
    assert act(leader, here(row), "seal").status_code == 302
    row = work_off(row)
    assert (row.state, len(row.seal), open_things(seller)) == ("sealed", 64, {})
    assert {a.owner for a in Account.objects.filter(name__in=["客户1", "客户4", "客户5"])} == {third}
    assert {a.owner for a in Account.objects.filter(name__in=["客户0", "客户2", "客户3"])} == {rival}
    assert {o.owner for o in Order.objects.filter(account__name="客户5")} == {
        third
    }  # what hangs on a customer goes along
    assert Order.objects.get(state="completed").owner == seller  # finished: history stays what it was
    team = Team.objects.get(name="一组")
    assert (Segment.objects.get(name="我的客群").owner, Absence.objects.get().deputy, team.lead) == (
        rival,
        rival,
        rival,
    )
    assert not team.members.exists() and Notice.objects.get(text="请回访").user == rival
    assert states(rows) == before
    ways = set(Tenure.objects.filter(account__in=[one.pk for one in rows]).values_list("holder", "began", "ended"))
    assert ways == {(seller.pk, "own", "handed"), (rival.pk, "handed", ""), (third.pk, "handed", "")}
    assert all(h.before == h.after != "" for h in Holding.objects.filter(handover=row, successor__isnull=False))
    seller.refresh_from_db()
    assert not seller.is_active and browser.get("/").status_code == 302
    assert Client(headers={"authorization": f"Bearer {token}"}).get("/api/customers/").status_code == 401
    assert Entry.objects.filter(label="customers.account", object_id=rows[0].pk, actor_name="周屿").exists()


@pytest.mark.req("ACCT-05")
def test_each_ones_next_step_stands_first_and_outside_the_menu_on_a_phone(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    def step(person: User) -> list[str]:
        """What the bar at the foot of a phone offers as the one thing to do."""
        client.force_login(person)
        bar = client.get(here(row)).content.decode().partition('class="actbar"')[2].partition("</div>")[0]
        return re.findall(r'class="pri" href="[^"]*/(\w+)/"', bar)

    load(seller, 2)
    row = begin(fill, leader, seller, rival)
    assert (step(leader), step(seller)) == (["propose"], [])
    act(leader, here(row), "propose")
    assert (step(seller), step(rival)) == (["sign"], ["sign"])
    act(seller, here(row), "sign")
    assert step(seller) == []
    act(rival, here(row), "sign")
    assert step(leader) == ["seal"]


@pytest.mark.req("ACCT-05", "INFO-18")
def test_the_briefing_tells_a_successor_what_has_to_be_known_and_nobody_else(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User, stranger: User
) -> None:
    load(seller, 4)
    row = begin(fill, leader, seller, rival)
    address = f"{here(row)}briefing/"
    client.force_login(rival)
    before = client.get(address).content.decode()
    assert ("联系人3" in before, "没有可显示的客户" in before) == (False, False)  # not yet in reach
    named = before.partition("待接手客户")[2].partition("</section>")[0]
    assert re.findall(r"<b>(客户\d)</b>", named) == ["客户3", "客户2", "客户1", "客户0"], "whoever signs knows for what"
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    work_off(row)
    client.force_login(rival)
    page = client.get(address).content.decode()
    assert all(word in page for word in ("客户3", "联系人3", "13900000003", "要报价3", "¥300"))
    also = page.partition("同时接手")[2]
    order = Order.objects.get(number="SO-C3-0")
    assert f'href="/orders/{order.pk}/">{order}</a></b><small>订单 · 客户3</small>' in also, (
        "what it is, and the way there"
    )
    assert "待接手客户" not in page
    answer = client.get(f"{address}?of={rival.pk}&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[2]][:2] == ["客户3", "联系人3 13900000003"]
    assert sheet.max_row == 5
    assert "letters/?id=" in page
    assert '<table class="tbl tbl-all">' in page, "on a phone, too, the last and the next contact are told"


def divided(html: str) -> dict[str, list[str]]:
    """The division as its page shows it: together, to each successor, what ends."""
    table = html.split('aria-label="分配"')[1].split("</table>")[0]
    lines = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    return {re.sub(r"<.*?>", "", name).strip(): re.findall(r"<td[^>]*>(.*?)</td>", cells) for name, cells in lines}


@pytest.mark.req("ACCT-05", "CARD-11")
def test_a_draft_shows_everything_that_will_move_with_sums_as_things_stand_now(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User, hire: Any, east: Department
) -> None:
    third = hire("third", "representative", east, name="方小禾")
    rows = load(seller, 2)
    row = begin(fill, leader, seller, rival, third)
    one = Holding.objects.get(handover=row, title="客户1")
    act(leader, f"/holdings/{one.pk}/", "give_to", to=third.pk)
    on = {"company": seller.company, "owner": seller, "department": east, "account": rows[1]}
    saved(ReturnVisit(**on, way="phone", due_on=clock.today()))
    clause = saved(Clause(company=seller.company, code="visit", title="回访", kind="within"))
    version = saved(ClauseVersion(company=seller.company, clause=clause, effective_on=clock.today()))
    duty(version, seller, str(clock.today()), "open", **about(rows[1]))
    client.force_login(leader)
    html = client.get(here(row)).content.decode()
    lines = divided(html)
    assert (lines["客户"], lines["回访"], lines["应办事项"]) == (
        ["2", "1", "1", ""], ["1", "1", "0", ""], ["1", "1", "0", ""],
    ), "first the colleague to whom the customer was given by hand, then who takes the rest"  # fmt: skip
    assert lines["未读通知 整体移交"] == ["1", "0", "1", ""]
    assert (lines["所在团队"][3], lines["担任组长的团队"][2]) == ("1", "1"), (
        "a seat in a team ends; leading it is a line of its own"
    )
    table = html.split('aria-label="分配"')[1].split("</table>")[0]
    assert table.count(f'data-l="{third.name}"') == len(lines), "every figure says whose it is, on a phone, too"
    together = lines["合计"]
    others = [cells for name, cells in lines.items() if name not in ("合计", "近一年销售额")]
    assert together == [str(sum(int(cells[n] or 0) for cells in others)) for n in range(4)]
    assert "另有 2 项" in html and not Holding.objects.filter(handover=row, label="rulebook.duty").exists()
    assert act(leader, here(row), "take_stock").status_code == 302
    assert Holding.objects.get(handover=row, label="rulebook.duty").successor == third
    client.force_login(leader)
    html = client.get(here(row)).content.decode()
    assert (divided(html), "另有 2 项" in html) == (lines, False)
    things = client.get(f"/holdings/?{urlencode({'where': json.dumps({'f': 'link', 'op': 'is', 'v': 'lead'})})}")
    assert "组长" in things.content.decode()
    signed(act, row, leader, seller, rival, third)
    act(leader, here(row), "seal")
    assert (work_off(row).state, open_things(seller)) == ("sealed", {})
    assert (Duty.objects.get().owner, ReturnVisit.objects.get().owner) == (third, third)


@pytest.mark.req("ACCT-05")
def test_customers_are_shared_in_turn_the_largest_first(
    fill: Any, leader: User, seller: User, rival: User, hire: Any, east: Department
) -> None:
    third = hire("third", "representative", east, name="方小禾")
    load(seller, 5)
    row = begin(fill, leader, seller, rival, third)
    fill(leader, "/handover-rules/", handover=row.pk, position=1, label="customers.account")
    order_of = Holding.objects.filter(handover=row, label="customers.account").order_by("-weight", "object_id")
    assert [(h.title, h.successor.username) for h in order_of] == [
        ("客户4", "third"), ("客户3", "rival"), ("客户2", "third"), ("客户1", "rival"), ("客户0", "third"),
    ]  # fmt: skip


def test_a_leader_signs_for_an_absent_leaver_but_not_for_both_sides(
    fill: Any, act: Any, leader: User, seller: User, rival: User, owner: User
) -> None:
    load(seller, 1)
    row = begin(fill, leader, seller, leader)
    act(leader, here(row), "propose")
    assert act(rival, here(row), "sign_for", remark="x").status_code in (403, 404)
    assert act(leader, here(row), "sign_for", remark="已失联").status_code == 422
    assert act(owner, here(row), "sign_for", remark="").status_code == 422
    assert act(owner, here(row), "sign_for", remark="已失联").status_code == 302
    row = Handover.objects.get(pk=row.pk)
    assert (row.signed_by, row.remark, row.state) == (owner, "已失联", "leaver")
    assert act(owner, here(row), "reopen").status_code == 302  # a new division has to be signed anew
    row = Handover.objects.get(pk=row.pk)
    assert (row.state, row.signed_at) == ("draft", None)


def test_conflicts_are_named_before_anybody_signs(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User, owner: User, hire: Any
) -> None:
    load(seller, 1, colleague=rival)  # the rival is away, and the leaver stands in
    admin = hire("admin", "system-administrator", name="管理员甲")
    row = begin(fill, leader, seller, rival)
    assert Holding.objects.get(handover=row, link="deputy").problem != ""
    assert act(leader, here(row), "propose").status_code == 422
    one = Holding.objects.get(handover=row, link="deputy")
    assert act(leader, f"/holdings/{one.pk}/", "give_to", to=leader.pk).status_code == 302
    mine = Holding.objects.get(handover=row, label="customers.account")
    act(leader, f"/holdings/{mine.pk}/", "give_to", to=admin.pk)
    mine.refresh_from_db()
    assert "管理员甲" in mine.problem  # may not see customers
    act(leader, f"/holdings/{mine.pk}/", "give_to", to=rival.pk)
    assert act(leader, here(row), "propose").status_code == 302


def test_votes_and_own_requests_go_along(
    fill: Any, act: Any, leader: User, seller: User, rival: User, owner: User, stranger: User
) -> None:
    from guanxi.approvals import subjects

    subjects.subject("test.leave", label="请假", steps=({"who": "head"},))(lambda _approval: None)
    try:
        asked = ask(Request("test.leave", "请假"), actor=User.objects.get(pk=rival.pk))  # the leader decides
        own = ask(Request("test.leave", "出差"), actor=User.objects.get(pk=leader.pk))  # the head of all decides
        row = begin(fill, owner, leader, seller)
        signed(act, row, owner, leader, seller)
        act(owner, here(row), "seal")
        assert work_off(row).state == "sealed"
        vote = Vote.objects.get(approval=asked)
        assert (vote.person, vote.stands_for, Approval.objects.get(pk=own.pk).owner) == (seller, leader, seller)
        assert Department.objects.get(code="east-1").head == seller
        assert open_things(leader) == {}
    finally:
        subjects._subjects.pop("test.leave")


def test_what_is_refused_leaves_the_handover_open_and_named(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 2)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    rival.is_active = False
    saved(rival)
    act(leader, here(row), "seal")
    row = work_off(row)
    seller.refresh_from_db()
    assert (row.state, seller.is_active, row.problem != "") == ("signed", True, True)
    assert Account.objects.filter(owner=seller).count() == 2
    rival.is_active = True
    saved(rival)
    assert act(leader, here(row), "seal").status_code == 302
    assert (work_off(row).state, open_things(seller)) == ("sealed", {})


def next_months(person: User, months: int = 1) -> Target:
    first = after(clock.today().replace(day=1), "month", months)
    return saved(
        Target(company=person.company, owner=person, department=person.department, starts_on=first, amount=5000)
    )


@pytest.mark.req("ACCT-05", "SALE-11")
def test_a_target_to_come_ends_with_its_person_and_leaves_the_successors_own_alone(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 1)
    past, coming, own = next_months(seller, 0), next_months(seller), next_months(rival)
    row = begin(fill, leader, seller, rival)
    assert divided(client.get(here(row)).content.decode())["业绩目标"] == ["1", "0", "1"], (
        "together, the successor, what ends"
    )
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    assert (work_off(row).state, open_things(seller)) == ("sealed", {})
    left = {one.pk: (one.owner, one.deleted_at is None) for one in Target.everything.all()}
    assert left == {past.pk: (seller, True), coming.pk: (seller, False), own.pk: (rival, True)}


def test_what_a_successor_may_have_once_only_is_named_and_the_rest_moves(
    fill: Any, act: Any, leader: User, seller: User, rival: User, monkeypatch: Any
) -> None:
    monkeypatch.delitem(holdings._declared, ("targets.target", "owner"))  # an app that has not thought of it
    load(seller, 2)
    next_months(seller)
    next_months(rival)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    row = work_off(row)
    assert (row.state, open_things(seller)) == ("signed", {"targets.target.owner": 1})
    assert Holding.objects.get(handover=row, label="targets.target").problem == f"{rival.name}已有相同的一项。"


def test_a_mover_keeps_the_account_and_what_is_personal(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 2)
    row = begin(fill, leader, seller, rival, kind="move")
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    assert work_off(row).state == "sealed"
    seller.refresh_from_db()
    assert seller.is_active and not Account.objects.filter(owner=seller).exists()
    assert Notice.objects.get(text="请回访").user == seller and seller.teams.exists()


def test_what_comes_after_the_signatures_moves_as_well(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 1)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    late = customer(seller, 77)
    act(leader, here(row), "seal")
    assert (work_off(row).state, Account.objects.get(pk=late.pk).owner) == ("sealed", rival)


class Killed(BaseException):
    """As sudden as a power cut, as far as Python can tell."""


@pytest.mark.req("ACCT-05")
def test_a_killed_sealing_goes_on_and_moves_everything_once(
    fill: Any, act: Any, leader: User, seller: User, rival: User, monkeypatch: Any
) -> None:
    rows = load(seller, 5)
    row, before = begin(fill, leader, seller, rival), states(rows)
    signed(act, row, leader, seller, rival)
    monkeypatch.setattr(sealing, "BATCH", 4)
    act(leader, here(row), "seal")
    plain, calls = sealing._hand_on, []

    def dies(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise Killed
        plain(*args)

    monkeypatch.setattr(sealing, "_hand_on", dies)
    with pytest.raises(Killed):
        jobs.work_off()
    moved = Holding.objects.filter(handover=row, moved_at__isnull=False).count()
    assert 0 < moved < Holding.objects.filter(handover=row).count()
    assert state(row) == "sealing" and Account.objects.filter(owner=seller).exists()
    seller.refresh_from_db()
    assert seller.is_active
    monkeypatch.setattr(sealing, "_hand_on", plain)
    job = Job.objects.get(name="handover.seal")
    Job.objects.filter(pk=job.pk).update(leased_until=job.created_at)  # the lease runs out
    assert (work_off(row).state, open_things(seller), states(rows)) == ("sealed", {}, before)
    changes = Entry.objects.filter(label="customers.account", object_id=rows[0].pk, verb="customers.account.changed")
    assert changes.count() <= 1


GRAPH = st.lists(
    st.tuples(
        st.integers(0, 3),  # orders
        st.sampled_from(["confirmed", "completed", "draft", "cancelled"]),
        st.booleans(),  # retired
        st.integers(0, 2),  # whose customer: the leaver's, the rival's, nobody's
    ),
    max_size=6,
)


@pytest.mark.req("ACCT-05")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPH, turns=st.booleans(), votes=st.integers(0, 2))
def test_whatever_a_person_holds_nothing_open_is_left_after_the_seal(
    graph: list[Any], turns: bool, votes: int, leader: User, seller: User, rival: User, hire: Any, east: Department
) -> None:
    from django.db import transaction

    from guanxi.handover.services import handovers

    with transaction.atomic():
        people = [seller, rival, None]
        for n, (orders, order_state, retired, whose) in enumerate(graph):
            row = customer(people[whose] or seller, 1000 + n, retired_on=clock.today() if retired else None)
            for k in range(orders):
                made = order(row, k, order_state)
                made.owner = seller  # also of customers that belong to others
                saved(made)
            if whose == 2:
                row.owner = None
                saved(row)
        for n in range(votes):
            saved(Absence(company=seller.company, owner=[leader, seller][n], deputy=[seller, leader][n],
                          starts_on=clock.today(), ends_on=clock.today()))  # fmt: skip
        row = saved(Handover(company=seller.company, owner=leader, department=east, person=seller, day=clock.today(),
                             rest_to=rival, reason="x"))  # fmt: skip
        if turns:
            saved(Rule(company=seller.company, handover=row))
        for verb, actor in (
            (handovers.propose, leader),
            (handovers.sign, seller),
            (handovers.sign, rival),
            (handovers.seal, leader),
        ):
            verb(row, actor=User.objects.get(pk=actor.pk))
        row = work_off(row)
        assert (row.state, open_things(seller)) == ("sealed", {})
        assert not Account.objects.filter(owner=seller).exists()
        assert not Order.objects.filter(owner=seller).exclude(state__in=["completed", "cancelled"]).exists()
        transaction.set_rollback(True)
    for person in (seller, rival):
        person.refresh_from_db()


def test_only_one_handover_of_a_person_at_a_time_and_from_the_personnel_change(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    fill(leader, "/personnel-changes/", kind="leaving", day=str(clock.today()), person=seller.pk)
    change = PersonnelChange.objects.get()
    assert act(leader, f"/personnel-changes/{change.pk}/", "prepare", rest_to=rival.pk).status_code == 302
    row = Handover.objects.get()
    assert (row.person, row.kind, [s.person for s in Successor.objects.all()]) == (seller, "leaving", [rival])
    client.force_login(leader)
    page = client.get(f"/personnel-changes/{change.pk}/").content.decode()
    assert (here(Handover.objects.get()) in page, "do/prepare" in page) == (True, False), "on to what is under way"
    assert act(leader, f"/personnel-changes/{change.pk}/", "prepare", rest_to=rival.pk).status_code == 422
    assert act(leader, here(row), "cancel", reason="留任").status_code == 302
    assert act(leader, f"/personnel-changes/{change.pk}/", "prepare", rest_to=rival.pk).status_code == 302
    row = Handover.objects.latest("id")
    signed(act, row, leader, seller, rival)
    assert PersonnelChange.objects.get().access_ended_at is None
    act(leader, here(row), "seal")
    assert work_off(row).state == "sealed"
    client.force_login(leader)
    page = client.get(f"/personnel-changes/{change.pk}/").content.decode()
    assert (here(row) in page, "do/prepare" in page) == (True, False), (
        "what has been handed over is not asked for again"
    )
    ended = PersonnelChange.objects.get().access_ended_at
    assert ended is not None and ended <= clock.now(), "the account was closed with the seal"


def test_nobody_hands_over_oneself_or_people_out_of_reach(
    fill: Any, act: Any, leader: User, rival: User, stranger: User, seller: User
) -> None:
    sent = {
        "person": seller.pk,
        "kind": "leaving",
        "day": str(clock.today()),
        "rest_to": rival.pk,
        "reason": "x",
        **LINES,
    }
    assert fill(seller, PAGE, **sent).status_code == 403
    assert fill(leader, PAGE, **{**sent, "rest_to": seller.pk}).status_code in (409, 422)
    row = begin(fill, leader, leader, rival)
    assert act(leader, here(row), "propose").status_code == 403  # one's own is brought to its end by somebody else


def test_every_link_to_a_person_is_declared_as_work_or_as_history() -> None:
    """A new column that names a person has to say whether a leaver's successor needs it."""
    owned = {one.label for one in entities() if one.owned}
    unknown = []
    for model in apps.get_models():
        if not model.__module__.startswith("guanxi."):
            continue
        columns = [*model._meta.concrete_fields, *model._meta.many_to_many]
        for column in columns:
            links = isinstance(column, models.ForeignKey | models.ManyToManyField) and column.related_model is User
            label = model._meta.label_lower
            if links and not (column.name == "owner" and label in owned) and not is_declared(label, column.name):
                unknown.append(f"{label}.{column.name}")
    assert unknown == []


def test_a_unit_that_changes_more_than_the_owner_is_taken_back(
    fill: Any, act: Any, leader: User, seller: User, rival: User, monkeypatch: Any
) -> None:
    rows = load(seller, 1)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    plain = sealing._give

    def spoils(hold: Any, thing: Any, holding: Any, passing: Any) -> None:
        plain(hold, thing, holding, passing)
        if isinstance(thing, Account):
            thing.name = "改名"
            thing.save()

    monkeypatch.setattr(sealing, "_give", spoils)
    jobs.work_off()
    assert (Account.objects.get(pk=rows[0].pk).owner, Account.objects.get(pk=rows[0].pk).name) == (seller, "客户0")
    assert state(row) == "sealing"
    seller.refresh_from_db()
    assert seller.is_active


def test_the_things_are_a_list_of_their_own_for_all_who_take_part(
    client: Client, fill: Any, leader: User, seller: User, rival: User, stranger: User
) -> None:
    load(seller, 2)
    row = begin(fill, leader, seller, rival)
    for person, n in ((leader, 2), (seller, 2), (rival, 2), (stranger, 0)):
        client.force_login(person)
        where = json.dumps(
            {"all": [{"f": "handover", "op": "is", "v": row.pk}, {"f": "label", "op": "is", "v": "customers.account"}]}
        )
        for page in ("/holdings/", "/handover-rules/", "/successors/"):
            assert client.get(page).status_code == 200
        listed = client.get("/holdings/", {"view": "all", "where": where}).content.decode()
        assert [name in listed for name in ("客户0", "客户1")] == [bool(n)] * 2, person
        assert client.get(f"{here(row)}tab/holdings/").status_code == (200 if n else 404)
        assert client.get(f"{here(row)}print/").status_code == (200 if n else 404)


@pytest.mark.req("ACCT-05", "SEC-07")
def test_what_tells_of_a_person_stays_with_that_person(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    customer(seller, 1)
    kept = {"company": seller.company, "owner": seller, "department": seller.department}
    today = clock.today()
    rows = [
        saved(Flag(**kept, kind="exported", level="stopped", day=today, number=300)),
        saved(ExportLog(**kept, number="EX-1", what="客户", kind="csv")),
        saved(Incentive(**kept, title="资料失实", amount=-20, month=today.replace(day=1))),
        saved(SalesPlan(**kept, year=2026, quarter=1, target=100)),
    ]
    row = begin(fill, leader, seller, rival)
    assert set(Holding.objects.filter(handover=row).values_list("label", flat=True)) == {"customers.account"}
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    work_off(row)
    assert {type(one).objects.get(pk=one.pk).owner for one in rows} == {seller}


def test_a_draft_is_changed_without_losing_its_own_reason(
    client: Client, fill: Any, leader: User, seller: User, rival: User, stranger: User
) -> None:
    customer(seller, 1)
    row = begin(fill, leader, seller, rival)
    page = client.get(f"{here(row)}edit/").content.decode()
    assert (page.count('name="reason"'), page.count('name="change_reason"')) == (1, 1)
    sent = {"person": seller.pk, "kind": "leaving", "rest_to": rival.pk, "reason": "合同到期", "change_reason": "写错",
            "version": row.version, "lines": 2, "line-0-id": "", "line-1-id": ""}  # fmt: skip
    wrong = client.post(f"{here(row)}edit/", {**sent, "day": "", "key": "e1"})
    assert (wrong.status_code, wrong.content.decode().count("此项必填")) == (
        422,
        1,
    )  # empty lines are not complained about
    assert client.post(f"{here(row)}edit/", {**sent, "day": str(row.day), "key": "e2"}).status_code == 302
    assert Handover.objects.get(pk=row.pk).reason == "合同到期"
    assert Entry.objects.filter(object_id=row.pk, reason="写错").exists()


@pytest.mark.req("SEC-07")
def test_a_leaver_takes_no_customers_along_unless_the_head_lets_it(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    customer(seller, 1)
    sent = {"format": "csv", "state": "?columns=name"}
    client.force_login(seller)
    assert client.post("/customers/export/", sent).status_code == 200
    fill(leader, "/personnel-changes/", kind="leaving", day=str(clock.today()), person=seller.pk)
    client.force_login(seller)
    assert client.post("/customers/export/", sent).status_code == 409
    assert ExportLog.objects.count() == 1
    flag = Flag.objects.get()
    assert (flag.owner, flag.level, flag.number) == (seller, "stopped", 1)
    assert Notice.objects.filter(user=leader, icon="shield-exclamation").count() == 1
    client.force_login(rival)
    assert client.post("/customers/export/", sent).status_code == 200
    assert act(leader, f"/unusual-reading/{flag.pk}/", "lift", reason="移交名单").status_code == 302
    client.force_login(seller)
    assert client.post("/customers/export/", sent).status_code == 200


def test_the_handover_names_no_other_apps_links_each_app_declares_its_own() -> None:
    """A new app says itself what its people hold; taking the handover away leaves every declaration where it is."""
    names = {config.label for config in apps.get_app_configs()} - {"handover"}
    folder = Path(sealing.__file__).parents[1]
    texts = [p.read_text(encoding="utf-8") for p in folder.rglob("*.py") if "tests" not in p.parts]
    said = re.findall(r'\b(?:holds|history)\(\s*f?"(\w+)\.', "\n".join(texts))
    assert (set(said) & names, "handover" in said) == (set(), True)
    for hold in all_holds():
        if hold.give.__module__ != "guanxi.org.holdings":
            owner = hold.label.split(".")[0]
            assert hold.give.__module__.startswith(f"guanxi.{owner}.") or owner == "kernel", hold.key
