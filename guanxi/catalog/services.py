"""Putting products on and off sale, grading them by profit, their stock and launch (PROD-01, PROD-03, PROD-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import GradeSpan, Launch, Product, ProductCategory, ProductLink, ProfitGrade, Treatment
from guanxi.catalog.queries import below
from guanxi.kernel import clock, events, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.models import Company
from guanxi.kernel.models.pour import insert
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import User
from guanxi.org.services import furnishes, tell

BEGINNING = date(2000, 1, 1)  # before the first change that was noted
GRADES = (
    ("A", "高利润", 40, Treatment.PROMOTED),
    ("B", "较高利润", 25, Treatment.NORMAL),
    ("C", "一般利润", 10, Treatment.NORMAL),
    ("D", "低利润", 0, Treatment.RESTRICTED),
    ("E", "亏损", -9999, Treatment.RESTRICTED),
)


@furnishes
def seed_grades(company: Company) -> dict[str, ProfitGrade]:
    """Give a company without profit grades the usual five; returns its grades by code."""
    if not ProfitGrade.everything.filter(company=company).exists():
        for code, name, margin, treatment in GRADES:
            grade = ProfitGrade(company=company, code=code, name=name, from_margin=Decimal(margin), treatment=treatment)
            grade.save()
    return {grade.code: grade for grade in grades_of(company.pk)}


def grades_of(company_id: int) -> list[ProfitGrade]:
    """The grades of a company, the highest margin first."""
    return list(ProfitGrade.objects.filter(company_id=company_id).order_by("-from_margin"))


def grade_product(product: Product, grades: Sequence[ProfitGrade] | None = None) -> None:
    """Set margin, grade and treatment from price and cost; a grade given with a reason stays."""
    product.margin = product.own_margin()
    if not product.grade_reason:
        product.profit_grade = _reached(product, grades)
    product.treatment = product.profit_grade.treatment if product.profit_grade else Treatment.NORMAL


def _reached(product: Product, grades: Sequence[ProfitGrade] | None) -> ProfitGrade | None:
    if product.margin is None:
        return None
    known = grades_of(product.company_id) if grades is None else grades
    reached = (grade for grade in known if product.margin >= grade.from_margin)
    return next(reached, known[-1] if known else None)


def check_product(product: Product) -> None:
    """Before saving: the grade; and a stock figure that came without a moment is as of now."""
    grade_product(product)
    before = {} if product._state.adding else product._loaded
    if (product.stock is not None and product.stock_at is None) or (
        before and product.stock != before.get("stock") and product.stock_at == before.get("stock_at")
    ):  # fmt: skip
        product.stock_at = clock.now()


def check_category(category: ProductCategory) -> None:
    """A category must not come to lie under itself."""
    if category.parent_id in below(category):
        raise Invalid({"parent": [_("A category cannot belong to itself or to one below it.")]})


@in_unit_of_work
def regrade(company_id: int) -> int:
    """Grade all products anew after the thresholds changed; returns how many changed."""
    grades, changed = grades_of(company_id), 0
    rows = Product.objects.filter(company_id=company_id).select_related("profit_grade")
    for product in rows.iterator(chunk_size=1000):
        before = product.profit_grade_id, product.treatment
        grade_product(product, grades)
        if (product.profit_grade_id, product.treatment) != before:
            product.save(update_fields=["margin", "profit_grade", "treatment"])
            changed += 1
    return changed


@work.sealer(40, "catalog.product")
def note_grades(unit: work.Work) -> None:
    """Remember from which day on a product carries its grade."""
    moved = {
        change.object_id: change for change in unit.changes.values()
        if change.label == "catalog.product" and change.verb == "changed"
        and change.old.get("profit_grade_id") != change.new.get("profit_grade_id", change.old.get("profit_grade_id"))
    }  # fmt: skip
    if not moved:
        return
    today, known = clock.today(), GradeSpan.objects.filter(product__in=moved)
    there, of_today = set(known.values_list("product", flat=True)), known.filter(since=today)
    for row in of_today:
        of_today.filter(pk=row.pk).update_silently(grade=moved[row.product_id].new["profit_grade_id"])
    done, fresh = set(of_today.values_list("product", flat=True)), []
    for pk, change in moved.items():
        common: dict[str, Any] = {"company_id": change.company_id, "product_id": pk}
        if pk not in there:
            fresh.append(GradeSpan(**common, since=BEGINNING, grade_id=change.old.get("profit_grade_id")))
        if pk not in done:
            fresh.append(GradeSpan(**common, since=today, grade_id=change.new["profit_grade_id"]))
    insert(fresh)


@events.listen(*(f"catalog.profitgrade.{past}" for past in ("created", "changed", "deleted", "restored")))
def regrade_all(event: events.Event) -> None:
    if event.company_id is not None:
        work.unit_of_work(lambda: regrade(event.company_id or 0), verb="catalog.product.regrade")


def by_the_product(_row: Any, _actor: Any, _verb: str) -> None:
    """Guard: the history of grades follows the product."""
    raise Forbidden(_("Use “Correct the grade since” of the product."))


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
    _judge(product, grade, reason)
    return product


def _judge(product: Product, grade: ProfitGrade, reason: str) -> None:
    product.profit_grade, product.grade_reason, product.treatment = grade, reason.strip()[:200], grade.treatment
    product.save(update_fields=["profit_grade", "grade_reason", "treatment"])


@action(Product, label=_("Correct the grade since"), icon="history", bulk=False,
        labels={"grade": _("Profit grade"), "since": _("Since"), "reason": _("Reason")})  # fmt: skip
def correct_grade(product: Product, *, actor: User, grade: ProfitGrade, since: date, reason: str) -> Product:
    """The product carried another grade from a past day on, until the next change that is noted."""
    if not reason.strip():
        raise Refused(_("Say why this grade is given."), field="reason")
    if not BEGINNING < since <= clock.today():
        raise Refused(_("Give a day that has begun."), field="since")
    spans, common = product.grades, {"company_id": product.company_id, "product": product, "created_by_id": actor.pk}
    if not spans.exists():
        GradeSpan(**common, since=BEGINNING, grade=product.profit_grade).save()
    span = spans.filter(since=since).first() or GradeSpan(**common, since=since)
    span.grade, span.reason = grade, reason.strip()[:200]
    span.save()
    if not spans.filter(since__gt=since).exists():
        _judge(product, grade, reason)
    return product


@action(Product, label=_("Grade by margin"), icon="percentage", when=lambda product: bool(product.grade_reason))
def reset_grade(product: Product, *, actor: User) -> Product:
    """Go back to the grade that price and cost give."""
    product.grade_reason = ""
    grade_product(product)
    product.save(update_fields=["margin", "profit_grade", "grade_reason", "treatment"])
    return product


# -- stock, links, launches ----------------------------------------------------------------------------------------------


@action(
    Product, label=_("Set stock"), icon="packages", permission="count_stock", bulk=False,
    labels={"quantity": _("Quantity"), "as_of": _("As of (empty: now)")},
    initial=lambda product: {"quantity": product.stock},
)  # fmt: skip
def set_stock(product: Product, *, actor: User, quantity: Decimal, as_of: date | None = None) -> Product:
    """Note how much there is; a day given means its end of business."""
    if not 0 <= quantity < Decimal(10) ** 13:
        raise Refused(_("A stock is zero or more."), field="quantity")
    if as_of is not None and as_of > clock.today():
        raise Refused(_("The day lies in the future."), field="as_of")
    product.stock, product.stock_at = quantity, clock.now()
    if as_of is not None and as_of != clock.today():
        product.stock_at = timezone.make_aware(datetime.combine(as_of, time(23, 59)))
    product.save(update_fields=["stock", "stock_at"])
    return product


def check_link(link: ProductLink) -> None:
    """Nothing replaces itself."""
    if link.product_id == link.other_id:
        raise Invalid({"other": [_("Choose another product.")]})


def only_drafts(launch: Launch, _actor: User, _verb: str) -> None:
    """What has been confirmed stays as it was put out."""
    if launch.state != Launch.State.DRAFT:
        raise Refused(_("This launch is confirmed and can no longer be changed."))


@action(Launch, label=_("Confirm launch"), icon="check", permission="confirm", bulk=False,
        when=lambda launch: launch.state == Launch.State.DRAFT)  # fmt: skip
def confirm_launch(launch: Launch, *, actor: User) -> Launch:
    """The guidance is sound and may go to customers; whoever sells is told (PROD-05)."""
    if launch.state != Launch.State.DRAFT:
        raise Refused(_("This launch is confirmed already."))
    if not launch.guidance.strip():
        raise Refused(_("Write the guidance for customers first."), field="guidance")
    launch.state, launch.confirmed_by, launch.confirmed_on = Launch.State.CONFIRMED, actor, clock.today()
    launch.save(update_fields=["state", "confirmed_by", "confirmed_on"])
    people = User.objects.filter(company_id=launch.company_id, is_active=True).exclude(pk=actor.pk)
    sellers = [person for person in people if person.may("add", "sales.order")]
    text = gettext("New product from %(day)s: %(what)s") % {"day": launch.launch_on, "what": launch.title}
    tell(sellers, text, url=record_url("launches", launch.pk), icon="rocket")
    return launch


@action(Launch, label=_("End launch"), icon="archive", permission="confirm",
        when=lambda launch: launch.state == Launch.State.CONFIRMED)  # fmt: skip
def end_launch(launch: Launch, *, actor: User) -> Launch:
    """The product is no longer new."""
    launch.state = Launch.State.ENDED
    launch.save(update_fields=["state"])
    return launch
