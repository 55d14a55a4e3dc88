"""Putting products on and off sale, and grading them by profit (PROD-01)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import Product, ProductCategory, ProfitGrade
from guanxi.catalog.queries import below
from guanxi.kernel import events, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.models import Company
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import User
from guanxi.org.services import furnishes

GRADES = (
    ("A", "高利润", 40),
    ("B", "较高利润", 25),
    ("C", "一般利润", 10),
    ("D", "低利润", 0),
    ("E", "亏损", -9999),
)


@furnishes
def seed_grades(company: Company) -> dict[str, ProfitGrade]:
    """Give a company without profit grades the usual five; returns its grades by code."""
    if not ProfitGrade.everything.filter(company=company).exists():
        for code, name, margin in GRADES:
            ProfitGrade(company=company, code=code, name=name, from_margin=Decimal(margin)).save()
    return {grade.code: grade for grade in grades_of(company.pk)}


def grades_of(company_id: int) -> list[ProfitGrade]:
    """The grades of a company, the highest margin first."""
    return list(ProfitGrade.objects.filter(company_id=company_id).order_by("-from_margin"))


def grade_product(product: Product, grades: Sequence[ProfitGrade] | None = None) -> None:
    """Set margin and grade from price and cost; a grade given with a reason stays."""
    product.margin = product.own_margin()
    if product.grade_reason:
        return
    if product.margin is None:
        product.profit_grade = None
        return
    known = grades_of(product.company_id) if grades is None else grades
    reached = (grade for grade in known if product.margin >= grade.from_margin)
    product.profit_grade = next(reached, known[-1] if known else None)


def check_category(category: ProductCategory) -> None:
    """A category must not come to lie under itself."""
    if category.parent_id in below(category):
        raise Invalid({"parent": [_("A category cannot belong to itself or to one below it.")]})


@in_unit_of_work
def regrade(company_id: int) -> int:
    """Grade all products anew after the thresholds changed; returns how many changed."""
    grades, changed = grades_of(company_id), 0
    for product in Product.objects.filter(company_id=company_id, grade_reason="").iterator(chunk_size=1000):
        before = product.profit_grade_id
        grade_product(product, grades)
        if product.profit_grade_id != before:
            product.save(update_fields=["margin", "profit_grade"])
            changed += 1
    return changed


@events.listen(*(f"catalog.profitgrade.{past}" for past in ("created", "changed", "deleted", "restored")))
def regrade_all(event: events.Event) -> None:
    if event.company_id is not None:
        work.unit_of_work(lambda: regrade(event.company_id or 0), verb="catalog.product.regrade")


@action(Product, label=pgettext_lazy("product", "List"), icon="upload", when=lambda product: not product.is_active)
def publish(product: Product, *, actor: User) -> Product:
    """Put the product on sale."""
    product.is_active = True
    product.save(update_fields=["is_active"])
    return product


@action(Product, label=_("Unlist"), icon="archive", when=lambda product: product.is_active)
def withdraw(product: Product, *, actor: User) -> Product:
    """Take the product off sale; orders that hold it stay as they are."""
    product.is_active = False
    product.save(update_fields=["is_active"])
    return product


@action(
    Product,
    label=_("Set profit grade"),
    icon="medal",
    labels={"grade": _("Profit grade"), "reason": _("Reason")},
)
def set_grade(product: Product, *, actor: User, grade: ProfitGrade, reason: str) -> Product:
    """Grade by judgement instead of by margin."""
    if not reason.strip():
        raise Refused(_("Say why this grade is given."), field="reason")
    if grade.company_id != product.company_id:
        raise Refused(_("Belongs to another company."), field="grade")
    product.profit_grade, product.grade_reason = grade, reason.strip()[:200]
    product.save(update_fields=["profit_grade", "grade_reason"])
    return product


@action(Product, label=_("Grade by margin"), icon="percentage", when=lambda product: bool(product.grade_reason))
def reset_grade(product: Product, *, actor: User) -> Product:
    """Go back to the grade that price and cost give."""
    product.grade_reason = ""
    grade_product(product)
    product.save(update_fields=["margin", "profit_grade", "grade_reason"])
    return product
