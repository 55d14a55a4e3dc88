"""Teams and shared plans of the demonstration's groups and key customers, and the next class review."""

from __future__ import annotations

from datetime import date, timedelta

from guanxi.customers.models import (
    Account,
    AccountMember,
    AccountPlan,
    ClassReview,
    ClassScheme,
    PlanAction,
    ReviewSeat,
)
from guanxi.customers.services.reviews import name_reviews
from guanxi.kernel.models import Company
from guanxi.org.models import User

GROUPS = 12
STEPS = (("高层互访，确认年度需求", 6), ("联合技术交流会", 20), ("签订年度框架协议", 45))


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
