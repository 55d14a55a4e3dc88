"""Goods that come back: what was asked for, what was agreed, received, credited and paid (ORDER-05)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field
from guanxi.sales.models import Order, OrderLine


class ReturnRequest(OwnedRecord):
    """Each step has its person and its day, and none comes before its turn."""

    NAME = "number"

    class Wanted(models.TextChoices):
        REFUND = "refund", _("Refund")
        EXCHANGE = "exchange", _("Exchange")
        CREDIT = "credit", _("Credit note for later purchases")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for approval")
        AGREED = "agreed", _("Agreed")
        RECEIVED = "received", _("Goods received")
        CREDITED = "credited", _("Credited")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.CharField(
        _("request number"), max_length=40, blank=True, help_text=_("Given automatically if left empty.")
    )
    order = models.ForeignKey(Order, models.PROTECT, related_name="return_requests", verbose_name=_("order"))
    wanted = models.CharField(_("wanted"), max_length=8, choices=Wanted, default=Wanted.REFUND)
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    approval = models.ForeignKey(
        Approval, models.PROTECT, null=True, blank=True, editable=False, related_name="+", db_index=False,
        verbose_name=_("approval"),
    )  # fmt: skip
    received_on = models.DateField(_("goods received on"), null=True, blank=True, editable=False)
    received_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", db_index=False,
        verbose_name=_("goods received by"),
    )  # fmt: skip
    findings = models.TextField(_("findings"), blank=True, editable=False)
    credit_note = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, editable=False, related_name="return_request",
        verbose_name=_("credit note"),
    )  # fmt: skip
    credited_on = models.DateField(_("credited on"), null=True, blank=True, editable=False)
    credited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", db_index=False,
        verbose_name=_("credited by"),
    )  # fmt: skip
    exchange = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, editable=False, related_name="exchanged_from",
        verbose_name=_("order in exchange"),
    )  # fmt: skip
    refunded = money_field(_("refunded"), editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", db_index=False,
        verbose_name=_("closed by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("return request")
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="returnrequest_number"),
            models.CheckConstraint(
                condition=Q(credit_note__isnull=True) | Q(received_on__isnull=False), name="returnrequest_steps"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(Record):
    """How much of an order line comes back, and how much of that was found fit to be credited."""

    NAME = "order_line"

    request = models.ForeignKey(
        ReturnRequest, models.CASCADE, related_name="lines", editable=False, verbose_name=_("return request")
    )
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="return_lines", verbose_name=_("order line"))
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=Decimal(1))
    accepted = models.DecimalField(
        _("accepted quantity"), max_digits=18, decimal_places=4, null=True, blank=True,
        help_text=_("Filled in when the goods are checked."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("return line")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="returnline_quantity",
                violation_error_message=_("A return line needs a quantity."),
            ),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(accepted__gte=0, accepted__lte=models.F("quantity")),
                name="returnline_accepted",
                violation_error_message=_("Not more is accepted than came back."),
            ),
            models.UniqueConstraint(
                fields=["request", "order_line"],
                condition=Q(deleted_at=None),
                name="returnline_once",
                violation_error_message=_("This line of the order is in the request already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.order_line)
