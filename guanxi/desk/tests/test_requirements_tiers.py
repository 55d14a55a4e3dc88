"""Tier policies and credit in the browser: published by marketing, kept with the order, limits that refuse and releases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account, ClassScheme, CreditRule, TierPolicy
from guanxi.customers.services.classes import apply_classes
from guanxi.customers.services.seed import seed
from guanxi.kernel import clock
from guanxi.org.models import Department, User
from guanxi.sales import services as sales
from guanxi.sales.models import Order

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)


def at(day: date) -> Any:
    return clock.shifted(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.fixture
def marketing(hire: Hire, headquarters: Department) -> User:
    found = hire("marketing", "marketing", headquarters, name="严策")
    with at(DAY - timedelta(days=100)):
        seed(found.company)
    return found


@pytest.fixture
def finance(hire: Hire, headquarters: Department) -> User:
    return hire("finance", "finance", headquarters, name="钱会计")


@pytest.fixture
def customer(seller: User, marketing: User) -> Account:
    row = saved(Account(company=seller.company, owner=seller, department=seller.department, name="云岭精密"))
    with at(DAY - timedelta(days=50)):
        scheme = ClassScheme.objects.get(company=seller.company, code="abc_amount")
        apply_classes(scheme, {row.pk: "A"}, cause="年度计算")
    return row


def drafted(owner: User, account: Account, price: int, discount: int = 0, day: date = DAY) -> Order:
    line = {"description": "设备", "quantity": Decimal(1), "price": Decimal(price), "discount": Decimal(discount)}
    return sales.place({"account": account, "ordered_on": day, "owner": owner}, [line], actor=owner)


def do(client: Client, row: Any, slug: str, verb: str, **values: Any) -> Any:
    row.refresh_from_db()
    return client.post(f"/{slug}/{row.pk}/do/{verb}/", {"version": row.version, **values})


def text(response: Any) -> str:
    return response.content.decode()


@pytest.mark.req("CLASS-08", "CLASS-09", "CLASS-06")
def test_the_policy_of_the_class_shows_on_customer_card_order_and_form_and_stays_with_the_order(
    client: Client, marketing: User, owner: User, customer: Account
) -> None:
    client.force_login(marketing)
    with at(DAY):
        sent = {
            "grade": "A", "effective_on": DAY + timedelta(days=10), "discount_limit": "20", "payment_days": "90",
            "delivery_priority": "1", "credit_factor": "2", "supply": "专库备货", "time_share": "60",
        }  # fmt: skip
        assert client.post("/tier-policies/new/", sent).status_code == 302
        coming = TierPolicy.objects.get(payment_days=90)
        assert do(client, coming, "tier-policies", "publish_policy").status_code == 302
        coming.refresh_from_db()
        refused = client.post(f"/tier-policies/{coming.pk}/edit/", {**sent, "version": coming.version})
        assert (refused.status_code, "已发布的政策不能修改" in text(refused)) == (409, True)
        client.force_login(owner)
        shown = [
            text(client.get(url))
            for url in (
                f"/customers/{customer.pk}/", f"/customers/{customer.pk}/print/", f"/orders/new/?account={customer.pk}",
            )
        ]  # fmt: skip
        assert ["优先保障供货" in page and "专库备货" not in page for page in shown] == [True, True, True]
        before = drafted(owner, customer, 1000)
        assert do(client, before, "orders", "confirm").status_code == 302
    with at(DAY + timedelta(days=20)):
        after = drafted(owner, customer, 1000, day=DAY + timedelta(days=20))
        late = drafted(owner, customer, 1000)  # written later, for the earlier day
        assert "专库备货" in text(client.get(f"/orders/{after.pk}/"))
        page = text(client.get(f"/orders/{before.pk}/"))
        assert ("优先保障供货" in page, "专库备货" in page) == (True, False)
    rows = [(o.grade, o.policy.payment_days, (o.due_on - o.ordered_on).days) for o in (before, after, late)]
    assert rows == [("A", 60, 60), ("A", 90, 90), ("A", 60, 60)]


@pytest.mark.req("CLASS-06", "ORG-09")
def test_the_time_shares_are_data_of_the_policies_and_only_marketing_publishes_them(
    client: Client, marketing: User, seller: User, leader: User
) -> None:
    scheme = ClassScheme.objects.get(company=seller.company, is_policy=True)
    client.force_login(seller)
    matrix = text(client.get(f"/class-schemes/{scheme.pk}/"))
    assert [word for word in ("政策矩阵", "工作时间占比", "60", "30", "10") if word not in matrix] == []
    draft = saved(TierPolicy(company=seller.company, name="试", grade="B", effective_on=clock.today(), time_share=50))
    for person in (seller, leader):
        client.force_login(person)
        assert client.get(f"/tier-policies/{draft.pk}/").status_code == 200
        assert client.get(f"/tier-policies/{draft.pk}/edit/").status_code == 403
        assert do(client, draft, "tier-policies", "publish_policy").status_code == 403
    client.force_login(marketing)
    refused = do(client, draft, "tier-policies", "publish_policy")
    assert (refused.status_code, "100" in text(refused)) == (422, True)  # 60 + 50 + 10 is more than there is
    draft.time_share, draft.effective_on = Decimal(25), clock.today() - timedelta(days=1)
    saved(draft)
    assert do(client, draft, "tier-policies", "publish_policy").status_code == 422
    draft.effective_on = clock.today()
    saved(draft)
    assert do(client, draft, "tier-policies", "publish_policy").status_code == 302


@pytest.mark.req("VALUE-04")
def test_an_order_above_the_credit_limit_is_refused_until_finance_releases_it(
    client: Client, seller: User, owner: User, finance: User, customer: Account
) -> None:
    customer.credit_limit, customer.credit_standing = Decimal(10_000), "A"
    saved(customer)
    with at(DAY):
        first, second = drafted(seller, customer, 9_000), drafted(seller, customer, 4_000)
        client.force_login(seller)
        assert do(client, first, "orders", "confirm").status_code == 302  # 9,000 of 10,000 x 1.2
        refused = do(client, second, "orders", "confirm")
        assert refused.status_code == 422
        assert ("超出信用额度" in text(refused), "12,000" in text(refused)) == (True, False)  # the limit is masked here
        assert "超出信用额度" in text(client.get(f"/orders/{second.pk}/"))
        assert do(client, second, "orders", "release_order", reason="老客户").status_code == 403
        assert do(client, second, "orders", "ask_release", reason="老客户急单").status_code == 302
        client.force_login(finance)
        assert second.number in text(client.get("/"))
        assert "12,000.00" in text(client.get(f"/orders/{second.pk}/"))
        assert do(client, second, "orders", "release_order").status_code == 422  # without a reason
        assert do(client, second, "orders", "release_order", reason="已收银行承兑").status_code == 302
        second.refresh_from_db()
        assert (second.release, second.released_by, second.released_amount) == ("given", finance, Decimal(4_000))
        line = second.lines.get()
        line.price = Decimal(5_000)
        saved(line)
        client.force_login(seller)
        assert do(client, second, "orders", "confirm").status_code == 422  # another amount than was released
        line.price = Decimal(4_000)
        saved(line)
        assert do(client, second, "orders", "confirm").status_code == 302


@pytest.mark.req("VALUE-04", "CLASS-08")
def test_overdue_money_and_discounts_above_the_class_stop_an_order(
    client: Client, seller: User, owner: User, customer: Account
) -> None:
    customer.credit_standing = "B"  # a week is tolerated
    saved(customer)
    client.force_login(owner)
    with at(DAY):
        deep = drafted(owner, customer, 1_000, discount=16)
        refused = do(client, deep, "orders", "confirm")
        assert (refused.status_code, "15" in text(refused)) == (422, True)
        early = drafted(owner, customer, 1_000)
        assert do(client, early, "orders", "confirm").status_code == 302  # due in 60 days
    found = {}
    for days in (67, 68):
        with at(DAY + timedelta(days=days)):
            order = drafted(owner, customer, 100, day=DAY + timedelta(days=days))
            found[days] = do(client, order, "orders", "confirm").status_code
    assert found == {67: 302, 68: 422}


@pytest.mark.req("VALUE-04")
def test_the_standing_proposes_less_for_a_low_and_more_for_a_high_one(
    client: Client, owner: User, seller: User, finance: User, customer: Account
) -> None:
    with at(DAY):
        order = drafted(owner, customer, 120_000)
        sales.confirm(order, actor=owner)
        proposals = {}
        for standing in ("AAA", "A", "C"):
            customer.refresh_from_db()
            customer.credit_standing = standing
            saved(customer)
            client.force_login(finance)
            assert do(client, customer, "customers", "adopt_limit").status_code == 302
            customer.refresh_from_db()
            proposals[standing] = customer.credit_limit
        # 10,000 a month: three, two and half a month, at least 100,000 and 20,000, at most 10,000.
        assert proposals == {"AAA": 100_000, "A": 20_000, "C": 5_000}
        client.force_login(seller)
        assert do(client, customer, "customers", "adopt_limit").status_code == 403
    assert CreditRule.objects.filter(company=owner.company).count() == 5
