"""Commission by the products' profit grades: plans with rates, lines that are only added, statements of a month (PROD-02)."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import Product, ProfitGrade
from guanxi.customers.models import Grade
from guanxi.formats.money import plain
from guanxi.incentives.models import Entry
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, Role, User
from guanxi.org.models.amounts import money_field
from guanxi.sales.models import Order, OrderLine, Receipt, ReceiptShare

LIVE = Q(deleted_at=None)


class CommissionPlan(Record):
    """What holds for orders from a day on, until the next plan begins."""

    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(_("for orders from"))
    min_margin = models.DecimalField(
        _("minimum margin (%)"), max_digits=6, decimal_places=2, null=True, blank=True,
        help_text=_("Lines below it carry no commission."),
    )  # fmt: skip
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("commission plan")
        constraints = [models.UniqueConstraint(fields=["company", "starts_on"], condition=LIVE, name="one_plan_a_day")]

    def __str__(self) -> str:
        return self.name


class CommissionRate(Record):
    """Percent of the money received; of several rates that fit, the one for the person wins, then role, class, grade."""

    NAME = "rate"

    plan = models.ForeignKey(
        CommissionPlan, models.CASCADE, related_name="rates", editable=False, verbose_name=_("commission plan")
    )
    grade = models.ForeignKey(
        ProfitGrade,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("profit grade"),
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("role")
    )
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("person")
    )
    customer_class = models.CharField(_("customer class"), max_length=1, choices=Grade, blank=True)
    rate = models.DecimalField(
        _("rate (%)"), max_digits=6, decimal_places=3, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("commission rate")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{plain(self.rate)}%"


class Statement(OwnedRecord):  # type: ignore[django-manager-missing]
    """One person's commission of one month: shown, confirmed or objected to, decided, settled; then nothing changes."""

    NAME = "month"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SHOWN = "shown", _("Shown to the person")
        CONFIRMED = "confirmed", pgettext_lazy("commission", "Confirmed")
        OBJECTED = "objected", pgettext_lazy("commission", "Objected")
        DECIDED = "decided", pgettext_lazy("commission", "Decided")
        SETTLED = "settled", pgettext_lazy("commission", "Settled")

    month = models.DateField(_("month"), editable=False)
    base = money_field(_("money received"), editable=False)
    amount = money_field(_("commission"), editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    object_until = models.DateField(_("objection until"), null=True, editable=False)
    confirmed_on = models.DateField(_("confirmed on"), null=True, editable=False)
    objection = models.CharField(_("objection"), max_length=400, blank=True, editable=False)
    objected_on = models.DateField(_("objected on"), null=True, editable=False)
    decide_until = models.DateField(_("decision until"), null=True, editable=False)
    note = models.CharField(_("reason of the decision"), max_length=400, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=pgettext_lazy("incentive", "decided by"),
    )  # fmt: skip
    settled_on = models.DateField(pgettext_lazy("commission", "settled on"), null=True, editable=False)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("settled by")
    )
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, related_name="commission", editable=False, verbose_name=_("incentive")
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("commission statement")
        indexes = [models.Index(fields=["company", "month"], name="statement_by_month")]
        constraints = [models.UniqueConstraint(fields=["owner", "month"], condition=LIVE, name="one_statement_a_month")]

    def __str__(self) -> str:
        return f"{self.owner} {self.month:%Y-%m}"

    @property
    def is_open(self) -> bool:
        return self.state == Statement.State.DRAFT


class CommissionLine(OwnedRecord):
    """What one receipt's share brings for one line of the order.  Only ever added: what turns out different later is a
    difference beside it.  `line` keeps the order line's id even if the line is written anew.
    """

    NAME = "kind"

    class Kind(models.TextChoices):
        COMPUTED = "computed", _("Computed")
        DIFFERENCE = "difference", _("Difference")
        ADJUSTMENT = "adjustment", _("Adjustment")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines", verbose_name=_("statement"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COMPUTED)
    dated_on = models.DateField(_("received on"))
    share = models.ForeignKey(ReceiptShare, models.PROTECT, null=True, related_name="+", verbose_name=_("allocation"))
    receipt = models.ForeignKey(
        Receipt, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("receipt")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("order")
    )
    line = models.ForeignKey(
        OrderLine, models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("order line"),
    )  # fmt: skip
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("product")
    )
    grade = models.ForeignKey(
        ProfitGrade, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("profit grade")
    )
    plan = models.ForeignKey(
        CommissionPlan, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("commission plan")
    )
    base = money_field(_("money received"))
    rate = models.DecimalField(_("rate (%)"), max_digits=6, decimal_places=3, default=0)
    amount = money_field(_("commission"))
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("commission line")
        constraints = [
            models.UniqueConstraint(
                fields=["share", "line"], condition=Q(kind="computed"), name="commission_once_a_share"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order or self.reason} {self.amount}"


def month_of(day: date) -> date:
    return day.replace(day=1)
