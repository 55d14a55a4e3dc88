"""Teams and shared plans of the demonstration's groups and key customers, segments of marketing, and the next class review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from guanxi.customers.models import (
    Account,
    AccountMember,
    AccountPlan,
    ClassReview,
    ClassScheme,
    PlanAction,
    ReviewSeat,
    Segment,
)
from guanxi.customers.services.reviews import name_reviews
from guanxi.kernel.models import Company
from guanxi.org.models import User

GROUPS = 12
STEPS = (("高层互访，确认年度需求", 6), ("联合技术交流会", 20), ("签订年度框架协议", 45))


# name, who is in it, what it is for, market potential, positioning
SEGMENTS: tuple[tuple[str, list[dict[str, Any]], str, str, str], ...] = (
    (
        "留有邮箱的 C 类客户",
        [{"f": "grade", "op": "is", "v": "C"}, {"f": "email", "op": "not_empty"}],
        "新品资料和节能案例的邮寄对象，成本低、覆盖广。",
        "单家金额不大，家数多，半数以上有备件需求。",
        "标准品、现货、网上下单。",
    ),
    (
        "半年未下单的老客户",
        [{"f": "last_order_on", "op": "older_than", "v": 180}, {"f": "retired_on", "op": "empty"}],
        "由负责人逐家电话了解原因，先听意见再谈优惠。",
        "挽回一家的成本约为新开发的五分之一。",
        "保养提醒、以旧换新。",
    ),
    (
        "重点客户年终走访",
        [{"f": "is_key", "op": "is", "v": True}, {"f": "retired_on", "op": "empty"}],
        "年底由客户经理和技术工程师共同上门，确认明年需求。",
        "占全年成交额的一半以上。",
        "框架协议、专属备件库。",
    ),
)


def build_care(company: Company, today: date) -> None:
    """Run it inside a unit of work, once customers are there."""
    people = User.objects.filter(company=company, deleted_at=None).order_by("pk")
    helpers = {code: list(people.filter(roles__code=code)) for code in ("technology", "relations-specialist")}
    owned = Account.objects.filter(company=company, owner__isnull=False).order_by("pk")
    groups = list(owned.filter(subsidiaries__isnull=False).distinct()[:GROUPS])
    single = owned.filter(is_key=True, subsidiaries__isnull=True)[: GROUPS - len(groups)]
    for number, head in enumerate([*groups, *single]):
        _group(head, helpers["technology"][number % 6], helpers["relations-specialist"][number % 9], today)
    marketing = people.filter(roles__code="marketing").first()
    scheme = ClassScheme.objects.filter(company=company, is_policy=True).first()
    for name, where, description, potential, positioning in SEGMENTS if marketing is not None else ():
        segment = Segment(
            company=company, created_by=marketing, owner=marketing, department=marketing.department, name=name,
            where={"all": where}, description=description, market_potential=potential, positioning=positioning,
        )  # fmt: skip
        segment.clean()
        segment.save()
    if marketing is not None and scheme is not None:
        review = ClassReview(
            company=company, created_by=marketing, owner=marketing, department=marketing.department, scheme=scheme,
            held_on=today + timedelta(days=12),
        )  # fmt: skip
        name_reviews([review])
        review.save()
        for person in people.filter(roles__code="business-department"):
            ReviewSeat(company=company, created_by=marketing, review=review, person=person).save()


def _group(head: Account, technician: User, specialist: User, today: date) -> None:
    common = {"company_id": head.company_id, "created_by_id": head.owner_id}
    for person, role in ((technician, "technical"), (specialist, "service")):
        AccountMember(**common, account=head, person=person, role=role, since=today - timedelta(days=60)).save()
    plan = AccountPlan(
        **common, account=head, owner_id=head.owner_id, department_id=head.department_id, title="年度合作计划",
        starts_on=today.replace(month=1, day=1), ends_on=today.replace(month=12, day=31),
        goal="成为首选供应商，年度采购份额到三成。", strategy="总部签框架协议，分公司就近供货，技术部统一支持。",
    )  # fmt: skip
    plan.save()
    for (what, days), who in zip(STEPS, (head.owner, technician, head.owner), strict=True):
        PlanAction(**common, plan=plan, what=what, person=who, due_on=today + timedelta(days=days)).save()
