"""Orders and credit notes with their lines (ORDER-01)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import Product
from guanxi.contracts.models import Contract
from guanxi.customers.models import Account, Grade, TierPolicy
from guanxi.formats.money import cents
from guanxi.kernel import clock
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Record
from guanxi.offers.models import Quote
from guanxi.offers.queries.prices import price_for
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field
from guanxi.sales.models.terms import PaymentTerms

LIVE = Q(deleted_at=None)
ZERO = Decimal(0)


class Order(OwnedRecord):  # type: ignore[django-manager-missing]
    """A sale, or a credit note whose figures are negative.

    `amount`, `discount_amount` and `cost` are the sums of the lines, `received` the sum of the receipts' shares; all
    are kept by guanxi.sales.services.figures.  `discount_amount` is what the lines' discounts took off.
    """

    NAME = "number"

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        RETURN = "return", _("Return")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CONFIRMED = "confirmed", _("Confirmed")
        PARTLY = "partly", _("Partly delivered")
        DELIVERED = "delivered", _("Delivered")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    class Payment(models.TextChoices):
        NONE = "none", _("Nothing due")
        OPEN = "open", _("Unpaid")
        PARTLY = "partly", _("Partly paid")
        PAID = "paid", _("Paid")

    class Release(models.TextChoices):
        """Whether somebody answers for an order beyond credit or discount limits; `given` holds for `released_amount`."""

        ASKED = "asked", _("Asked for")
        GIVEN = "given", _("Given")

    number = models.CharField(
        _("order number"), max_length=40, blank=True, help_text=_("Given automatically if left empty.")
    )
    foreign_number = models.CharField(_("foreign number"), max_length=60, blank=True)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="orders", db_index=False, verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.SALE)
    returns = models.ForeignKey(  # type: ignore[django-manager-missing]
        "self", models.PROTECT, null=True, blank=True, related_name="returned_by", db_index=False,
        verbose_name=_("order returned"),
    )  # fmt: skip
    quote = models.ForeignKey(
        Quote, models.PROTECT, null=True, blank=True, editable=False, related_name="orders", db_index=False,
        verbose_name=_("quote"),
    )  # fmt: skip
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        db_index=False,
        verbose_name=_("contract"),
    )
    ordered_on = models.DateField(_("order date"), default=clock.today)
    entered_after = models.PositiveSmallIntegerField(
        _("entered after (working days)"), null=True, blank=True, editable=False
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True, editable=False)
    delivered_on = models.DateField(_("delivered on"), null=True, editable=False)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True, editable=False)
    waybill = models.CharField(_("waybill"), max_length=60, blank=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = money_field(_("amount"), editable=False)
    discount_amount = money_field(_("discount"), editable=False)
    cost = money_field(_("cost"), editable=False)
    profit = money_field(_("profit"), editable=False)
    received = money_field(_("received"), editable=False)
    payment = models.CharField(_("payment"), max_length=6, choices=Payment, default=Payment.NONE, editable=False)
    due_on = models.DateField(
        _("due on"), null=True, blank=True, help_text=_("Follows from the payment terms if left empty.")
    )
    terms = models.ForeignKey(
        PaymentTerms, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("payment terms"),
        help_text=_("The instalments follow from them when the order is confirmed."),
    )  # fmt: skip
    grade = models.CharField(_("class on the order date"), max_length=1, choices=Grade, blank=True, editable=False)
    policy = models.ForeignKey(
        TierPolicy, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("tier policy"),
    )  # fmt: skip
    release = models.CharField(_("release"), max_length=5, choices=Release, blank=True, editable=False)
    release_reason = models.CharField(_("reason for the release"), max_length=200, blank=True, editable=False)
    released_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("released by"),
    )  # fmt: skip
    released_amount = money_field(_("released amount"), editable=False)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("delivery address"), max_length=200, blank=True)
    channel = models.CharField(_("sales channel"), max_length=40, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("order")
        indexes = [
            models.Index(F("company"), F("ordered_on").desc(), condition=LIVE, name="order_by_day"),
            # An account belongs to one company, so its id alone leads the index.
            models.Index(F("account"), F("ordered_on").desc(), name="order_of_account"),
            models.Index(fields=["returns"], condition=Q(returns__isnull=False), name="order_returned"),
            models.Index(fields=["contract"], condition=Q(contract__isnull=False), name="order_of_contract"),
            models.Index(fields=["company", "department", "ordered_on"], condition=LIVE, name="order_of_department"),
            models.Index(
                fields=["company", "ordered_on"],
                condition=Q(deleted_at=None, state__in=["confirmed", "partly"]),
                name="order_undelivered",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="order_number"),
            models.UniqueConstraint(
                fields=["quote"], condition=LIVE & Q(quote__isnull=False) & ~Q(state="cancelled"), name="order_of_quote"
            ),
            models.CheckConstraint(
                condition=Q(kind="sale", amount__gte=0, received__gte=0, received__lte=F("amount"))
                | Q(kind="return", amount__lte=0, received__lte=0, received__gte=F("amount")),
                name="order_received",
                violation_error_message=_("An order cannot receive more than its amount."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The recycle bin must not be a way around cancelling: what counted in sales stays on the books.
        if self.deleted_at and self.state not in (Order.State.DRAFT, Order.State.CANCELLED):
            raise Refused(_("Cancel the order before you delete it."))
        super().save(*args, **kwargs)

    @property
    def sign(self) -> int:
        return -1 if self.kind == Order.Kind.RETURN else 1

    @property
    def open_amount(self) -> Decimal:
        return Decimal(self.amount - self.received)

    @property
    def counts(self) -> bool:
        """Whether the order counts as revenue and is due."""
        return self.state in COUNTED and self.deleted_at is None


OPEN = (Order.State.CONFIRMED, Order.State.PARTLY)
COUNTED = (*OPEN, Order.State.DELIVERED, Order.State.COMPLETED)


class OrderLine(Record):
    """One product, or a described item; always positive: the kind of the order gives the sign."""

    NAME = "description"

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", editable=False, verbose_name=_("order"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="order_lines", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=Decimal(1))
    price = models.DecimalField(
        _("unit price"), max_digits=18, decimal_places=6, null=True, blank=True,
        help_text=_("Left empty, it comes from the price list of the customer."),
    )  # fmt: skip
    discount = models.DecimalField(_("discount (%)"), max_digits=5, decimal_places=2, default=ZERO)
    unit_cost = models.DecimalField(_("unit cost"), max_digits=18, decimal_places=6, null=True, blank=True)
    returns = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="returned_by", db_index=False,
        verbose_name=_("line returned"),
    )  # fmt: skip
    amount = money_field(_("amount"), editable=False)
    cost = money_field(_("cost"), editable=False)

    class Meta:
        verbose_name = _("order line")
        ordering = ["id"]
        indexes = [models.Index(fields=["returns"], condition=Q(returns__isnull=False), name="orderline_returned")]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price__gte=0),
                name="orderline_positive",
                violation_error_message=_("Quantity and price cannot be negative; a return is an order of its own."),
            ),
            models.CheckConstraint(condition=Q(unit_cost=None) | Q(unit_cost__gte=0), name="orderline_cost"),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=100),
                name="orderline_discount",
                violation_error_message=_("A discount lies between 0 and 100 %."),
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def list_amount(self) -> Decimal:
        """Before the discount."""
        return cents(self.quantity * (self.price or ZERO))

    @property
    def unit_price(self) -> Decimal:
        """What the customer pays for one, after the discount."""
        return (self.price or ZERO) * (100 - self.discount) / 100

    def complete(self) -> None:
        """Fill in what the product says and work out the sums of the line; bulk writers call it themselves."""
        if self.product is not None:
            self.description = self.description or self.product.name
            self.price = self._list_price() if self.price is None else self.price
            self.unit_cost = self.product.cost if self.unit_cost is None else self.unit_cost
        self.price = ZERO if self.price is None else self.price
        self.amount = cents(self.quantity * self.unit_price)
        self.cost = cents(self.quantity * (self.unit_cost or ZERO))

    def _list_price(self) -> Decimal:
        """What the lists ask of this customer on the order's date."""
        order, product = self.order, self.product
        if product is None:
            return ZERO
        return price_for(order.account, product, self.quantity, order.ordered_on, order.currency).price

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.complete()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {
                *kwargs["update_fields"],
                "description",
                "price",
                "unit_cost",
                "amount",
                "cost",
            }
        super().save(*args, **kwargs)
