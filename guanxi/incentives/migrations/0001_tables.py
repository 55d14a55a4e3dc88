from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.incentives.models
import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("incentives", "0001_ledger"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("rulebook", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
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
                ("title", models.CharField(max_length=120, verbose_name="for what")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Negative for a negative incentive.",
                        max_digits=10,
                        verbose_name="amount",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("yuan", "yuan"), ("points", "points")],
                        default="yuan",
                        max_length=6,
                        verbose_name="unit",
                    ),
                ),
                ("month", models.DateField(default=guanxi.incentives.models.this_month, verbose_name="month")),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="evidence")),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incentives",
                        to="rulebook.clause",
                        verbose_name="clause",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="rulebook.duty",
                        verbose_name="duty",
                    ),
                ),
                ("duty_key", models.CharField(blank=True, editable=False, max_length=80)),
                ("evidence_label", models.CharField(blank=True, editable=False, max_length=60)),
                ("evidence_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("source", models.CharField(default="hand", editable=False, max_length=24)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("objected", "Objected"),
                            ("kept", "Objection rejected"),
                            ("reversed", "Taken back"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("booked_on", models.DateField(blank=True, editable=False, null=True, verbose_name="booked on")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "object_until",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="objection until"),
                ),
                ("objected_on", models.DateField(blank=True, editable=False, null=True, verbose_name="objected on")),
                ("objection", models.CharField(blank=True, editable=False, max_length=400, verbose_name="objection")),
                (
                    "note",
                    models.CharField(blank=True, editable=False, max_length=400, verbose_name="reason of the decision"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversal",
                        to="incentives.entry",
                        verbose_name="takes back",
                    ),
                ),
            ],
            options={
                "verbose_name": "incentive",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["company", "month"], name="entry_by_month"),
                    models.Index(fields=["owner", "booked_on"], name="entry_of_person"),
                    models.Index(
                        condition=models.Q(("evidence_id__isnull", False)),
                        fields=["evidence_id"],
                        name="entry_evidence",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("duty_key", ""), _negated=True), ("reverses", None)),
                        fields=("company", "duty_key"),
                        name="entry_once_a_duty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthClose",
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
                ("month", models.DateField(verbose_name="month")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("entries", models.PositiveIntegerField(default=0, editable=False, verbose_name="entries")),
                (
                    "yuan",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=14,
                        verbose_name="sum in yuan",
                    ),
                ),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=14,
                        verbose_name="sum in points",
                    ),
                ),
            ],
            options={
                "verbose_name": "closed month",
                "ordering": ["-month"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "month"), name="month_closed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("praise", "Praise"),
                            ("commendation", "Commendation"),
                            ("bonus", "Bonus"),
                            ("promotion", "Promotion"),
                            ("warning", "Warning"),
                            ("fine", "Fine"),
                            ("demotion", "Demotion"),
                            ("dismissal", "Dismissal"),
                        ],
                        max_length=12,
                        verbose_name="measure",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="Of a bonus or a fine; it is booked once approved.",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="amount (yuan)",
                    ),
                ),
                ("effective_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="effective from")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waits for approval"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measure",
                        to="incentives.entry",
                        verbose_name="incentive",
                    ),
                ),
            ],
            options={
                "verbose_name": "measure",
                "abstract": False,
                "indexes": [models.Index(fields=["person", "state"], name="measure_of_person")],
            },
        ),
        migrations.CreateModel(
            name="Report",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="about",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="what was noticed")),
                ("evidence", models.TextField(max_length=4000, verbose_name="evidence")),
                ("seen_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="noticed on")),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.clause",
                        verbose_name="clause",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("dismissed", "Dismissed")],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, editable=False, max_length=400, verbose_name="reason of the decision"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "report about a colleague",
                "abstract": False,
            },
        ),
    ]
