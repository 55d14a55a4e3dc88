"""Account teams, customers without a manager, groups with their figures and shared plan, and contacts told across departments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account, AccountMember, AccountPlan, Contact, Need, PlanAction
from guanxi.kernel import clock, jobs
from guanxi.kernel.entities import entity
from guanxi.org.models import Department, Notice, User
from guanxi.sales import services as sales
from guanxi.sales.models import Order

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 12)


def at(day: date) -> Any:
    return clock.shifted(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


def filed(owner: User | None, name: str, company: Any, **values: Any) -> Account:
    department = owner.department if owner else None
    return saved(Account(company=company, owner=owner, department=department, name=name, **values))


def sold(owner: User, account: Account, price: int, day: date) -> Order:
    line = {"description": "设备", "quantity": Decimal(1), "price": Decimal(price)}
    order = sales.place({"account": account, "ordered_on": day, "due_on": day, "owner": owner}, [line], actor=owner)
    sales.confirm(order, actor=owner)
    return order


def do(client: Client, row: Any, slug: str, verb: str, **values: Any) -> Any:
    row.refresh_from_db()
    return client.post(f"/{slug}/{row.pk}/do/{verb}/", {"version": row.version, **values})


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.mark.req("ORG-08", "GROUP-02")
def test_a_member_of_the_account_team_sees_the_customer_and_what_hangs_on_it_without_owning_it(
    client: Client, seller: User, stranger: User, rival: User, owner: User
) -> None:
    account, other = filed(seller, "云岭精密", seller.company), filed(seller, "别的客户", seller.company)
    order = sold(owner, account, 100, MONDAY)
    saved(Contact(company=seller.company, account=account, name="陈工", created_by=seller))
    page = f"/customers/{account.pk}/"
    client.force_login(stranger)
    with at(MONDAY):
        assert client.get(page).status_code == 404
        client.force_login(seller)
        sent = {"person": stranger.pk, "role": "technical", "until": MONDAY + timedelta(days=6)}
        assert do(client, account, "customers", "join_team", **sent).status_code == 302
        assert Notice.objects.get(user=stranger).url == page
        client.force_login(stranger)
        tabs = [relation.name for relation in entity(Account).relations if relation.tab]
        assert [
            client.get(url).status_code for url in (page, f"/orders/{order.pk}/", *(f"{page}tab/{t}/" for t in tabs))
        ] == [200] * (len(tabs) + 2)
        listed = text(client, "/customers/?view=assisted")
        assert ("云岭精密" in listed, "别的客户" in listed) == (True, False)
        assert client.get(f"/customers/{other.pk}/").status_code == 404
        account.refresh_from_db()
        changed = client.post(f"{page}edit/", {"version": account.version, "name": "改名", "kind": "company"})
        assert changed.status_code == 403
        need = {"account": account.pk, "kind": "need", "text": "需要备件", "on": MONDAY}
        assert client.post("/needs/new/", need).status_code == 302
        assert do(client, account, "customers", "join_team", person=rival.pk, role="service").status_code == 403
        client.force_login(rival)
        assert do(client, account, "customers", "join_team", person=rival.pk, role="service").status_code == 404
    client.force_login(stranger)
    seen = {}
    for days in (6, 7):
        with at(MONDAY + timedelta(days=days)):
            seen[days] = client.get(page).status_code
    assert seen == {6: 200, 7: 404}
    account.refresh_from_db()
    assert (account.owner, account.name) == (seller, "云岭精密")


@pytest.mark.req("ORG-08")
def test_ending_a_membership_takes_the_reach_away_at_once(
    client: Client, seller: User, stranger: User, leader: User
) -> None:
    account = filed(seller, "云岭精密", seller.company)
    member = saved(AccountMember(company=seller.company, account=account, person=stranger, created_by=seller))
    client.force_login(stranger)
    assert client.get(f"/customers/{account.pk}/").status_code == 200
    client.force_login(leader)
    assert do(client, member, "account-team", "leave_team").status_code == 302
    client.force_login(stranger)
    assert client.get(f"/customers/{account.pk}/").status_code == 404


@pytest.mark.req("ORG-08")
def test_top_customers_without_a_named_manager_are_listed_and_counted_for_leaders(
    client: Client, seller: User, leader: User, hire: Hire, east: Department
) -> None:
    gone = hire("gone", "representative", east, name="离职者")
    filed(seller, "有人管", seller.company, grade="A")
    filed(gone, "人已走", seller.company, grade="A")
    saved(Account(company=seller.company, department=east, name="没人管", grade="A"))
    saved(Account(company=seller.company, department=east, name="普通户", grade="C"))
    gone.is_active = False
    saved(gone)
    client.force_login(leader)
    listed = text(client, "/customers/?view=unmanaged")
    assert [name for name in ("有人管", "人已走", "没人管", "普通户") if name in listed] == ["人已走", "没人管"]
    home = client.get("/")
    group = next(group for group in home.context["work"] if "unmanaged" in group["url"])
    assert (group["count"], sorted(row["title"] for row in group["rows"])) == ("2", ["人已走", "没人管"])
    client.force_login(seller)
    assert [group for group in client.get("/").context["work"] if "unmanaged" in group["url"]] == []


@pytest.mark.req("GROUP-01")
def test_turnover_and_receivables_of_a_group_roll_up_company_by_company(
    client: Client, seller: User, stranger: User, owner: User, leader: User
) -> None:
    head = filed(seller, "云岭集团", seller.company)
    east, west = (
        filed(who, name, seller.company, parent=head) for who, name in ((seller, "云岭东"), (stranger, "云岭西"))
    )
    grandchild = filed(seller, "云岭东一厂", seller.company, parent=east)
    with at(MONDAY):
        for account, price in ((head, 100), (east, 200), (west, 400), (grandchild, 800)):
            sold(owner, account, price, MONDAY - timedelta(days=3))
        sold(owner, head, 5000, MONDAY - timedelta(days=400))
        client.force_login(owner)
        lines = page_lines(client, grandchild)
        assert lines == {
            "云岭集团": (100, 5100), "云岭东": (200, 200), "云岭西": (400, 400), "云岭东一厂": (800, 800), "合计": (1500, 6500),
        }  # fmt: skip
        client.force_login(leader)
        assert page_lines(client, head)["合计"] == (1100, 6100)  # the western company lies out of reach
        orders = client.get(f"/customers/{head.pk}/tab/orders/")
        assert orders.status_code == 200


def waiting(client: Client) -> list[str]:
    """The plan actions on the start page."""
    groups = [group for group in client.get("/").context["work"] if "plan-actions" in group["url"]]
    return [row["title"] for group in groups for row in group["rows"]]


def page_lines(client: Client, account: Account) -> dict[str, tuple[int, int]]:
    """Turnover and receivables by company as the page tells them."""
    html = text(client, f"/customers/{account.pk}/")
    table = html[html.index("集团经营情况") :].partition("</table>")[0]
    found = {}
    for row in table.split("<tr>")[2:]:
        cells = [strip(part) for part in row.replace("</th>", "</td>").split("</td>")]
        found[cells[0]] = (amount(cells[1]), amount(cells[2]))
    return found


def strip(html: str) -> str:
    parts = html.split("<")
    return "".join(part.partition(">")[2] for part in parts).strip()


def amount(words: str) -> int:
    return int(Decimal(words.replace("¥", "").replace(",", "")))


@pytest.mark.req("GROUP-02")
def test_departments_share_one_plan_with_actions_that_remind_whoever_does_them(
    client: Client, seller: User, stranger: User, rival: User
) -> None:
    head = filed(seller, "云岭集团", seller.company)
    part = filed(seller, "云岭东", seller.company, parent=head)
    client.force_login(seller)
    sent: dict[str, Any] = {
        "account": head.pk, "title": "年度合作", "starts_on": MONDAY, "goal": "份额到三成", "strategy": "先服务后项目",
        "lines": 1, "line-0-what": "联合技术交流", "line-0-person": stranger.pk, "line-0-due_on": MONDAY + timedelta(days=3),
    }  # fmt: skip
    with at(MONDAY):
        refused = client.post("/account-plans/new/", sent)
        assert (refused.status_code >= 400, AccountPlan.objects.exists()) == (True, False)
        assert do(client, head, "customers", "join_team", person=stranger.pk, role="technical").status_code == 302
        assert client.post("/account-plans/new/", sent).status_code == 302
        assert "联合技术交流" in text(client, f"/customers/{part.pk}/")
        client.force_login(stranger)
        assert waiting(client) == ["联合技术交流"]
        step = PlanAction.objects.get()
        assert do(client, step, "plan-actions", "finish").status_code == 422
        assert do(client, step, "plan-actions", "finish", outcome="签到二十人").status_code == 302
        assert waiting(client) == []
        client.force_login(seller)
        assert "签到二十人" in text(client, f"/account-plans/{AccountPlan.objects.get().pk}/tab/actions/")


@pytest.mark.req("GROUP-02")
def test_a_second_contact_by_another_department_in_the_same_week_is_announced(
    client: Client, seller: User, rival: User, stranger: User, west: Department
) -> None:
    head = filed(seller, "云岭集团", seller.company)
    part = filed(stranger, "云岭西", seller.company, parent=head)

    def contact(who: User, account: Account, day: date) -> dict[str, list[str]]:
        Notice.objects.all().delete()
        client.force_login(who)
        with at(day):
            sent = {"account": account.pk, "kind": "need", "text": "电话沟通", "on": day}
            assert client.post("/needs/new/", sent).status_code == 302
            jobs.work_off()
        return {notice.user.name: notice.text for notice in Notice.objects.select_related("user")}  # type: ignore[misc]

    assert contact(seller, head, MONDAY) == {}
    told = contact(stranger, part, MONDAY + timedelta(days=6))
    assert set(told) == {"林知远", "许嘉禾"}
    assert ("西部一店" in told["林知远"], "云岭西" in told["林知远"], "同一集团" in told["林知远"]) == (
        True,
        False,
        True,
    )
    assert contact(seller, head, MONDAY + timedelta(days=7)) == {}  # the next week
    assert Need.objects.count() == 3
