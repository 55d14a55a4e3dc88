"""Quotes with their lines; a revision is a quote of its own that takes the place of the former one (SALE-07, SALE-15)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import Product
from guanxi.customers.models import Account, Contact, Need
from guanxi.deals.models import Opportunity
from guanxi.formats.money import cents
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.offers.models.prices import LIVE, ZERO, price_field
from guanxi.org.models import OwnedRecord
from guanxi.org.models.amounts import money_field

VALID = timedelta(days=30)
HUNDRED = Decimal(100)


def in_a_month() -> date:
    return clock.today() + VALID


class Quote(OwnedRecord):  # type: ignore[django-manager-missing]
    """An offer.  `list_amount` is what the lists ask, `amount` what the lines come to, `total` what the customer pays with tax.

    The sums follow from the lines (services.figures).
    """

    NAME = "number"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waiting for approval")
        RELEASED = "released", _("Released")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        REPLACED = "replaced", _("Replaced by a revision")

    number = models.CharField(
        _("quote number"), max_length=40, blank=True, help_text=_("Given automatically if left empty.")
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by",
        verbose_name=_("takes the place of"),
    )  # fmt: skip
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="quotes", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="quotes", verbose_name=_("opportunity")
    )
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    quoted_on = models.DateField(_("quote date"), default=clock.today)
    valid_until = models.DateField(_("valid until"), default=in_a_month)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    tax_included = models.BooleanField(_("prices include tax"), default=True)
    payment_terms = models.CharField(_("payment terms"), max_length=200, blank=True)
    delivery_terms = models.CharField(_("delivery terms"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    list_amount = money_field(_("list amount"), editable=False)
    amount = money_field(_("amount"), editable=False)
    discount_amount = money_field(_("discount"), editable=False)
    tax_amount = money_field(_("tax"), editable=False)
    total = money_field(_("total with tax"), editable=False)
    released_on = models.DateField(_("released on"), null=True, editable=False)
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    accepted_on = models.DateField(_("accepted on"), null=True, editable=False)
    accepted_name = models.CharField(_("accepted by"), max_length=60, blank=True, editable=False)
    reason = models.CharField(pgettext_lazy("quote", "reason"), max_length=200, blank=True, editable=False)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("quote")
        indexes = [
            models.Index(F("company"), F("quoted_on").desc(), condition=LIVE, name="quote_by_day"),
            models.Index(F("account"), F("quoted_on").desc(), name="quote_of_account"),
            models.Index(fields=["company", "valid_until"], condition=LIVE & Q(state="sent"), name="quote_out"),
        ]
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="quote_number")]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        super().clean()
        if self.contact is not None and self.contact.account_id != self.account_id:
            raise ValidationError({"contact": _("This contact belongs to another account.")})
        if self.opportunity is not None and self.opportunity.account_id != self.account_id:
            raise ValidationError({"opportunity": _("This opportunity belongs to another customer.")})
        if self.valid_until < self.quoted_on:
            raise ValidationError({"valid_until": _("The end lies before the beginning.")})

    @property
    def expired(self) -> bool:
        return self.valid_until < clock.today()


class QuoteLine(Record):
    """A product or a described item; `solution` says how it is made to fit what this customer needs."""

    NAME = "description"

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines", editable=False, verbose_name=_("quote"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="quote_lines", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=Decimal(1))
    list_price = price_field(_("list price"), null=True, editable=False)
    price = price_field(_("unit price"), null=True, blank=True)
    discount = models.DecimalField(_("discount (%)"), max_digits=5, decimal_places=2, default=ZERO)
    tax_rate = models.DecimalField(_("tax rate (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    need = models.ForeignKey(
        Need, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("need")
    )
    solution = models.TextField(_("custom solution"), max_length=2000, blank=True)
    amount = money_field(_("amount"), editable=False)
    tax_amount = money_field(_("tax"), editable=False)

    class Meta:
        verbose_name = _("quote line")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price__gte=0), name="quoteline_positive",
                violation_error_message=_("Quantity and price cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=100), name="quoteline_discount",
                violation_error_message=_("A discount lies between 0 and 100 %."),
            ),
            models.CheckConstraint(
                condition=Q(tax_rate=None) | Q(tax_rate__gte=0, tax_rate__lte=100), name="quoteline_tax_rate",
                violation_error_message=_("A tax rate lies between 0 and 100 %."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.description

    @property
    def unit_price(self) -> Decimal:
        """After the discount."""
        return (self.price or ZERO) * (HUNDRED - self.discount) / HUNDRED

    def work_out(self, tax_included: bool) -> None:
        """Amount and tax from quantity, price, discount and rate."""
        self.amount = cents(self.quantity * self.unit_price)
        rate = self.tax_rate or ZERO
        self.tax_amount = cents(self.amount * rate / (HUNDRED + rate if tax_included else HUNDRED))
