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
        ("billing", "0001_initial"),
        ("billing", "0002_wanted_words"),
    ]

    initial = True

    dependencies = [
        ("approvals", "0001_tables"),
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sales", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invoice",
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
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "header",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The customer's default header if left empty.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.invoicetitle",
                        verbose_name="invoice header",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("special", "Fully digital special invoice"),
                            ("ordinary", "Fully digital ordinary invoice"),
                            ("paper", "Paper invoice"),
                        ],
                        max_length=8,
                        verbose_name="kind of invoice",
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        blank=True, help_text="Known once it is issued.", max_length=24, verbose_name="invoice number"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Issued"),
                            ("voided", "Voided"),
                            ("reversed", "Reversed in red"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "tax_rate",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("13"), max_digits=5, verbose_name="tax rate (%)"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="amount with tax",
                    ),
                ),
                (
                    "tax",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="tax"
                    ),
                ),
                ("issued_on", models.DateField(blank=True, editable=False, null=True, verbose_name="issued on")),
                (
                    "as_issued",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.invoicetitleversion",
                        verbose_name="header as issued",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="billing.invoice",
                        verbose_name="invoice reversed",
                    ),
                ),
                ("reason", models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
            ],
            options={
                "verbose_name": "invoice",
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.OrderBy(models.F("issued_on"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="invoice_by_day",
                    ),
                    models.Index(fields=["account"], name="invoice_of_account"),
                    models.Index(
                        condition=models.Q(("reverses__isnull", False)), fields=["reverses"], name="invoice_reversed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("company", "number"),
                        name="invoice_number",
                        violation_error_message="This invoice number is on file already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_rate__gte", 0), ("tax_rate__lte", 100)),
                        name="invoice_rate",
                        violation_error_message="A tax rate lies between 0 and 100 %.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
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
                    "invoice",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="billing.invoice",
                        verbose_name="invoice",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoice_lines",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="amount with tax"
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice line",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="invoiceline_amount",
                        violation_error_message="A line needs an amount.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderInvoicing",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="invoicing",
                        serialize=False,
                        to="sales.order",
                    ),
                ),
                (
                    "invoiced",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="invoiced"),
                ),
                (
                    "invoiced_how",
                    models.CharField(
                        choices=[("none", "Not invoiced"), ("partly", "Partly invoiced"), ("full", "Fully invoiced")],
                        default="none",
                        max_length=6,
                        verbose_name="invoicing",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnRequest",
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
                        verbose_name="request number",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_requests",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "wanted",
                    models.CharField(
                        choices=[
                            ("refund", "Refund"),
                            ("exchange", "Exchange"),
                            ("credit", "Credit note for later purchases"),
                        ],
                        default="refund",
                        max_length=8,
                        verbose_name="wanted",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waits for approval"),
                            ("agreed", "Agreed"),
                            ("received", "Goods received"),
                            ("credited", "Credited"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "approval",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.approval",
                        verbose_name="approval",
                    ),
                ),
                (
                    "received_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="goods received on"),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="goods received by",
                    ),
                ),
                ("findings", models.TextField(blank=True, editable=False, verbose_name="findings")),
                (
                    "credit_note",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_request",
                        to="sales.order",
                        verbose_name="credit note",
                    ),
                ),
                ("credited_on", models.DateField(blank=True, editable=False, null=True, verbose_name="credited on")),
                (
                    "credited_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="credited by",
                    ),
                ),
                (
                    "exchange",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchanged_from",
                        to="sales.order",
                        verbose_name="order in exchange",
                    ),
                ),
                (
                    "refunded",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="refunded"
                    ),
                ),
                ("closed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="closed on")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "return request",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="returnrequest_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credit_note__isnull", True), ("received_on__isnull", False), _connector="OR"
                        ),
                        name="returnrequest_steps",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
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
                    "request",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="billing.returnrequest",
                        verbose_name="return request",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_lines",
                        to="sales.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(decimal_places=4, default=Decimal("1"), max_digits=18, verbose_name="quantity"),
                ),
                (
                    "accepted",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Filled in when the goods are checked.",
                        max_digits=18,
                        null=True,
                        verbose_name="accepted quantity",
                    ),
                ),
            ],
            options={
                "verbose_name": "return line",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)),
                        name="returnline_quantity",
                        violation_error_message="A return line needs a quantity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted", None),
                            models.Q(("accepted__gte", 0), ("accepted__lte", models.F("quantity"))),
                            _connector="OR",
                        ),
                        name="returnline_accepted",
                        violation_error_message="Not more is accepted than came back.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("request", "order_line"),
                        name="returnline_once",
                        violation_error_message="This line of the order is in the request already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
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
                        related_name="confirmations",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("first", models.DateField(verbose_name="from")),
                ("last", models.DateField(verbose_name="to")),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="our balance",
                    ),
                ),
                ("theirs", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="the customer's balance")),
                (
                    "difference",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="difference"
                    ),
                ),
                ("person", models.CharField(max_length=60, verbose_name="confirmed by (at the customer)")),
                ("confirmed_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="confirmed on")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
            ],
            options={
                "verbose_name": "balance confirmation",
                "indexes": [
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("last"), descending=True),
                        name="confirmation_of_account",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))),
                        name="confirmation_period",
                        violation_error_message="The period ends before it begins.",
                    )
                ],
            },
        ),
    ]
