"""Receipts, their shares on orders, and what is due (ORDER-02, ORDER-03).  Receipts and shares are only ever added."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord
from guanxi.org.models.amounts import money_field
from guanxi.sales.models.orders import LIVE, Order

BOOKED = ("account_id", "kind", "received_on", "amount", "currency", "reverses_id", "deleted_at")


class Receipt(OwnedRecord):
    """Money received (positive) or given back (negative); an offset of 0 moves a credit onto an order.

    What is booked stays: a wrong receipt is voided by its reversal.  `allocated` is the sum of its shares.
    """

    NAME = "number"

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        REFUND = "refund", _("Refund")
        REVERSAL = "reversal", _("Reversal")
        OFFSET = "offset", _("Offset")

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        ACCEPTANCE = "acceptance", _("Bank acceptance")
        CASH = "cash", _("Cash")
        WECHAT = "wechat", _("WeChat Pay")
        ALIPAY = "alipay", _("Alipay")
        OTHER = "other", _("Other")

    number = models.CharField(
        _("receipt number"), max_length=40, blank=True, help_text=_("Given automatically if left empty.")
    )
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="receipts", db_index=False, verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.RECEIPT)
    received_on = models.DateField(_("received on"), default=clock.today)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = money_field(_("amount"))
    allocated = money_field(_("allocated"), editable=False)
    unmatched = money_field(_("not matched"), editable=False)
    method = models.CharField(_("method"), max_length=10, choices=Method, default=Method.TRANSFER)
    payer = models.CharField(_("payer"), max_length=120, blank=True)
    campaign = models.CharField(_("campaign"), max_length=80, blank=True)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="reversed_by",
        verbose_name=_("receipt reversed"),
    )
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("receipt")
        indexes = [
            models.Index(F("company"), F("received_on").desc(), condition=LIVE, name="receipt_by_day"),
            models.Index(F("account"), F("received_on").desc(), name="receipt_of_account"),
            models.Index(fields=["company", "received_on"], condition=LIVE & ~Q(unmatched=0), name="receipt_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="receipt_number"),
            models.CheckConstraint(
                condition=Q(kind="receipt", amount__gt=0)
                | Q(kind="refund", amount__lt=0)
                | Q(kind="reversal", reverses__isnull=False)
                | Q(kind="offset", amount=0),
                name="receipt_sign",
                violation_error_message=_("A receipt is positive, a refund negative."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, allocated__gte=0, allocated__lte=F("amount"))
                | Q(amount__lt=0, allocated__lte=0, allocated__gte=F("amount")),
                name="receipt_allocated",
                violation_error_message=_("A receipt cannot give more than its amount."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and any(self._loaded.get(k) != getattr(self, k) for k in BOOKED if k in self._loaded):
            raise Refused(_("A booked receipt is not changed: void it and write a new one."))
        if self._state.adding:
            self.unmatched = self.free
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """What is not matched follows from the amount before the constraints look at it."""
        super().clean()
        if self.amount is not None:
            self.unmatched = self.free

    @property
    def free(self) -> Decimal:
        """What no order has been given yet."""
        return Decimal(self.amount - self.allocated)


class ReceiptShare(Record):
    """What one receipt gives to one order; taking it back is another row with the opposite sign."""

    NAME = "amount"

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="shares", verbose_name=_("receipt"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="shares", verbose_name=_("order"))
    amount = money_field(_("amount"))

    class Meta:
        verbose_name = _("allocation")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="receiptshare_amount")]

    def __str__(self) -> str:
        return f"{self.receipt} → {self.order}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Refused(_("A booked receipt is not changed: void it and write a new one."))
        super().save(*args, **kwargs)


class Receivable(Record):
    """What a counted order is owed, by instalment; of a credit note, what we owe.  Follows the order (services.figures).

    Without a due day it waits for the delivery.
    """

    NAME = "order"

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="receivables", db_index=False, editable=False, verbose_name=_("order")
    )
    part = models.PositiveSmallIntegerField(_("part"), default=1, editable=False)
    note = models.CharField(_("note"), max_length=60, blank=True, editable=False)
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="receivables",
        db_index=False,
        editable=False,
        verbose_name=_("customer"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, editable=False)
    amount = money_field(_("amount"), editable=False)
    settled = money_field(_("settled"), editable=False)
    open_amount = money_field(_("open amount"), editable=False)

    class Meta:
        verbose_name = _("receivable")
        indexes = [
            models.Index(fields=["account", "due_on"], name="receivable_of_account"),
            models.Index(fields=["company", "due_on"], condition=~Q(open_amount=0), name="receivable_open"),
        ]
        constraints = [models.UniqueConstraint(fields=["order", "part"], name="receivable_part")]

    def __str__(self) -> str:
        return str(self.order)
