"""Invoices over parts of one or several orders, and how far an order is invoiced."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, InvoiceTitle, InvoiceTitleVersion
from guanxi.formats.codes import check_invoice_number
from guanxi.formats.values import BadValue
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord
from guanxi.org.models.amounts import money_field
from guanxi.sales.models import Order

LIVE = Q(deleted_at=None)


class Invoice(OwnedRecord):  # type: ignore[django-manager-missing]
    """Over parts of one or several orders of a customer; a red one is negative and reverses an earlier one.

    `amount` (tax included) is the sum of its lines, `tax` what of it is tax.  Issued, it keeps the version of the header.
    """

    NAME = "number"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        VOIDED = "voided", _("Voided")
        REVERSED = "reversed", _("Reversed in red")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="invoices", db_index=False, verbose_name=_("customer")
    )
    header = models.ForeignKey(
        InvoiceTitle, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("invoice header"), help_text=_("The customer's default header if left empty."),
    )  # fmt: skip
    kind = models.CharField(_("kind of invoice"), max_length=8, choices=InvoiceTitle.Kind, blank=True)
    number = models.CharField(_("invoice number"), max_length=24, blank=True, help_text=_("Known once it is issued."))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    tax_rate = models.DecimalField(_("tax rate (%)"), max_digits=5, decimal_places=2, default=Decimal(13))
    amount = money_field(_("amount with tax"), editable=False)
    tax = money_field(_("tax"), editable=False)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, editable=False)
    as_issued = models.ForeignKey(
        InvoiceTitleVersion, models.PROTECT, null=True, blank=True, editable=False, related_name="+", db_index=False,
        verbose_name=_("header as issued"),
    )  # fmt: skip
    reverses = models.ForeignKey(  # type: ignore[django-manager-missing]
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="reversed_by", db_index=False,
        verbose_name=_("invoice reversed"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("invoice")
        indexes = [
            models.Index(F("company"), F("issued_on").desc(), condition=LIVE, name="invoice_by_day"),
            models.Index(fields=["account"], name="invoice_of_account"),
            models.Index(fields=["reverses"], condition=Q(reverses__isnull=False), name="invoice_reversed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"],
                condition=~Q(number=""),
                name="invoice_number",
                violation_error_message=_("This invoice number is on file already."),
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__gte=0, tax_rate__lte=100),
                name="invoice_rate",
                violation_error_message=_("A tax rate lies between 0 and 100 %."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("invoice without number"))

    def clean(self) -> None:
        super().clean()
        if self.number:
            try:
                self.number = check_invoice_number(self.number)
            except BadValue as bad:
                raise ValidationError({"number": str(bad)}) from bad


class InvoiceLine(Record):
    """The part of an order that stands on an invoice, tax included."""

    NAME = "order"

    invoice = models.ForeignKey(
        Invoice, models.CASCADE, related_name="lines", editable=False, verbose_name=_("invoice")
    )
    order = models.ForeignKey(Order, models.PROTECT, related_name="invoice_lines", verbose_name=_("order"))
    description = models.CharField(_("description"), max_length=200, blank=True)
    amount = money_field(_("amount with tax"))

    class Meta:
        verbose_name = _("invoice line")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="invoiceline_amount",
                                              violation_error_message=_("A line needs an amount."))]  # fmt: skip

    def __str__(self) -> str:
        return str(self.order)


class OrderInvoicing(models.Model):
    """How much of an order is on invoices; follows them (services.invoices)."""

    class How(models.TextChoices):
        NONE = "none", _("Not invoiced")
        PARTLY = "partly", _("Partly invoiced")
        FULL = "full", _("Fully invoiced")

    order = models.OneToOneField(Order, models.CASCADE, primary_key=True, related_name="invoicing")
    invoiced = money_field(_("invoiced"))
    invoiced_how = models.CharField(_("invoicing"), max_length=6, choices=How, default=How.NONE)

    def __str__(self) -> str:
        return f"{self.order} · {self.invoiced}"
