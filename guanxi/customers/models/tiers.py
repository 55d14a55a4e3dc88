"""What a class means in dealings: the policy of each grade from a day on, and the credit that goes with a standing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.choices import Credit, Grade
from guanxi.customers.models.lists import LIVE
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import User
from guanxi.org.models.amounts import money_field


def _share(label: Any, **options: Any) -> models.DecimalField:  # type: ignore[type-arg]
    return models.DecimalField(label, max_digits=5, decimal_places=2, null=True, blank=True, **options)


class TierPolicy(Record):
    """How customers of one grade are treated from `effective_on` until the next policy of the grade (CLASS-06, CLASS-08).

    Once published it is never changed, so that the policy of any past day can be told.
    """

    NAME = "name"

    class Priority(models.IntegerChoices):
        FIRST = 1, _("First")
        NORMAL = 2, _("As ordered")
        LAST = 3, _("After the others")

    name = models.CharField(_("name"), max_length=60, blank=True, help_text=_("Given automatically if left empty."))
    grade = models.CharField(_("grade"), max_length=1, choices=Grade)
    effective_on = models.DateField(_("effective on"), default=clock.today)
    time_share = _share(_("share of working time (%)"))
    contact_days = models.PositiveSmallIntegerField(_("contact at least every (days)"), null=True, blank=True)
    contact_way = models.CharField(_("way of contact"), max_length=120, blank=True)
    dedicated_manager = models.BooleanField(_("dedicated account manager"), default=False)
    service = models.CharField(_("service items"), max_length=300, blank=True)
    development = models.CharField(_("product development"), max_length=300, blank=True)
    supply = models.CharField(_("supply guarantee"), max_length=300, blank=True)
    delivery_priority = models.PositiveSmallIntegerField(
        _("delivery priority"), choices=Priority, default=Priority.NORMAL
    )
    price = models.CharField(_("price policy"), max_length=300, blank=True)
    discount_limit = _share(_("highest discount (%)"))
    payment_days = models.PositiveSmallIntegerField(_("payment terms (days)"), null=True, blank=True)
    credit_factor = models.DecimalField(
        _("factor on the credit limit"), max_digits=5, decimal_places=2, default=Decimal(1)
    )
    promotion = models.CharField(_("promotion support"), max_length=300, blank=True)
    gifts = models.CharField(_("gifts"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("published by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("tier policy")
        ordering = ["grade", "-effective_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "grade", "effective_on"], condition=LIVE, name="tierpolicy_from"
            ),
            models.CheckConstraint(
                condition=Q(discount_limit=None) | Q(discount_limit__gte=0, discount_limit__lte=100),
                name="tierpolicy_discount",
            ),
            models.CheckConstraint(condition=Q(credit_factor__gte=0), name="tierpolicy_factor"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.time_share is not None and not 0 <= self.time_share <= 100:
            raise ValidationError({"time_share": _("A share lies between 0 and 100 %.")})
        if self.discount_limit is not None and not 0 <= self.discount_limit <= 100:
            raise ValidationError({"discount_limit": _("A discount lies between 0 and 100 %.")})


class CreditRule(Record):
    """The credit that goes with a standing: less for a low one, more for a high one (VALUE-04).

    The limit proposed is `months` times the monthly turnover, at least `floor` and at most `ceiling`; orders are refused
    when something is overdue for more than `tolerance_days`.
    """

    NAME = "standing"

    standing = models.CharField(_("credit rating"), max_length=3, choices=Credit)
    months = models.DecimalField(_("months of turnover"), max_digits=5, decimal_places=2, default=Decimal(1))
    floor = money_field(_("at least"))
    ceiling = models.DecimalField(_("at most"), max_digits=18, decimal_places=2)
    tolerance_days = models.PositiveSmallIntegerField(_("overdue tolerated (days)"), default=0)

    class Meta:
        verbose_name = _("credit rule")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "standing"], condition=LIVE, name="creditrule_standing"),
            models.CheckConstraint(condition=Q(floor__gte=0, ceiling__gte=models.F("floor")), name="creditrule_range"),
        ]

    def __str__(self) -> str:
        return self.standing

    def clean(self) -> None:
        if self.ceiling is not None and self.ceiling < self.floor:
            raise ValidationError({"ceiling": _("The highest limit lies below the lowest.")})

    def proposal(self, turnover: Decimal) -> Decimal:
        """The limit for so much turnover in twelve months."""
        return Decimal(min(self.ceiling, max(self.floor, (self.months * turnover / 12).quantize(Decimal(1)))))
