"""The sealed handover: prepared, read by the successors, signed by both sides; a leaver takes nothing along."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client

from guanxi.api.models import Token
from guanxi.audit.models import Entry
from guanxi.custody.models import ExportLog, Flag
from guanxi.customers.models import Account, Segment
from guanxi.handover.models import Handover, Holding, PersonnelChange, Successor
from guanxi.handover.tests.course import begin, divided, here, signed, state
from guanxi.handover.tests.world import customer, load, open_things, states, work_off
from guanxi.kernel import clock
from guanxi.org.models import Absence, Department, Notice, Team, User
from guanxi.pool.models import Tenure
from guanxi.sales.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]


@pytest.mark.req("ACCT-01", "ACCT-05")
def test_an_administrator_of_accounts_brings_a_handover_to_its_end_and_reads_no_business(
    client: Client, fill: Any, act: Any, seller: User, rival: User, hire: Any
) -> None:
    system, security = hire("system", "system-administrator"), hire("security", "security-administrator")
    load(seller, 3)
    row = begin(fill, system, seller, rival)
    for person in (system, security):
        client.force_login(person)
        page = client.get(here(row)).content.decode()
        assert divided(page)["客户"][0] == "3", "how many of what"
        assert [word for word in ("客户0", "近一年销售额", "holdings") if word in page] == []
        assert client.get("/holdings/").status_code == 403
        assert client.get(f"{here(row)}briefing/").status_code == 403
        assert 'href="/handovers/"' in client.get("/").content.decode()
    assert act(security, here(row), "propose").status_code == 403
    signed(act, row, system, seller, rival)
    assert act(security, here(row), "seal").status_code == 403
    assert act(system, here(row), "seal").status_code == 302
    assert (work_off(row).state, open_things(seller)) == ("sealed", {})
    seller.refresh_from_db()
    assert not seller.is_active


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


@pytest.mark.req("SEC-07")
def test_who_hands_over_for_good_takes_no_customers_along_either(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    customer(seller, 1)
    sent = {"format": "csv", "state": "?columns=name"}
    row = begin(fill, leader, seller, rival)
    client.force_login(seller)
    assert client.post("/customers/export/", sent).status_code == 409
    assert act(leader, here(row), "cancel", reason="不走了").status_code == 302
    client.force_login(seller)
    assert client.post("/customers/export/", sent).status_code == 200


@pytest.mark.req("SEC-07")
def test_a_leaver_takes_no_customers_along_unless_the_head_lets_it(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User, hire: Any
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
    client.force_login(leader)
    page = client.get(f"/personnel-changes/{PersonnelChange.objects.get().pk}/").content.decode()
    log = ExportLog.objects.get()
    assert (f"/exports-made/{log.pk}/" in page, log.number in page, "1 行" in page) == (True, True, True)
    client.force_login(hire("security", "security-administrator"))
    page = client.get(f"/personnel-changes/{PersonnelChange.objects.get().pk}/").content.decode()
    assert "近期导出" not in page, "who may not see exports is not told that there are none"
    client.force_login(rival)
    assert client.post("/customers/export/", sent).status_code == 200
    assert act(leader, f"/unusual-reading/{flag.pk}/", "lift", reason="移交名单").status_code == 302
    client.force_login(seller)
    assert client.post("/customers/export/", sent).status_code == 200
