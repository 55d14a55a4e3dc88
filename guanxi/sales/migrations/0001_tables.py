from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("sales", "0001_initial"),
        ("sales", "0002_policy_and_release"),
        ("sales", "0003_deliveries_and_instalments"),
        ("sales", "0004_quote_and_contract_of_an_order"),
        ("sales", "0005_entered_late"),
    ]

    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("contracts", "0001_tables"),
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        ("offers", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentTerms",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "standard",
                    models.BooleanField(
                        default=False,
                        help_text="New orders get these terms unless others are chosen.",
                        verbose_name="standard",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
            ],
            options={
                "verbose_name": "payment terms",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="terms_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsPart",
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
                    "terms",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="sales.paymentterms",
                        verbose_name="payment terms",
                    ),
                ),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="percent")),
                (
                    "after",
                    models.CharField(
                        choices=[("order", "the order"), ("delivery", "the delivery")],
                        default="order",
                        max_length=8,
                        verbose_name="after",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(default=0, verbose_name="months")),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="days")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="note")),
            ],
            options={
                "verbose_name": "part of payment terms",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("percent__lte", 100)),
                        name="termspart_percent",
                        violation_error_message="A part lies between 0 and 100 %.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__lte", 3660), ("months__lte", 240)), name="termspart_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
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
                        verbose_name="order number",
                    ),
                ),
                ("foreign_number", models.CharField(blank=True, max_length=60, verbose_name="foreign number")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("sale", "Sale"), ("return", "Return")],
                        default="sale",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "returns",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_by",
                        to="sales.order",
                        verbose_name="order returned",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="offers.quote",
                        verbose_name="quote",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="contracts.contract",
                        verbose_name="contract",
                    ),
                ),
                ("ordered_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="order date")),
                (
                    "entered_after",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="entered after (working days)"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("confirmed", "Confirmed"),
                            ("partly", "Partly delivered"),
                            ("delivered", "Delivered"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "cancel_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason for cancelling"),
                ),
                ("delivered_on", models.DateField(editable=False, null=True, verbose_name="delivered on")),
                ("carrier", models.CharField(blank=True, editable=False, max_length=60, verbose_name="carrier")),
                ("waybill", models.CharField(blank=True, editable=False, max_length=60, verbose_name="waybill")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
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
                    "cost",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="cost"
                    ),
                ),
                (
                    "profit",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="profit"
                    ),
                ),
                (
                    "received",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="received"
                    ),
                ),
                (
                    "payment",
                    models.CharField(
                        choices=[
                            ("none", "Nothing due"),
                            ("open", "Unpaid"),
                            ("partly", "Partly paid"),
                            ("paid", "Paid"),
                        ],
                        default="none",
                        editable=False,
                        max_length=6,
                        verbose_name="payment",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        help_text="Follows from the payment terms if left empty.",
                        null=True,
                        verbose_name="due on",
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The instalments follow from them when the order is confirmed.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.paymentterms",
                        verbose_name="payment terms",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                        editable=False,
                        max_length=1,
                        verbose_name="class on the order date",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.tierpolicy",
                        verbose_name="tier policy",
                    ),
                ),
                (
                    "release",
                    models.CharField(
                        blank=True,
                        choices=[("asked", "Asked for"), ("given", "Given")],
                        editable=False,
                        max_length=5,
                        verbose_name="release",
                    ),
                ),
                (
                    "release_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason for the release"),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "released_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="released amount",
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="contact")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="delivery address")),
                ("channel", models.CharField(blank=True, max_length=40, verbose_name="sales channel")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
            ],
            options={
                "verbose_name": "order",
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.OrderBy(models.F("ordered_on"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="order_by_day",
                    ),
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("ordered_on"), descending=True),
                        name="order_of_account",
                    ),
                    models.Index(
                        condition=models.Q(("returns__isnull", False)), fields=["returns"], name="order_returned"
                    ),
                    models.Index(
                        condition=models.Q(("contract__isnull", False)), fields=["contract"], name="order_of_contract"
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "department", "ordered_on"],
                        name="order_of_department",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state__in", ["confirmed", "partly"])),
                        fields=["company", "ordered_on"],
                        name="order_undelivered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="order_number"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("deleted_at", None),
                            ("quote__isnull", False),
                            models.Q(("state", "cancelled"), _negated=True),
                        ),
                        fields=("quote",),
                        name="order_of_quote",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gte", 0),
                                ("kind", "sale"),
                                ("received__gte", 0),
                                ("received__lte", models.F("amount")),
                            ),
                            models.Q(
                                ("amount__lte", 0),
                                ("kind", "return"),
                                ("received__gte", models.F("amount")),
                                ("received__lte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="order_received",
                        violation_error_message="An order cannot receive more than its amount.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
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
                    "order",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instalments",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="due on")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="amount"),
                ),
                (
                    "percent",
                    models.DecimalField(
                        blank=True, decimal_places=2, editable=False, max_digits=5, null=True, verbose_name="percent"
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        blank=True,
                        choices=[("order", "the order"), ("delivery", "the delivery")],
                        editable=False,
                        max_length=8,
                        verbose_name="after",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="months")),
                ("days", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="days")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="note")),
            ],
            options={
                "verbose_name": "instalment",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="instalment_amount",
                        violation_error_message="An instalment needs an amount.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
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
                    "order",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_lines",
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
                    "price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Left empty, it comes from the price list of the customer.",
                        max_digits=18,
                        null=True,
                        verbose_name="unit price",
                    ),
                ),
                (
                    "discount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=5, verbose_name="discount (%)"
                    ),
                ),
                (
                    "unit_cost",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="unit cost"
                    ),
                ),
                (
                    "returns",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_by",
                        to="sales.orderline",
                        verbose_name="line returned",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="amount"
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="cost"
                    ),
                ),
            ],
            options={
                "verbose_name": "order line",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("returns__isnull", False)), fields=["returns"], name="orderline_returned"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0), ("quantity__gt", 0)),
                        name="orderline_positive",
                        violation_error_message="Quantity and price cannot be negative; a return is an order of its own.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_cost", None), ("unit_cost__gte", 0), _connector="OR"),
                        name="orderline_cost",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount__gte", 0), ("discount__lte", 100)),
                        name="orderline_discount",
                        violation_error_message="A discount lies between 0 and 100 %.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                        verbose_name="delivery number",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("dispatched", "Dispatched"),
                            ("received", "Received by the customer"),
                            ("called_off", "Called off"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="planned on")),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="quality checked at"),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="quality checked by",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "Passed"), ("failed", "Failed")],
                        editable=False,
                        max_length=6,
                        verbose_name="result of the check",
                    ),
                ),
                ("findings", models.TextField(blank=True, editable=False, verbose_name="findings")),
                (
                    "dispatched_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="dispatched on"),
                ),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                ("waybill", models.CharField(blank=True, max_length=60, verbose_name="waybill")),
                (
                    "received_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="received by the customer on"),
                ),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
            ],
            options={
                "verbose_name": "delivery",
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.OrderBy(models.F("planned_on"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="delivery_by_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="delivery_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["dispatched", "received"]), _negated=True),
                            models.Q(
                                ("checked_at__isnull", False), ("dispatched_on__isnull", False), ("result", "passed")
                            ),
                            _connector="OR",
                        ),
                        name="delivery_checked",
                        violation_error_message="A delivery leaves only after it passed its quality check.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryLine",
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
                    "delivery",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="sales.delivery",
                        verbose_name="delivery",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent",
                        to="sales.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(decimal_places=4, default=Decimal("1"), max_digits=18, verbose_name="quantity"),
                ),
            ],
            options={
                "verbose_name": "delivery line",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)),
                        name="deliveryline_quantity",
                        violation_error_message="A delivery line needs a quantity.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("delivery", "order_line"),
                        name="deliveryline_once",
                        violation_error_message="This line of the order is in the delivery already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryNeed",
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
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="sales.delivery",
                        verbose_name="delivery",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="department asked",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="what is needed")),
                ("needed_on", models.DateField(verbose_name="needed by")),
                ("confirmed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="confirmed on")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                ("answer", models.CharField(blank=True, editable=False, max_length=200, verbose_name="answer")),
            ],
            options={
                "verbose_name": "need of a delivery",
                "ordering": ["needed_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                        verbose_name="receipt number",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "Receipt"),
                            ("refund", "Refund"),
                            ("reversal", "Reversal"),
                            ("offset", "Offset"),
                        ],
                        default="receipt",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("received_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="received on")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="amount"),
                ),
                (
                    "allocated",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="allocated"
                    ),
                ),
                (
                    "unmatched",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="not matched",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("transfer", "Bank transfer"),
                            ("acceptance", "Bank acceptance"),
                            ("cash", "Cash"),
                            ("wechat", "WeChat Pay"),
                            ("alipay", "Alipay"),
                            ("other", "Other"),
                        ],
                        default="transfer",
                        max_length=10,
                        verbose_name="method",
                    ),
                ),
                ("payer", models.CharField(blank=True, max_length=120, verbose_name="payer")),
                ("campaign", models.CharField(blank=True, max_length=80, verbose_name="campaign")),
                (
                    "reverses",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="sales.receipt",
                        verbose_name="receipt reversed",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
            ],
            options={
                "verbose_name": "receipt",
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.OrderBy(models.F("received_on"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="receipt_by_day",
                    ),
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("received_on"), descending=True),
                        name="receipt_of_account",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), models.Q(("unmatched", 0), _negated=True)),
                        fields=["company", "received_on"],
                        name="receipt_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="receipt_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("kind", "receipt")),
                            models.Q(("amount__lt", 0), ("kind", "refund")),
                            models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                            models.Q(("amount", 0), ("kind", "offset")),
                            _connector="OR",
                        ),
                        name="receipt_sign",
                        violation_error_message="A receipt is positive, a refund negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allocated__gte", 0), ("allocated__lte", models.F("amount")), ("amount__gte", 0)),
                            models.Q(("allocated__gte", models.F("amount")), ("allocated__lte", 0), ("amount__lt", 0)),
                            _connector="OR",
                        ),
                        name="receipt_allocated",
                        violation_error_message="A receipt cannot give more than its amount.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptShare",
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
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="sales.receipt",
                        verbose_name="receipt",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="amount"),
                ),
            ],
            options={
                "verbose_name": "allocation",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount", 0), _negated=True), name="receiptshare_amount")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receivable",
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
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receivables",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                ("part", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="part")),
                ("note", models.CharField(blank=True, editable=False, max_length=60, verbose_name="note")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receivables",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="due on")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="amount"
                    ),
                ),
                (
                    "settled",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="settled"
                    ),
                ),
                (
                    "open_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="open amount",
                    ),
                ),
            ],
            options={
                "verbose_name": "receivable",
                "indexes": [
                    models.Index(fields=["account", "due_on"], name="receivable_of_account"),
                    models.Index(
                        condition=models.Q(("open_amount", 0), _negated=True),
                        fields=["company", "due_on"],
                        name="receivable_open",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("order", "part"), name="receivable_part")],
            },
        ),
    ]
