"""Price lists for channels, classes and departments, and how much discount each role may give (SALE-07, PROD-04)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import Product
from guanxi.kernel import clock
from guanxi.kernel.models import Record, TagsField
from guanxi.org.models import Department, Role, User

LIVE = Q(deleted_at=None)
ZERO = Decimal(0)


def price_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, **{"max_digits": 18, "decimal_places": 6, **options})


class PriceList(Record):
    """Prices from a day on, for everybody or only for some channels, classes or a department with those below it."""

    name = models.CharField(_("name"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    valid_from = models.DateField(_("valid from"), default=clock.today)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    channels = TagsField(_("sales channels"), help_text=_("None: all."))
    grades = TagsField(_("customer classes"), help_text=_("None: all."))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("department"), help_text=_("Customers of this department and those below it."),
    )  # fmt: skip
    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("The higher one wins."))
    is_active = models.BooleanField(_("in force"), default=True)
    explanation = models.TextField(
        _("explanation for staff"),
        max_length=2000,
        blank=True,
        help_text=_("Why these prices, and how to present them."),
    )
    set_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("set by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("price list")
        ordering = ["-priority", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="pricelist_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end lies before the beginning.")})


class PriceItem(Record):
    """What a product costs on a list from a quantity on, and the lowest price anybody may go to without asking."""

    NAME = "product"

    price_list = models.ForeignKey(
        PriceList, models.CASCADE, related_name="items", db_index=False, verbose_name=_("price list")
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="prices", verbose_name=_("product"))
    from_quantity = models.DecimalField(_("from quantity"), max_digits=18, decimal_places=4, default=ZERO)
    price = price_field(_("price"))
    lowest_price = price_field(_("lowest price"), null=True, blank=True)
    set_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("set by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("price")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "from_quantity"], condition=LIVE, name="priceitem_once"
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, from_quantity__gte=0), name="priceitem_positive",
                violation_error_message=_("Prices and quantities cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(lowest_price=None) | Q(lowest_price__gte=0, lowest_price__lte=models.F("price")),
                name="priceitem_lowest",
                violation_error_message=_("The lowest price lies between 0 and the price."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.price_list} · {self.product}"


class DiscountAuthority(Record):
    """How far people of a role may go below the list without asking.  A company without any leaves discounts free."""

    NAME = "role"

    role = models.ForeignKey(Role, models.CASCADE, related_name="+", verbose_name=_("role"))
    up_to = models.DecimalField(_("discount up to (%)"), max_digits=5, decimal_places=2, default=ZERO)
    below_lowest = models.BooleanField(_("may go below the lowest price"), default=False)

    class Meta:
        verbose_name = _("discount authority")
        ordering = ["up_to", "id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "role"], condition=LIVE, name="discountauthority_role"),
            models.CheckConstraint(
                condition=Q(up_to__gte=0, up_to__lte=100), name="discountauthority_share",
                violation_error_message=_("A discount lies between 0 and 100 %."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.role)
