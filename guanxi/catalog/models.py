"""Products with price and cost, their categories in a tree, and the profit grades of the company (PROD-01)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record, TagsField

LIVE = Q(deleted_at=None)
WIDEST = Decimal("9999.99")  # a margin beyond this says nothing more


class ProductCategory(Record):
    name = models.CharField(_("name"), max_length=60)
    code = models.CharField(_("code"), max_length=40)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )

    class Meta:
        verbose_name = _("product category")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="productcategory_code")]

    def __str__(self) -> str:
        return self.name


class ProfitGrade(Record):
    """Products from this margin upwards carry the grade; the lowest grade takes what lies below as well."""

    name = models.CharField(_("name"), max_length=40)
    code = models.CharField(_("code"), max_length=10)
    from_margin = models.DecimalField(_("from margin (%)"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("profit grade")
        ordering = ["-from_margin"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="profitgrade_code"),
            models.UniqueConstraint(fields=["company", "from_margin"], condition=LIVE, name="profitgrade_margin"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Product(Record):
    """`price` and `cost` are per unit; `margin` is the profit in percent of the price."""

    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        ProductCategory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("category"),
    )
    brand = models.CharField(_("brand"), max_length=60, blank=True)
    spec = models.CharField(_("specification"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    barcode = models.CharField(_("barcode"), max_length=40, blank=True)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6, default=Decimal(0))
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=6, null=True, blank=True)
    tax_rate = models.DecimalField(_("tax rate (%)"), max_digits=5, decimal_places=2, default=Decimal(13))
    margin = models.DecimalField(_("margin (%)"), max_digits=6, decimal_places=2, null=True, editable=False)
    profit_grade = models.ForeignKey(
        ProfitGrade,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="products",
        verbose_name=_("profit grade"),
    )
    grade_reason = models.CharField(_("reason for the grade"), max_length=200, blank=True, editable=False)
    is_active = models.BooleanField(_("on sale"), default=True, editable=False)
    tags = TagsField(_("tags"))
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("product")
        indexes = [models.Index(fields=["company", "name"], condition=LIVE, name="product_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="product_code"),
            models.CheckConstraint(condition=Q(price__gte=0), name="product_price"),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="product_cost"),
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lte=100), name="product_tax_rate"),
        ]

    def __str__(self) -> str:
        return self.name

    def own_margin(self) -> Decimal | None:
        """Profit in percent of the price; unknown without price or cost."""
        if self.cost is None or not self.price:
            return None
        share = ((self.price - self.cost) / self.price * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return max(-WIDEST, min(WIDEST, share))
