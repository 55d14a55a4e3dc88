import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("erp", "0001_initial"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ErpLink",
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
                    "what",
                    models.CharField(
                        choices=[
                            ("customers.account", "Customers"),
                            ("catalog.product", "Products"),
                            ("sales.order", "Orders"),
                            ("sales.receipt", "Receipts"),
                        ],
                        max_length=40,
                        verbose_name="objects",
                    ),
                ),
                (
                    "folder",
                    models.CharField(
                        help_text="Below erp/<company> in the data directory; in, out, done and failed are made in it.",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9-]*$", "Small letters, digits and hyphens."
                            )
                        ],
                        verbose_name="folder",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "From the ERP"), ("out", "To the ERP"), ("both", "Both ways")],
                        default="both",
                        max_length=4,
                        verbose_name="direction",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "XLSX")], default="csv", max_length=4, verbose_name="format"
                    ),
                ),
                (
                    "leader",
                    models.CharField(
                        choices=[("erp", "The ERP"), ("here", "This system")],
                        default="erp",
                        help_text="Where this system leads, files bring what is new and change nothing.",
                        max_length=4,
                        verbose_name="leading system",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="By which rows are found again; the number or code if left empty.",
                        max_length=60,
                        verbose_name="key field",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Files are taken in and written with this person's rights.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="acts as",
                    ),
                ),
                (
                    "match",
                    models.BooleanField(
                        default=False,
                        help_text="New receipts pay the open orders that are due first.",
                        verbose_name="match receipts",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "sent_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="written until"),
                ),
            ],
            options={
                "verbose_name": "ERP exchange",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "folder"),
                        name="erplink_folder",
                        violation_error_message="Another exchange uses this folder.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ErpRun",
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
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="erp.erplink",
                        verbose_name="ERP exchange",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "From the ERP"), ("out", "To the ERP"), ("both", "Both ways")],
                        max_length=4,
                        verbose_name="direction",
                    ),
                ),
                ("file", models.CharField(max_length=200, verbose_name="file")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="content (SHA-256)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("partly", "Done in part"),
                            ("failed", "Failed"),
                            ("known", "Known already"),
                        ],
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("added", models.PositiveIntegerField(default=0, verbose_name="new rows")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed rows")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="rows in error")),
                ("written", models.PositiveIntegerField(default=0, verbose_name="rows written")),
                ("message", models.CharField(blank=True, max_length=400, verbose_name="message")),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.job",
                    ),
                ),
            ],
            options={
                "verbose_name": "ERP file",
                "indexes": [
                    models.Index(
                        models.F("link"), models.OrderBy(models.F("created_at"), descending=True), name="erprun_newest"
                    )
                ],
            },
        ),
    ]
