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
        ("contracts", "0001_contracts"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("deals", "0001_tables"),
        ("kernel", "0001_tables"),
        ("offers", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
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
                        verbose_name="contract number",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="offers.quote",
                        verbose_name="quote",
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="deals.opportunity",
                        verbose_name="opportunity",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sale", "Sale"),
                            ("framework", "Framework agreement"),
                            ("service", "Service"),
                            ("lease", "Lease"),
                            ("other", "Other"),
                        ],
                        default="sale",
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="amount"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                ("product_terms", models.TextField(blank=True, max_length=8000, verbose_name="products")),
                ("price_terms", models.TextField(blank=True, max_length=8000, verbose_name="price and payment")),
                ("delivery_terms", models.TextField(blank=True, max_length=8000, verbose_name="way of delivery")),
                ("service_terms", models.TextField(blank=True, max_length=8000, verbose_name="content of the service")),
                (
                    "maintenance_terms",
                    models.TextField(blank=True, max_length=8000, verbose_name="responsibility for maintenance"),
                ),
                ("other_terms", models.TextField(blank=True, max_length=8000, verbose_name="other clauses")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("approved", "Reviewed"),
                            ("running", "Running"),
                            ("ending", "Settled, runs out"),
                            ("ended", "Ended"),
                            ("terminated", "Terminated"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "reviewed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reviewed at"),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
                ("signed_on", models.DateField(editable=False, null=True, verbose_name="signed on")),
                (
                    "signed_name",
                    models.CharField(
                        blank=True, editable=False, max_length=60, verbose_name="signed for the customer by"
                    ),
                ),
                ("filed_on", models.DateField(editable=False, null=True, verbose_name="filed on")),
                ("shelf", models.CharField(blank=True, editable=False, max_length=60, verbose_name="shelf number")),
                (
                    "renews",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="contracts.contract",
                        verbose_name="follows",
                    ),
                ),
                ("over_on", models.DateField(editable=False, null=True, verbose_name="terminated on")),
                ("reason", models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason")),
                ("remark", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
            ],
            options={
                "verbose_name": "contract",
                "indexes": [
                    models.Index(
                        models.F("account"),
                        models.OrderBy(models.F("ends_on"), descending=True),
                        name="contract_of_account",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "state", "ends_on"],
                        name="contract_by_end",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="contract_number"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="contract_amount",
                        violation_error_message="An amount cannot be negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
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
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="obligations",
                        to="contracts.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("ours", "Ours"), ("theirs", "The customer’s")],
                        default="ours",
                        max_length=6,
                        verbose_name="side",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="what has to be done")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("remind_days", models.PositiveSmallIntegerField(default=7, verbose_name="remind before (days)")),
                ("done_on", models.DateField(editable=False, null=True, verbose_name="done on")),
                ("reminded_on", models.DateField(editable=False, null=True, verbose_name="reminded on")),
                ("told_on", models.DateField(editable=False, null=True, verbose_name="customer reminded on")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
            ],
            options={
                "verbose_name": "obligation",
                "ordering": ["due_on", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("done_on", None)),
                        fields=["company", "due_on"],
                        name="obligation_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
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
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="contracts.contract",
                        verbose_name="contract",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="what it is about")),
                ("since", models.DateField(default=guanxi.kernel.clock.today, verbose_name="since")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="to be settled by")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("settled", "Settled")],
                        default="open",
                        editable=False,
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("measures", models.TextField(blank=True, max_length=4000, verbose_name="measures")),
                ("result", models.TextField(blank=True, editable=False, max_length=4000, verbose_name="result")),
                ("settled_on", models.DateField(editable=False, null=True, verbose_name="settled on")),
                ("reminded_on", models.DateField(editable=False, null=True, verbose_name="reminded on")),
            ],
            options={
                "verbose_name": "dispute",
                "ordering": ["-since", "-id"],
            },
        ),
    ]
