"""Payment terms as a plan of parts, and the instalments an order has from them (ORDER-03)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.formats.money import plain
from guanxi.kernel.models import Record
from guanxi.org.models.amounts import money_field


class After(models.TextChoices):
    """The day an instalment counts from."""

    ORDER = "order", _("the order")
    DELIVERY = "delivery", _("the delivery")


class PaymentTerms(Record):
    """Such as 30 % on the order, 60 % on delivery, 10 % after twelve months."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=60)
    standard = models.BooleanField(
        pgettext_lazy("payment terms", "standard"),
        default=False,
        help_text=_("New orders get these terms unless others are chosen."),
    )
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("payment terms")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], condition=Q(deleted_at=None), name="terms_name"),
        ]

    def __str__(self) -> str:
        return self.name


class TermsPart(Record):
    """One part: how many percent, so long after the order or the delivery."""

    NAME = "note"

    terms = models.ForeignKey(
        PaymentTerms, models.CASCADE, related_name="parts", editable=False, verbose_name=_("payment terms")
    )
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2)
    after = models.CharField(_("after"), max_length=8, choices=After, default=After.ORDER)
    months = models.PositiveSmallIntegerField(_("months"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    note = models.CharField(_("note"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("part of payment terms")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100),
                name="termspart_percent",
                violation_error_message=_("A part lies between 0 and 100 %."),
            ),
            models.CheckConstraint(condition=Q(months__lte=240, days__lte=3660), name="termspart_time"),
        ]

    def __str__(self) -> str:
        return self.note or f"{plain(self.percent)} %"


class Instalment(Record):
    """One due day of an order with its amount; all of an order's together are its amount.

    One that counts from the delivery has no due day before everything was delivered.
    """

    NAME = "note"

    order = models.ForeignKey(
        "sales.Order", models.CASCADE, related_name="instalments", editable=False, verbose_name=_("order")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, editable=False)
    amount = money_field(_("amount"))
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, null=True, blank=True, editable=False)
    after = models.CharField(_("after"), max_length=8, choices=After, blank=True, editable=False)
    months = models.PositiveSmallIntegerField(_("months"), default=0, editable=False)
    days = models.PositiveSmallIntegerField(_("days"), default=0, editable=False)
    note = models.CharField(_("note"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("instalment")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="instalment_amount",
                violation_error_message=_("An instalment needs an amount."),
            ),
        ]

    def __str__(self) -> str:
        return self.note or (self.due_on.isoformat() if self.due_on else str(_("on delivery")))
