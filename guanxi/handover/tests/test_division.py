"""Who gets what: shown before anything is signed, shared in turn, by hand, with conflicts named."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.handover.models import Handover, Holding
from guanxi.handover.tests.course import LINES, PAGE, begin, divided, here, signed
from guanxi.handover.tests.world import customer, load, open_things, work_off
from guanxi.interactions.models import ReturnVisit
from guanxi.kernel import clock
from guanxi.org.models import Department, User
from guanxi.rulebook.models import Clause, ClauseVersion, Duty
from guanxi.rulebook.tests.figures import about, duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]


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
