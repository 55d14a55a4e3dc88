import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.corrections.protections
import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("corrections", "0001_corrections"),
    ]

    initial = True

    dependencies = [
        ("approvals", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
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
                    "label",
                    models.CharField(
                        choices=guanxi.corrections.protections.kinds, max_length=60, verbose_name="kind of record"
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="record")),
                ("customer", models.CharField(blank=True, max_length=200, verbose_name="customer")),
                (
                    "field",
                    models.CharField(
                        choices=guanxi.corrections.protections.field_choices, max_length=40, verbose_name="field"
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=200, verbose_name="before")),
                ("after", models.CharField(blank=True, max_length=200, verbose_name="after")),
                (
                    "difference",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="difference"
                    ),
                ),
                ("dated_on", models.DateField(null=True, verbose_name="date of the record")),
                ("days", models.PositiveIntegerField(default=0, verbose_name="days after the record’s date")),
                ("in_closed", models.BooleanField(default=False, verbose_name="in a closed month")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web"),
                            ("api", "Interface for programs"),
                            ("import", "Import"),
                            ("job", "Background work"),
                            ("shell", "Command line"),
                        ],
                        max_length=10,
                        verbose_name="came through",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason")),
                (
                    "approval",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.approval",
                        verbose_name="approval",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["company", "-created_at"], name="correction_by_time"),
                    models.Index(fields=["object_id"], name="correction_of_record"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionRule",
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
                    "label",
                    models.CharField(
                        choices=guanxi.corrections.protections.kinds, max_length=60, verbose_name="kind of record"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        choices=guanxi.corrections.protections.field_choices,
                        help_text="Left empty: every protected field.",
                        max_length=40,
                        verbose_name="field",
                    ),
                ),
                (
                    "from_days",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Earlier changes are only written down.",
                        verbose_name="from days after the record’s date",
                    ),
                ),
                (
                    "from_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of the record; left empty: any amount.",
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="from amount",
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
            ],
            options={
                "verbose_name": "rule for corrections",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "label", "field"),
                        name="one_correction_rule",
                    )
                ],
            },
        ),
    ]
