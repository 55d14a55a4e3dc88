"""A customer as people meet it in the browser: filed, listed, seen whole on one page, printed, deleted and brought back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.catalog.models import Product
from guanxi.conftest import Hire, saved
from guanxi.customers.models import (
    Account,
    Channel,
    ClassScheme,
    Contact,
    ImportantDate,
    Need,
    PurchaserChange,
    Source,
)
from guanxi.customers.services.classes import apply_classes, classify
from guanxi.customers.services.seed import seed
from guanxi.interactions.models import ReturnVisit, ServiceRequest
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import Department, User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)  # a Wednesday; the clock stands there in every test of this file


def filed(owner: User, name: str = "苏州云岭精密机械有限公司", **values: Any) -> Any:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def pump(actor: User) -> Any:
    found = Product.objects.filter(company=actor.company).first()
    return found or saved(
        Product(company=actor.company, code="P-1", name="变频水泵", price=Decimal(100), cost=Decimal(60))
    )


def sold(actor: User, account: Account, quantity: int = 10, days_ago: int = 5, **header: Any) -> Order:
    lines = [{"product": pump(actor), "quantity": Decimal(quantity)}]
    values = {"account": account, "ordered_on": TODAY - timedelta(days=days_ago), **header}
    order = services.place(values, lines, actor=actor)
    services.confirm(order, actor=actor)
    order.refresh_from_db()
    return order


def paid(actor: User, account: Account, amount: int) -> Any:
    return verbs.add(
        entity(Receipt), {"account": account, "amount": Decimal(amount), "received_on": TODAY}, actor=actor
    )


def page(client: Client, url: str, user: User | None = None) -> str:
    if user is not None:
        client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def has(html: str, *words: str) -> dict[str, bool]:
    return {word: word in html for word in words}


def all_of(*words: str) -> dict[str, bool]:
    return dict.fromkeys(words, True)


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "zh-hans"
    with clock.shifted(timezone.make_aware(datetime(2026, 3, 18, 10))):
        yield


@pytest.fixture
def served(leader: User) -> dict[str, Any]:
    """A customer everybody has had to do with: contacts, an order, a receipt, a need, a comment, a day, classes."""
    seed(leader.company)
    account = filed(leader, phone="051266667777", payment_terms_days=1, next_contact_on=TODAY + timedelta(days=3))
    buyer = saved(
        Contact(
            company=leader.company,
            account=account,
            name="王建国",
            post="采购经理",
            role="purchaser",
            mobile="13812346621",
            is_primary=True,
        )
    )
    order = sold(leader, account)
    receipt = paid(leader, account, 400)
    services.auto_allocate(receipt, actor=leader)
    saved(Need(company=leader.company, account=account, kind="need", text="需要两年期维保", on=TODAY))
    saved(
        ImportantDate(
            company=leader.company,
            account=account,
            kind="anniversary",
            title="建厂纪念",
            on=TODAY + timedelta(days=9),
        )
    )
    policy = ClassScheme.objects.get(company=leader.company, is_policy=True)
    apply_classes(policy, {account.pk: "A"}, cause="年度框架客户")
    for scheme in ClassScheme.objects.filter(company=leader.company, kind=ClassScheme.Kind.RULES):
        classify(scheme)
    return {
        "account": account,
        "buyer": buyer,
        "order": order,
        "receipt": receipt,
        "url": f"/customers/{account.pk}/",
    }


@pytest.mark.req("INFO-12")
def test_the_printed_card_says_who_it_is_what_is_sold_what_is_owed_and_what_comes_next(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    html = page(client, served["url"] + "print/", leader)
    due = TODAY + timedelta(days=3)
    words = (
        "苏州云岭精密机械有限公司", "王建国", "采购经理", served["order"].number, "变频水泵", "下次联系", "最近成交",
        "常购产品", "应收", "逾期", "600", f"{due.month}月{due.day}日",
    )  # fmt: skip
    assert has(html, *words) == all_of(*words)
    assert '<article class="paper"' in html


@pytest.mark.req("INFO-12", "SEC-05")
def test_the_card_of_a_customer_out_of_reach_is_not_printed(
    client: Client, stranger: User, served: dict[str, Any]
) -> None:
    client.force_login(stranger)
    assert client.get(served["url"] + "print/").status_code == 404


@pytest.mark.req("INFO-16")
def test_one_page_joins_people_group_money_needs_days_and_classes(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    filed(leader, "云岭精密（昆山）有限公司", parent=served["account"])
    html = page(client, served["url"], leader)
    words = (
        "王建国", served["order"].number, served["receipt"].number, "需要两年期维保", "建厂纪念", "应收", "所属集团",
        "云岭精密（昆山）有限公司", "分类与服务", "往来记录",
    )  # fmt: skip
    assert has(html, *words) == all_of(*words)
    tabs = re.findall(rf'href="({re.escape(served["url"])}(?:tab/\w+|comments|files|history)/)"', html)
    parts = {tab.rstrip("/").rsplit("/", 1)[-1] for tab in tabs}
    wanted = {
        "contacts",
        "needs",
        "integrity",
        "dates",
        "addresses",
        "invoice_titles",
        "subsidiaries",
        "classes",
        "orders",
        "receipts",
        "receivables",
        "interactions",
        "visits",
        "return_visits",
        "requests",
        "mail",
        "opportunities",
        "quotes",
        "contracts",
        "invoices",
        "plans",
        "team",
        "duties",
    }
    assert wanted - parts == set()
    assert {tab: client.get(tab).status_code for tab in tabs} == dict.fromkeys(tabs, 200)


@pytest.mark.req("INFO-16", "SEC-05")
def test_the_page_masks_for_each_reader_what_the_role_closes(
    client: Client, served: dict[str, Any], hire: Hire, headquarters: Department
) -> None:
    technician = hire("technician", "technology", headquarters)
    html = page(client, served["url"], technician)
    words = (served["order"].number, "051266667777", "13812346621")
    assert has(html, *words) == {served["order"].number: True, "051266667777": False, "13812346621": False}


@pytest.mark.req("INFO-03")
def test_nothing_of_the_history_is_lost_behind_the_newest_dealings(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    orders = [served["order"], *(sold(leader, served["account"], 1, days_ago=20 + n) for n in range(13))]
    client.force_login(leader)
    client.post(served["url"] + "comments/", {"text": "样品已寄出，等待试用反馈"})
    services.deliver(served["order"], actor=leader)
    overview, listed = page(client, served["url"]), page(client, served["url"] + "tab/orders/")
    assert has(overview, "样品已寄出，等待试用反馈", "已发货") == all_of("样品已寄出，等待试用反馈", "已发货")
    assert [order.number for order in orders if order.number not in listed] == []
    assert served["receipt"].number in page(client, served["url"] + "tab/receipts/")
    assert "需要两年期维保" in page(client, served["url"] + "tab/needs/")


@pytest.mark.req("INFO-03")
def test_contacts_service_and_what_the_customer_answered_are_in_its_history_long_after(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    client.force_login(leader)
    card, url = served["account"], served["url"]
    asked = {"account": card.pk, "problem": "轴承异响", "severity": "high", "key": "s"}
    assert client.post("/service-requests/new/", asked).status_code == 302
    request = ServiceRequest.objects.get()
    solved = {"solution": "更换轴承", "key": "z"}
    assert client.post(f"/service-requests/{request.pk}/do/solve/", solved).status_code == 302
    row = ReturnVisit.objects.get()
    answers = {
        "usage": "运转平稳",
        "satisfaction": "5",
        "way": "site",
        "needs": "备一套密封",
        "opinion": "交货再快些",
        "key": "a",
    }
    assert client.post(f"/return-visits/{row.pk}/report/", {"issue": "", **answers}).status_code == 302
    for n in range(20):
        said = {"channel": "phone", "content": f"第{n:02d}次通话", "key": f"c{n}"}
        assert client.post(f"{url}do/log_contact/", said).status_code == 302
    with clock.shifted(clock.now() + timedelta(days=400)):
        client.force_login(leader)
        service, feedback = page(client, f"{url}tab/requests/"), page(client, f"{url}tab/return_visits/")
        dealings = page(client, f"{url}tab/interactions/")
    assert has(service, "轴承异响", "已解决") == all_of("轴承异响", "已解决")
    assert has(feedback, row.get_reason_display(), "2026") == all_of(row.get_reason_display(), "2026")
    assert [n for n in range(20) if f"第{n:02d}次通话" not in dealings] == []
    assert "运转平稳" in dealings, "the return visit is a dealing too"


@pytest.mark.req("INFO-15", "QUAL-16")
def test_a_changed_value_stays_visible_in_the_history_of_the_record(client: Client, leader: User) -> None:
    account = filed(leader, address="旧街 1 号")
    verbs.change(entity(Account), account.pk, {"address": "新路 2 号"}, actor=leader)
    html = page(client, f"/customers/{account.pk}/history/", leader)
    assert has(html, "旧街 1 号", "新路 2 号", leader.name) == all_of("旧街 1 号", "新路 2 号", leader.name)


@pytest.mark.req("BEYOND-08")
def test_a_deleted_customer_lies_in_the_bin_and_comes_back_from_there(
    client: Client, leader: User, seller: User
) -> None:
    account = filed(leader)
    client.force_login(leader)
    assert (
        client.post(f"/customers/{account.pk}/delete/", {"version": account.version, "reason": "重复"}).status_code
        == 302
    )
    assert client.get(f"/customers/{account.pk}/").status_code == 404
    assert account.name not in page(client, "/customers/?view=all")
    assert account.name in page(client, "/customers/bin/")
    assert client.post(f"/customers/bin/{account.pk}/").status_code == 302
    assert account.name in page(client, "/customers/?view=all")
    assert account.name not in page(client, "/customers/bin/")


@pytest.mark.req("BEYOND-08")
def test_the_bin_shows_and_gives_back_only_what_lies_within_reach(
    client: Client, leader: User, seller: User, west: Department, hire: Hire
) -> None:
    account = filed(leader)
    verbs.delete(entity(Account), account.pk, actor=leader)
    client.force_login(seller)
    assert client.get("/customers/bin/").status_code == 403
    client.force_login(hire("westerner", "store-manager", west))
    assert account.name not in page(client, "/customers/bin/")
    assert client.post(f"/customers/bin/{account.pk}/").status_code == 404


@pytest.mark.req("INFO-01", "INFO-09", "INFO-10")
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("company", {"industry": "C", "business_needs": "循环水泵", "address": "金鸡湖大道 1 号"}),
        ("person", {"employer": "云岭精密", "post": "设备部部长", "address": "金鸡湖大道 1 号"}),
    ],
)
def test_a_customer_is_filed_with_its_source_and_channel(
    client: Client, leader: User, kind: str, more: dict[str, str]
) -> None:
    seed(leader.company)
    shown = {"C": "制造业"}
    walk_in, direct = Source.objects.get(code="walk-in"), Channel.objects.get(code="direct-sales")
    client.force_login(leader)
    values = {
        "kind": kind,
        "name": "新建的客户",
        "phone": "13812346621",
        "source": walk_in.pk,
        "channel": direct.pk,
        **more,
    }
    assert client.post("/customers/new/", values).status_code == 302
    account = Account.objects.get(name="新建的客户")
    assert {name: getattr(account, name) for name in more} == more
    html = page(client, f"/customers/{account.pk}/")
    words = ("上门客户", "直销", *(shown.get(value, value) for value in more.values()))
    assert has(html, *words) == all_of(*words)


@pytest.mark.req("INFO-09", "INFO-10")
def test_the_six_sources_and_four_channels_are_there_and_a_seventh_can_be_added(client: Client, owner: User) -> None:
    seed(owner.company)
    names = ("上门客户", "电话订购", "陌生拜访", "网络", "直接销售", "展会")
    assert has(page(client, "/sources/", owner), *names) == all_of(*names)
    channels = ("门店", "电子商务", "直销", "国际贸易")
    assert has(page(client, "/channels/"), *channels) == all_of(*channels)
    assert client.post("/sources/new/", {"name": "老客户介绍", "code": "referral", "position": 7}).status_code == 302
    assert "老客户介绍" in page(client, "/sources/")


@pytest.mark.req("INFO-02")
def test_a_new_purchaser_is_named_on_the_contact_and_the_change_is_written_down(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    successor = saved(Contact(company=leader.company, account=served["account"], name="周敏", post="采购主管"))
    client.force_login(leader)
    url = f"/contacts/{successor.pk}/do/name_purchaser/"
    assert client.post(url, {"reason": "王经理调岗", "version": successor.version}).status_code == 302
    change = PurchaserChange.objects.order_by("-pk").first()
    assert change is not None and (change.before_id, change.after_id) == (served["buyer"].pk, successor.pk)
    html = page(client, served["url"] + "tab/contacts/")
    assert has(html, "周敏", "采购主管", "王建国") == all_of("周敏", "采购主管", "王建国")


@pytest.mark.req("INFO-04", "INFO-08")
def test_an_opinion_is_noted_with_day_and_method_and_the_earlier_need_stays(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    client.force_login(leader)
    values = {
        "account": served["account"].pk,
        "kind": "opinion",
        "text": "包装请改用木箱",
        "on": TODAY.isoformat(),
        "method": "questionnaire",
    }
    assert client.post("/needs/new/", values).status_code == 302
    html = page(client, served["url"] + "tab/needs/")
    assert has(html, "包装请改用木箱", "问卷", "需要两年期维保") == all_of("包装请改用木箱", "问卷", "需要两年期维保")


@pytest.mark.req("INFO-06")
def test_days_of_the_customer_and_of_its_people_come_nearest_first(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    soon = TODAY + timedelta(days=2)
    saved(Contact(company=leader.company, account=served["account"], name="刘芳", birth_date=soon.replace(year=1988)))
    html = page(client, served["url"], leader)
    days = html[html.index("纪念日</h2>") :]
    assert 0 < days.index("刘芳") < days.index("建厂纪念")


@pytest.mark.req("INFO-07")
def test_behaviour_and_trend_of_a_customer_narrow_the_list(client: Client, leader: User) -> None:
    filed(leader, "扩产的客户", development_trend="明年扩建二期厂房", purchasing_power="high")
    filed(leader, "收缩的客户", development_trend="压缩产能", purchasing_power="low")
    where = {
        "all": [
            {"f": "development_trend", "op": "contains", "v": "扩建"},
            {"f": "purchasing_power", "op": "is", "v": "high"},
        ]
    }
    html = page(client, "/customers/?view=all&where=" + json.dumps(where), leader)
    assert has(html, "扩产的客户", "收缩的客户") == {"扩产的客户": True, "收缩的客户": False}


@pytest.mark.req("INFO-11")
def test_potential_and_existing_customers_are_told_apart_in_the_list_and_key_ones_have_a_view(
    client: Client, leader: User
) -> None:
    future, existing = filed(leader, "未来重点客户", is_key=True), filed(leader, "成交客户")
    sold(leader, existing)
    html = page(client, "/customers/?view=all", leader)
    rows = {name: next(row for row in html.split("<tr") if name in row) for name in (future.name, existing.name)}
    assert [("潜在" in rows[name], "初购" in rows[name]) for name in rows] == [(True, False), (False, True)]
    assert has(page(client, "/customers/?view=potential"), future.name, existing.name) == {
        future.name: True,
        existing.name: False,
    }
    assert has(page(client, "/customers/?view=key"), future.name, existing.name) == {
        future.name: True,
        existing.name: False,
    }


@pytest.mark.req("GROUP-01")
def test_a_group_customer_shows_its_companies_with_totals_and_has_a_view(client: Client, leader: User) -> None:
    head = filed(leader, "云岭集团有限公司", credit_limit=Decimal(500_000))
    first = filed(leader, "云岭一厂", parent=head, credit_limit=Decimal(20_000))
    saved(Contact(company=leader.company, account=first, name="王建国"))
    html = page(client, f"/customers/{head.pk}/", leader)
    card = html[html.index("所属集团</h2>") :].split("</section>")[0]
    assert has(card, head.name, first.name, "520,000") == all_of(head.name, first.name, "520,000")
    groups = page(client, "/customers/?view=groups")
    assert has(groups, head.name, first.name) == {head.name: True, first.name: False}


@pytest.mark.req("QUAL-14")
def test_the_page_names_what_the_filing_standard_still_asks_for(client: Client, leader: User) -> None:
    seed(leader.company)
    account = filed(leader)
    html = page(client, f"/customers/{account.pk}/", leader)
    gaps = html[html.index("缺少：") :].split("</span>")[0]
    assert has(gaps, "所属行业", "业务需求") == all_of("所属行业", "业务需求")
    verbs.change(entity(Account), account.pk, {"industry": "C"}, actor=leader)
    html = page(client, f"/customers/{account.pk}/")
    assert "所属行业" not in html[html.index("缺少：") :].split("</span>")[0]


@pytest.mark.req("ORDER-01")
def test_delivery_is_seen_by_whoever_looks_after_the_customer(
    client: Client, leader: User, seller: User, rival: User
) -> None:
    order = sold(leader, filed(seller))
    client.force_login(leader)
    told = {
        "carrier": "顺丰",
        "waybill": "SF1234567890",
        "delivered_on": TODAY.isoformat(),
        "version": order.version,
    }
    assert client.post(f"/orders/{order.pk}/do/deliver/", told).status_code == 302
    html = page(client, f"/orders/{order.pk}/", seller)
    assert has(html, "已发货", "顺丰", "SF1234567890") == all_of("已发货", "顺丰", "SF1234567890")
    client.force_login(rival)
    assert client.get(f"/orders/{order.pk}/").status_code == 404


@pytest.mark.req("ORDER-02", "ORDER-03")
def test_the_overdue_list_holds_what_is_due_and_unpaid_and_shrinks_with_the_receipt(
    client: Client, leader: User
) -> None:
    account = filed(leader, payment_terms_days=1)
    late, later = sold(leader, account, days_ago=30), sold(leader, account, days_ago=20)
    fresh = sold(leader, account, days_ago=0)
    html = page(client, "/receivables/?view=overdue", leader)
    assert has(html, late.number, later.number, fresh.number) == {
        late.number: True,
        later.number: True,
        fresh.number: False,
    }
    client.post(
        "/receipts/new/",
        {
            "account": account.pk,
            "kind": "receipt",
            "received_on": TODAY.isoformat(),
            "amount": "1000",
            "method": "transfer",
        },
    )
    services.auto_allocate(Receipt.objects.get(), actor=leader)
    html = page(client, "/receivables/?view=overdue")
    assert has(html, late.number, later.number) == {late.number: False, later.number: True}
    shares = page(client, f"/receipts/{Receipt.objects.get().pk}/tab/shares/")
    assert has(shares, late.number, later.number) == {late.number: True, later.number: False}


@pytest.mark.req("PROD-01", "SEC-05")
def test_products_show_cost_and_grade_to_finance_and_not_to_representatives(
    client: Client, hire: Hire, headquarters: Department, seller: User
) -> None:
    from guanxi.catalog.services import seed_grades

    seed_grades(seller.company)
    finance = hire("finance", "finance", headquarters)
    values = {"code": "P-9", "name": "耐酸泵", "price": Decimal("871.40"), "cost": Decimal("613.27")}
    product = verbs.add(entity(Product), values, actor=finance)
    words = ("613.27", "较高利润")
    assert has(page(client, f"/products/{product.pk}/", finance), *words) == all_of(*words)
    assert has(page(client, f"/products/{product.pk}/", seller), *words) == dict.fromkeys(words, False)


@pytest.mark.req("CLASS-05", "CLASS-09")
def test_the_customers_page_says_how_its_class_is_served_beside_the_other_schemes(
    client: Client, leader: User, served: dict[str, Any]
) -> None:
    from guanxi.customers.queries.classes import classes_now, policy_of

    html = page(client, served["url"], leader)
    card = html[html.index("分类与服务</h2>") :].split("</section>")[0]
    policy = policy_of(served["account"])["policy"].splitlines()[0][:12]
    schemes = [str(row.scheme) for row in classes_now(served["account"])]
    assert len(schemes) > 1
    assert has(card, policy, *schemes) == all_of(policy, *schemes)


@pytest.mark.req("CLASS-13")
def test_a_decided_class_is_in_the_class_history_with_cause_and_person(client: Client, owner: User) -> None:
    seed(owner.company)
    account, scheme = filed(owner), ClassScheme.objects.filter(is_policy=True).get()
    client.force_login(owner)
    form = page(client, f"/customers/{account.pk}/do/assign_class/")
    names = re.findall(r'name="(\w+)"', form)
    values = {
        "scheme": scheme.pk,
        "code": scheme.classes[0]["code"],
        "cause": "年度框架客户",
        "version": account.version,
    }
    assert set(values) - set(names) - {"version"} == set()
    assert client.post(f"/customers/{account.pk}/do/assign_class/", values).status_code == 302
    html = page(client, f"/customers/{account.pk}/tab/classes/")
    assert has(html, "年度框架客户", owner.name, scheme.name) == all_of("年度框架客户", owner.name, scheme.name)


@pytest.mark.req("LIFE-01")
def test_each_stage_has_a_playbook_and_a_column_on_the_board(client: Client, owner: User) -> None:
    seed(owner.company)
    filed(owner, "潜在的客户")
    board = page(client, "/customers/?view=all&layout=board", owner)
    stages = ("潜在", "初购", "复购", "忠诚")
    assert has(board, *stages, "潜在的客户") == all_of(*stages, "潜在的客户")
    assert has(page(client, "/playbooks/"), *stages) == all_of(*stages)
