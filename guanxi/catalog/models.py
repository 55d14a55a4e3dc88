"""Products with price, cost and stock, their profit grades, what goes with them, and the launch of new ones (PROD-01..05)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.kernel.models import Record, TagsField
from guanxi.org.models import User

LIVE = Q(deleted_at=None)
WIDEST = Decimal("9999.99")  # a margin beyond this says nothing more


class Treatment(models.TextChoices):
    """How products are treated that earn much or little (PROD-03)."""

    PROMOTED = "promoted", _("Promoted")
    NORMAL = "normal", pgettext_lazy("product", "Normal")
    RESTRICTED = "restricted", _("Restricted")


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
    treatment = models.CharField(
        _("treatment"), max_length=10, choices=Treatment, default=Treatment.NORMAL,
        help_text=_("Restricted products need a right or a release on orders and quotes."),
    )  # fmt: skip

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
    """`price` and `cost` are per unit; `margin` is the profit in percent of the price.

    `treatment` follows the profit grade, so that those who may not know the profit know what to offer.  Without a stock
    figure nobody knows whether there is any.
    """

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
    treatment = models.CharField(
        _("treatment"), max_length=10, choices=Treatment, default=Treatment.NORMAL, editable=False
    )
    stock = models.DecimalField(_("stock"), max_digits=18, decimal_places=4, null=True, editable=False)
    stock_at = models.DateTimeField(_("stock as of"), null=True, editable=False)
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

    @property
    def out_of_stock(self) -> bool:
        return self.stock is not None and self.stock <= 0

    def own_margin(self) -> Decimal | None:
        """Profit in percent of the price; unknown without price or cost."""
        if self.cost is None or not self.price:
            return None
        share = ((self.price - self.cost) / self.price * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return max(-WIDEST, min(WIDEST, share))


class ProductLink(Record):
    """Another product that may stand in for this one, or goes with it (SALE-12).  All but accessories hold both ways."""

    NAME = "kind"

    class Kind(models.TextChoices):
        SUBSTITUTE = "substitute", _("Substitute")
        RELATED = "related", _("Related product")
        ACCESSORY = "accessory", _("Accessory")

    product = models.ForeignKey(Product, models.CASCADE, related_name="links", verbose_name=_("product"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SUBSTITUTE)
    other = models.ForeignKey(Product, models.CASCADE, related_name="linked_from", verbose_name=_("other product"))
    strength = models.PositiveSmallIntegerField(_("strength (1 to 5)"), default=3)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("product link")
        ordering = ["-strength", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "product", "other", "kind"], condition=LIVE, name="productlink_once"
            ),
            models.CheckConstraint(
                condition=Q(strength__gte=1, strength__lte=5), name="productlink_strength",
                violation_error_message=_("The strength lies between 1 and 5."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.product} → {self.other}"


class Launch(Record):
    """A new product on its way to the customers: from which day, what they should know, who has confirmed it (PROD-05)."""

    NAME = "title"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CONFIRMED = "confirmed", _("Confirmed")
        ENDED = "ended", _("Ended")

    title = models.CharField(_("title"), max_length=120)
    product = models.ForeignKey(Product, models.PROTECT, related_name="launches", verbose_name=_("product"))
    launch_on = models.DateField(_("launch on"), default=clock.today)
    guidance = models.TextField(
        _("guidance for customers"), max_length=8000,
        help_text=_("How the product is installed, used and looked after, in words for customers."),
    )  # fmt: skip
    selling = models.TextField(_("notes for sellers"), max_length=4000, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    confirmed_on = models.DateField(_("confirmed on"), null=True, editable=False)

    class Meta:
        verbose_name = _("product launch")
        ordering = ["-launch_on", "-id"]

    def __str__(self) -> str:
        return self.title


class GradeSpan(Record):
    """The profit grade a product carries from a day on; kept as grades change, so that a past day can be told."""

    NAME = "since"

    product = models.ForeignKey(Product, models.CASCADE, related_name="grades", verbose_name=_("product"))
    since = models.DateField(_("since"))
    grade = models.ForeignKey(
        ProfitGrade, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("profit grade")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("profit grade over time")
        ordering = ["-since"]
        constraints = [models.UniqueConstraint(fields=["product", "since"], condition=LIVE, name="one_grade_a_day")]

    def __str__(self) -> str:
        return f"{self.product} {self.since}"
