"""What a person, a team, a department or the company is to reach in a period (SALE-11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import Product, ProductCategory
from guanxi.org.models import OwnedRecord, Team
from guanxi.org.models.amounts import money_field

LIVE = Q(deleted_at=None)
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def first_of(day: date, period: str) -> date:
    """The first day of the period a day lies in."""
    months = MONTHS.get(period, 1)  # a form may leave it open; the choices complain
    index = (day.year * 12 + day.month - 1) // months * months
    return date(index // 12, index % 12 + 1, 1)


def after(start: date, period: str, steps: int = 1) -> date:
    """The first day of a later (or earlier) period."""
    index = start.year * 12 + start.month - 1 + MONTHS[period] * steps
    return date(index // 12, index % 12 + 1, 1)


def last_of(start: date, period: str) -> date:
    return after(start, period) - timedelta(days=1)


class Target(OwnedRecord):
    """For the owner, a team, a department or the whole company; of some products only where a category or one is named."""

    NAME = "measure"

    class Level(models.TextChoices):
        PERSON = "person", _("Person")
        TEAM = "team", _("Team")
        DEPARTMENT = "department", _("Department")
        COMPANY = "company", _("Company")

    class Measure(models.TextChoices):
        ORDERS = "orders", _("Orders (amount)")
        WON = "won", _("Opportunities won (amount)")
        RECEIPTS = "receipts", _("Receipts (amount)")
        PROFIT = "profit", _("Gross profit")
        CUSTOMERS = "customers", _("New customers")

    class Period(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")

    level = models.CharField(_("for"), max_length=10, choices=Level, default=Level.PERSON)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("team")
    )
    measure = models.CharField(_("measure"), max_length=10, choices=Measure, default=Measure.ORDERS)
    period = models.CharField(_("period"), max_length=7, choices=Period, default=Period.MONTH)
    starts_on = models.DateField(_("begins on"), help_text=_("Any day of the period."))
    category = models.ForeignKey(
        ProductCategory, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("product category"),
    )  # fmt: skip
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("product")
    )
    amount = money_field(_("to reach"), validators=[MinValueValidator(0)])
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    key = models.CharField(max_length=200, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("sales target")
        indexes = [models.Index(fields=["company", "starts_on"], name="target_by_start")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "key"], condition=LIVE, name="target_once",
                violation_error_message=_("There is a target for this already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject} {self.get_measure_display()} {self.starts_on:%Y-%m}"

    @property
    def subject(self) -> Any:
        held = {Target.Level.PERSON: self.owner, Target.Level.TEAM: self.team, Target.Level.DEPARTMENT: self.department}
        return held.get(self.level) or self.get_level_display()  # type: ignore[call-overload]

    def clean(self) -> None:
        """It names exactly whom it is for, and begins with its period."""
        super().clean()
        if self.level != Target.Level.PERSON:
            self.owner = None
        if self.level != Target.Level.TEAM:
            self.team = None
        needed = {
            "person": ("owner", self.owner),
            "team": ("team", self.team),
            "department": ("department", self.department),
        }
        name, held = needed.get(self.level, ("", True))
        if not held:
            raise ValidationError({name: [_("Say for whom.")]})
        if self.level == Target.Level.TEAM and self.team is not None:
            self.department = self.team.department
        if (self.category_id or self.product_id) and self.measure not in (Target.Measure.ORDERS, Target.Measure.PROFIT):
            raise ValidationError({"measure": [_("Only orders and gross profit are told by product.")]})
        self.settle()

    def settle(self) -> None:
        """First day and key, as they follow from the rest."""
        self.starts_on = first_of(self.starts_on, self.period)
        who = {"person": self.owner_id, "team": self.team_id, "department": self.department_id}.get(self.level, 0)
        parts = (
            self.level,
            who,
            self.measure,
            self.period,
            self.starts_on,
            self.category_id or 0,
            self.product_id or 0,
        )
        self.key = ":".join(map(str, parts))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "starts_on", "key"}
        super().save(*args, **kwargs)
