"""The classification review in the browser: agenda from the figures, decisions with reasons, minutes, the next date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account, ClassAssignment, ClassReview, ClassScheme, ReviewItem
from guanxi.customers.services.classes import apply_classes, assign_class
from guanxi.customers.services.reviews import run_reviews
from guanxi.customers.services.seed import seed
from guanxi.insight.services.refresh import recompute
from guanxi.kernel import clock, jobs
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, Notice, User
from guanxi.sales import services as sales

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
    seed(found.company)
    return found


@pytest.fixture
def scheme(marketing: User) -> ClassScheme:
    return ClassScheme.objects.get(company=marketing.company, code="abc_amount")


def filed(owner: User | None, name: str, company: Any) -> Account:
    department = owner.department if owner else None
    return saved(Account(company=company, owner=owner, department=department, name=name))


def called(client: Client, scheme: ClassScheme, who: User, *people: User) -> ClassReview:
    client.force_login(who)
    values = {"scheme": scheme.pk, "held_on": DAY, "margin": "2", "owner": who.pk}
    assert client.post("/class-reviews/new/", values).status_code == 302
    review = ClassReview.objects.get()
    for person in people:
        seat = {"review": review.pk, "person": person.pk, "present": "1"}
        assert client.post("/review-participants/new/", seat).status_code == 302
    return review


def do(client: Client, row: Any, slug: str, verb: str, **values: Any) -> int:
    row.refresh_from_db()
    return client.post(f"/{slug}/{row.pk}/do/{verb}/", {"version": row.version, **values}).status_code


def classes(scheme: ClassScheme) -> dict[str, str]:
    rows = ClassAssignment.objects.filter(scheme=scheme, until=None)
    return dict(rows.values_list("account__name", "class_code"))


@pytest.mark.req("CLASS-07", "ORG-08")
def test_a_meeting_confirms_changes_and_postpones_classes_and_the_minutes_are_printed(
    client: Client, marketing: User, leader: User, seller: User, scheme: ClassScheme
) -> None:
    company = marketing.company
    names = ("升", "换", "缓")
    rows = {name: filed(seller, name, company) for name in names} | {"无主": filed(None, "无主", company)}
    with at(DAY - timedelta(days=30)):
        apply_classes(scheme, {row.pk: "C" for row in rows.values()}, cause="年度计算")
    with at(DAY - timedelta(days=9)):
        apply_classes(scheme, {row.pk: "B" for name, row in rows.items() if name != "无主"}, cause="月度计算")
        apply_classes(scheme, {rows["无主"].pk: "A"}, cause="月度计算")
    with at(DAY):
        review = called(client, scheme, marketing, leader)
        assert do(client, review, "class-reviews", "propose") == 302
        items = {item.account.name: item for item in ReviewItem.objects.select_related("account")}
        assert {name: (item.reason, item.present) for name, item in items.items()} == {
            "升": ("moved", "B"), "换": ("moved", "B"), "缓": ("moved", "B"), "无主": ("moved", "A"),
        }  # fmt: skip
        assert do(client, items["升"], "review-items", "agree") == 302
        assert do(client, items["换"], "review-items", "choose", code="C") == 422
        assert do(client, items["换"], "review-items", "choose", code="C", reason="订单一次性") == 302
        assert do(client, items["缓"], "review-items", "postpone", reason="等三季度数据") == 302
        minutes = client.get(f"/class-reviews/{review.pk}/print/").content.decode()
        assert [
            word for word in ("周屿", "订单一次性", "等三季度数据", "同意", "暂缓", "C类客户") if word not in minutes
        ] == []
        client.force_login(leader)
        assert do(client, items["升"], "review-items", "agree") == 403
        client.force_login(marketing)
        assert do(client, review, "class-reviews", "close") == 302
        assert classes(scheme) == {"升": "B", "换": "C", "缓": "B", "无主": "A"}
    decided = ClassAssignment.objects.get(account=rows["换"], until=None, scheme=scheme)
    assert (decided.since, decided.decided_by, decided.held, "订单一次性" in decided.cause) == (
        DAY,
        marketing,
        True,
        True,
    )
    items["无主"].refresh_from_db()
    assert items["无主"].decision == "postponed"
    assert do(client, items["升"], "review-items", "agree") in (403, 422)


@pytest.mark.req("CLASS-07")
def test_decisions_take_effect_on_the_day_agreed(
    client: Client, marketing: User, seller: User, scheme: ClassScheme
) -> None:
    row = filed(seller, "缓", marketing.company)
    with at(DAY):
        apply_classes(scheme, {row.pk: "B"}, cause="月度计算")
        review = called(client, scheme, marketing)
        review.effective_on = DAY + timedelta(days=5)
        saved(review)
        assert do(client, review, "class-reviews", "discuss", account=row.pk) == 302
        item = ReviewItem.objects.get()
        assert do(client, item, "review-items", "choose", code="A", reason="战略客户") == 302
        assert do(client, review, "class-reviews", "close") == 302
    found = {}
    for days in (4, 5):
        with at(DAY + timedelta(days=days)):
            unit_of_work(run_reviews.enqueue)
            jobs.work_off()
            found[days] = classes(scheme)["缓"]
    assert found == {4: "B", 5: "A"}
    assert ClassAssignment.objects.get(account=row, until=None).since == DAY + timedelta(days=5)


@pytest.mark.req("CLASS-07", "CLASS-12")
def test_customers_near_a_cut_off_and_decisions_against_the_figures_come_up_by_themselves(
    client: Client, marketing: User, owner: User, seller: User, scheme: ClassScheme
) -> None:
    # Amounts 790, 150, 60 of 1,000: before them 0 %, 79 %, 94 %; the cut-offs are 80 % and 95 %.
    rows = {}
    for name, price in (("甲", 790), ("乙", 150), ("丙", 60)):
        rows[name] = filed(seller, name, marketing.company)
        line = {"description": "设备", "quantity": Decimal(1), "price": Decimal(price)}
        header = {"account": rows[name], "ordered_on": clock.today(), "owner": owner}
        sales.confirm(sales.place(header, [line], actor=owner), actor=owner)
    unit_of_work(lambda: recompute(owner))
    jobs.work_off()
    assert classes(scheme) == {"甲": "A", "乙": "A", "丙": "B"}
    assign_class(rows["甲"], actor=owner, scheme=scheme, code="C", cause="回款困难")
    review = called(client, scheme, marketing)
    assert do(client, review, "class-reviews", "propose") == 302
    items = {item.account.name: item for item in ReviewItem.objects.select_related("account")}
    assert {name: (item.reason, item.present, item.proposed, item.figure) for name, item in items.items()} == {
        "甲": ("held", "C", "A", ""), "乙": ("near", "A", "A", "79.0%"), "丙": ("near", "B", "B", "94.0%"),
    }  # fmt: skip


@pytest.mark.req("CLASS-07", "CLASS-12")
def test_the_next_review_is_planned_reminded_listed_as_overdue_and_told_to_those_above(
    client: Client, marketing: User, owner: User, leader: User, seller: User, scheme: ClassScheme, headquarters: Any
) -> None:
    headquarters.head = owner
    saved(headquarters)
    due = DAY + timedelta(days=30)
    with at(DAY):
        review = called(client, scheme, marketing, leader)
        assert do(client, review, "class-reviews", "close", next_on=DAY) == 422
        assert do(client, review, "class-reviews", "close", next_on=due) == 302
    following = ClassReview.objects.get(state="planned")
    assert (following.held_on, [seat.person for seat in following.seats.all()]) == (due, [leader])
    told = {}
    for days in (-8, -7, -6, 1, 2, 7, 8):
        with at(due + timedelta(days=days)):
            Notice.objects.all().delete()
            unit_of_work(run_reviews.enqueue)
            jobs.work_off()
            told[days] = sorted(Notice.objects.values_list("user__name", flat=True))
            if days == 1:
                client.force_login(marketing)
                assert following.name in client.get("/class-reviews/?view=overdue").content.decode()
                assert following.name in client.get("/").content.decode()
    both, all_three = ["严策", "周屿"], ["严策", "周屿", "沈总"]
    assert told == {-8: [], -7: both, -6: [], 1: both, 2: [], 7: all_three, 8: []}


@pytest.mark.req("CLASS-12")
def test_the_reassessment_of_a_standard_is_reminded_and_listed_when_it_is_late(
    client: Client, marketing: User, scheme: ClassScheme
) -> None:
    client.force_login(marketing)
    due = DAY + timedelta(days=90)
    with at(DAY):
        assert do(client, scheme, "class-schemes", "publish") == 302
        scheme.refresh_from_db()
        sent = {"version": scheme.version, "name": scheme.name, "code": scheme.code, "reassess_on": due}
        assert client.post(f"/class-schemes/{scheme.pk}/edit/", sent).status_code == 302
    told = {}
    for days in (-8, -7, 1, 2):
        with at(due + timedelta(days=days)):
            Notice.objects.all().delete()
            unit_of_work(run_reviews.enqueue)
            jobs.work_off()
            told[days] = [(notice.user, scheme.name in notice.text) for notice in Notice.objects.all()]
            if days == 1:
                assert scheme.name in client.get("/class-schemes/?view=due").content.decode()
    assert told == {-8: [], -7: [(marketing, True)], 1: [(marketing, True)], 2: []}
