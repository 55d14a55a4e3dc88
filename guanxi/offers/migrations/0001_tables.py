from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base
import guanxi.offers.models.quotes


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("offers", "0001_quotes_and_prices"),
    ]

    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("customers", "0001_tables"),
        ("deals", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceList",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="changed at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                ("extra", models.JSONField(blank=True, default=dict, editable=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("valid_from", models.DateField(default=guanxi.kernel.clock.today, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "channels",
                    guanxi.kernel.models.base.TagsField(
                        blank=True, default=list, help_text="None: all.", verbose_name="sales channels"
                    ),
                ),
                (
                    "grades",
                    guanxi.kernel.models.base.TagsField(
                        blank=True, default=list, help_text="None: all.", verbose_name="customer classes"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Customers of this department and those below it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "priority",
                    models.SmallIntegerField(default=0, help_text="The higher one wins.", verbose_name="priority"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
                (
                    "explanation",
                    models.TextField(
                        blank=True,
                        help_text="Why these prices, and how to present them.",
                        max_length=2000,
                        verbose_name="explanation for staff",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set by",
                    ),
                ),
            ],
            options={
                "verbose_name": "price list",
                "ordering": ["-priority", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="pricelist_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceItem",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="changed at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                ("extra", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "price_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="offers.pricelist",
                        verbose_name="price list",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "from_quantity",
                    models.DecimalField(
                        decimal_places=4, default=Decimal("0"), max_digits=18, verbose_name="from quantity"
                    ),
                ),
                ("price", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="price")),
                (
                    "lowest_price",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="lowest price"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set by",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("price_list", "product", "from_quantity"),
                        name="priceitem_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_quantity__gte", 0), ("price__gte", 0)),
                        name="priceitem_positive",
                        violation_error_message="Prices and quantities cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lowest_price", None),
                            models.Q(("lowest_price__gte", 0), ("lowest_price__lte", models.F("price"))),
                            _connector="OR",
                        ),
                        name="priceitem_lowest",
                        violation_error_message="The lowest price lies between 0 and the price.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DiscountAuthority",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="changed at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                ("extra", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="org.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "up_to",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=5, verbose_name="discount up to (%)"
                    ),
                ),
                ("below_lowest", models.BooleanField(default=False, verbose_name="may go below the lowest price")),
            ],
            options={
                "verbose_name": "discount authority",
                "ordering": ["up_to", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "role"),
                        name="discountauthority_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("up_to__gte", 0), ("up_to__lte", 100)),
                        name="discountauthority_share",
                        violation_error_message="A discount lies between 0 and 100 %.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="changed at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                ("extra", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        help_text="Given automatically if left empty.",
                        max_length=40,
                        verbose_name="quote number",
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="revision")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="offers.quote",
                        verbose_name="takes the place of",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="deals.opportunity",
                        verbose_name="opportunity",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=120, verbose_name="subject")),
                ("quoted_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="quote date")),
                (
                    "valid_until",
                    models.DateField(default=guanxi.offers.models.quotes.in_a_month, verbose_name="valid until"),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("tax_included", models.BooleanField(default=True, verbose_name="prices include tax")),
                ("payment_terms", models.CharField(blank=True, max_length=200, verbose_name="payment terms")),
                ("delivery_terms", models.CharField(blank=True, max_length=200, verbose_name="delivery terms")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waiting for approval"),
                            ("released", "Released"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expired", "Expired"),
                            ("replaced", "Replaced by a revision"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "list_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="list amount",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="amount"
                    ),
                ),
                (
                    "discount_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="discount"
                    ),
                ),
                (
                    "tax_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="tax"
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="total with tax",
                    ),
                ),
                ("released_on", models.DateField(editable=False, null=True, verbose_name="released on")),
                ("sent_on", models.DateField(editable=False, null=True, verbose_name="sent on")),
                ("accepted_on", models.DateField(editable=False, null=True, verbose_name="accepted on")),
                (
                    "accepted_name",
                    models.CharField(blank=True, editable=False, max_length=60, verbose_name="accepted by"),
                ),
                ("reason", models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason")),
                ("remark", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
            ],
            options={
                "verbose_name": "quote",
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.OrderBy(models.F("quoted_on"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="quote_by_day",
                    ),
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("quoted_on"), descending=True),
                        name="quote_of_account",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "sent")),
                        fields=["company", "valid_until"],
                        name="quote_out",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "number"), name="quote_number")],
            },
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="changed at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                ("extra", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "quote",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="offers.quote",
                        verbose_name="quote",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote_lines",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=4, default=Decimal("1"), max_digits=18, verbose_name="quantity"),
                ),
                (
                    "list_price",
                    models.DecimalField(
                        decimal_places=6, editable=False, max_digits=18, null=True, verbose_name="list price"
                    ),
                ),
                (
                    "price",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="unit price"
                    ),
                ),
                (
                    "discount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=5, verbose_name="discount (%)"
                    ),
                ),
                (
                    "tax_rate",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="tax rate (%)"
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.need",
                        verbose_name="need",
                    ),
                ),
                ("solution", models.TextField(blank=True, max_length=2000, verbose_name="custom solution")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="amount"
                    ),
                ),
                (
                    "tax_amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="tax"
                    ),
                ),
            ],
            options={
                "verbose_name": "quote line",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0), ("quantity__gt", 0)),
                        name="quoteline_positive",
                        violation_error_message="Quantity and price cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount__gte", 0), ("discount__lte", 100)),
                        name="quoteline_discount",
                        violation_error_message="A discount lies between 0 and 100 %.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tax_rate", None), models.Q(("tax_rate__gte", 0), ("tax_rate__lte", 100)), _connector="OR"
                        ),
                        name="quoteline_tax_rate",
                        violation_error_message="A tax rate lies between 0 and 100 %.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="created at"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="changed at"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                ("extra", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("substitute", "Stands in for an item out of stock"),
                            ("related", "Goes with the order"),
                            ("before", "Bought before"),
                            ("similar", "Bought by similar customers"),
                            ("route", "On the way of a delivery"),
                        ],
                        default="related",
                        max_length=10,
                        verbose_name="offered because",
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("took", "Took it"), ("refused", "Refused"), ("later", "Later")],
                        max_length=7,
                        verbose_name="answer",
                    ),
                ),
                ("on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="date")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
            ],
            options={
                "verbose_name": "reaction",
                "ordering": ["-on", "-id"],
                "indexes": [
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("on"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="reaction_of_account",
                    )
                ],
            },
        ),
    ]
