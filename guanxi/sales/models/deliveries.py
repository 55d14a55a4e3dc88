"""What leaves the house for an order: deliveries with their lines, the quality check before, what other units supply."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.models import Record
from guanxi.org.models import Department, OwnedRecord, User
from guanxi.sales.models.orders import LIVE, Order, OrderLine


class Delivery(OwnedRecord):
    """All of an order or a part of it.  Nothing leaves without a passed quality check (SVC-06)."""

    NAME = "number"

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DISPATCHED = "dispatched", _("Dispatched")
        RECEIVED = "received", _("Received by the customer")
        CALLED_OFF = "called_off", _("Called off")

    class Result(models.TextChoices):
        PASSED = "passed", pgettext_lazy("quality", "Passed")
        FAILED = "failed", pgettext_lazy("quality", "Failed")

    number = models.CharField(
        _("delivery number"), max_length=40, blank=True, help_text=_("Given automatically if left empty.")
    )
    order = models.ForeignKey(Order, models.CASCADE, related_name="deliveries", verbose_name=_("order"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED, editable=False)
    planned_on = models.DateField(_("planned on"))
    checked_at = models.DateTimeField(_("quality checked at"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("quality checked by"),
    )  # fmt: skip
    result = models.CharField(_("result of the check"), max_length=6, choices=Result, blank=True, editable=False)
    findings = models.TextField(_("findings"), blank=True, editable=False)
    dispatched_on = models.DateField(_("dispatched on"), null=True, blank=True, editable=False)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    waybill = models.CharField(_("waybill"), max_length=60, blank=True)
    received_on = models.DateField(_("received by the customer on"), null=True, blank=True, editable=False)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        indexes = [
            models.Index(F("company"), F("planned_on").desc(), condition=LIVE, name="delivery_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="delivery_number"),
            models.CheckConstraint(
                condition=~Q(state__in=["dispatched", "received"])
                | Q(dispatched_on__isnull=False, checked_at__isnull=False, result="passed"),
                name="delivery_checked",
                violation_error_message=_("A delivery leaves only after it passed its quality check."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def left(self) -> bool:
        """Whether the goods have left the house."""
        return self.state in GONE


GONE = (Delivery.State.DISPATCHED, Delivery.State.RECEIVED)


class DeliveryLine(Record):
    """How much of one line of the order goes along."""

    NAME = "order_line"

    delivery = models.ForeignKey(
        Delivery, models.CASCADE, related_name="lines", editable=False, verbose_name=_("delivery")
    )
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="sent", verbose_name=_("order line"))
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=Decimal(1))

    class Meta:
        verbose_name = _("delivery line")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="deliveryline_quantity",
                violation_error_message=_("A delivery line needs a quantity."),
            ),
            models.UniqueConstraint(
                fields=["delivery", "order_line"],
                condition=LIVE,
                name="deliveryline_once",
                violation_error_message=_("This line of the order is in the delivery already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.order_line)


class DeliveryNeed(Record):
    """What another unit has to supply, so that the goods come in quality, quantity and time (SVC-07)."""

    NAME = "what"

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="needs", verbose_name=_("delivery"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", db_index=False, verbose_name=_("department asked")
    )
    what = models.CharField(_("what is needed"), max_length=200)
    needed_on = models.DateField(_("needed by"))
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    answer = models.CharField(_("answer"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("need of a delivery")
        ordering = ["needed_on", "id"]

    def __str__(self) -> str:
        return self.what
