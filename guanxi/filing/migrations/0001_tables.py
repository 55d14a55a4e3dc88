from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.filing.models.registration
import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("filing", "0001_initial"),
        ("filing", "0002_tasks"),
        ("filing", "0003_inspection"),
        ("filing", "0004_forms"),
        ("filing", "0005_one_ledger"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sales", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="InspectionPlan",
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
                    "period",
                    models.CharField(
                        choices=[("weekly", "Every week"), ("monthly", "Every month")],
                        default="weekly",
                        max_length=7,
                        verbose_name="period",
                    ),
                ),
                (
                    "files",
                    models.CharField(
                        choices=[("new", "New files of the period"), ("all", "All files")],
                        default="new",
                        max_length=3,
                        verbose_name="files",
                    ),
                ),
                (
                    "share",
                    models.PositiveSmallIntegerField(
                        default=100,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="share inspected (%)",
                    ),
                ),
                ("checks", guanxi.kernel.models.base.TagsField(blank=True, default=list, verbose_name="checks")),
                ("fix_days", models.PositiveSmallIntegerField(default=3, verbose_name="working days to mend")),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
            ],
            options={
                "verbose_name": "inspection plan",
            },
        ),
        migrations.CreateModel(
            name="Inspection",
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
                ("number", models.CharField(editable=False, max_length=30, verbose_name="number")),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filing.inspectionplan",
                        verbose_name="inspection plan",
                    ),
                ),
                ("first", models.DateField(editable=False, verbose_name="from")),
                ("last", models.DateField(editable=False, verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done")],
                        default="running",
                        editable=False,
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("files", models.PositiveIntegerField(default=0, editable=False, verbose_name="files")),
                ("inspected", models.PositiveIntegerField(default=0, editable=False, verbose_name="inspected")),
                ("defective", models.PositiveIntegerField(default=0, editable=False, verbose_name="defective")),
                ("done_on", models.DateField(editable=False, null=True, verbose_name="done on")),
            ],
            options={
                "verbose_name": "inspection",
                "abstract": False,
                "indexes": [models.Index(fields=["company", "plan", "first"], name="inspection_of_plan")],
            },
        ),
        migrations.CreateModel(
            name="InspectedFile",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drawn", to="filing.inspection"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.account"
                    ),
                ),
                (
                    "accountant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("conforming", models.BooleanField(null=True)),
            ],
            options={
                "verbose_name": "inspected file",
                "indexes": [models.Index(fields=["accountant", "id"], name="inspectedfile_of")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
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
                    "inspection",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="filing.inspection",
                        verbose_name="inspection",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "Missing"),
                            ("impossible", "Impossible"),
                            ("duplicate", "Duplicate"),
                            ("fictitious", "Fictitious"),
                            ("misbooked", "Misbooked sale"),
                            ("untrue", "Untrue"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="defect",
                    ),
                ),
                ("field", models.CharField(editable=False, max_length=40, verbose_name="field")),
                ("text", models.CharField(editable=False, max_length=300, verbose_name="what is wrong")),
                (
                    "other",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="other file",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("walk_in", "Walk-in"),
                            ("field", "Field"),
                            ("phone", "By phone"),
                            ("exhibition", "Exhibition"),
                            ("online", "Online self-registration"),
                            ("settlement", "Settlement"),
                            ("verification", "Verification"),
                            ("filing", "Filing"),
                        ],
                        default="filing",
                        editable=False,
                        max_length=12,
                        verbose_name="origin of the fact",
                    ),
                ),
                (
                    "found_on",
                    models.DateField(default=guanxi.kernel.clock.today, editable=False, verbose_name="found on"),
                ),
                ("due_on", models.DateField(editable=False, verbose_name="mend by")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("fixed", "Mended"), ("objected", "Objected"), ("closed", "Closed")],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("note", models.CharField(blank=True, editable=False, max_length=400, verbose_name="note")),
                ("sent_back", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="sent back")),
                ("rechecked_on", models.DateField(editable=False, null=True, verbose_name="re-inspected on")),
                ("overdue_on", models.DateField(editable=False, null=True, verbose_name="noted as overdue")),
            ],
            options={
                "verbose_name": "finding",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "state", "due_on"],
                        name="finding_by_state",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "found_on"], name="finding_by_day"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), models.Q(("state", "closed"), _negated=True)),
                        fields=("account", "kind", "field"),
                        name="finding_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "inspection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectifications",
                        to="filing.inspection",
                        verbose_name="inspection",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="reason")),
                ("meeting_on", models.DateField(blank=True, null=True, verbose_name="meeting on")),
                ("measures", models.TextField(blank=True, max_length=4000, verbose_name="measures")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=14, verbose_name="costs"
                    ),
                ),
            ],
            options={
                "verbose_name": "rectification",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RectificationCost",
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
                    "rectification",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="costs",
                        to="filing.rectification",
                        verbose_name="rectification",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("travel", "Travel"), ("lodging", "Lodging"), ("meals", "Meals"), ("other", "Other")],
                        default="travel",
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=120, verbose_name="description")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="amount",
                    ),
                ),
            ],
            options={
                "verbose_name": "rectification cost",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Exhibition",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("starts_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("questions", models.JSONField(blank=True, default=list, verbose_name="questionnaire")),
                ("remark", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
            ],
            options={
                "verbose_name": "exhibition",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JoinLink",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.channel",
                        verbose_name="sales channel",
                    ),
                ),
                (
                    "exhibition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="filing.exhibition",
                        verbose_name="exhibition",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=guanxi.filing.models.registration.new_token, editable=False, max_length=40, unique=True
                    ),
                ),
                (
                    "consent",
                    models.TextField(
                        blank=True,
                        help_text="Empty: the standard text.",
                        max_length=1000,
                        verbose_name="consent and its purpose",
                    ),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="open until")),
                ("is_open", models.BooleanField(default=True, verbose_name="open")),
            ],
            options={
                "verbose_name": "self-registration link",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JoinAttempt",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="filing.joinlink",
                    ),
                ),
                ("address", models.CharField(max_length=32)),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["link", "address", "at"], name="joinattempt_address"),
                    models.Index(fields=["at"], name="joinattempt_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                    models.CharField(blank=True, editable=False, max_length=30, verbose_name="registration number"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("phone", models.CharField(max_length=40, verbose_name="phone")),
                ("need", models.TextField(max_length=1000, verbose_name="need")),
                ("organisation", models.CharField(blank=True, max_length=120, verbose_name="company")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.source",
                        verbose_name="how they heard of us",
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=120, verbose_name="details of the source")),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.channel",
                        verbose_name="sales channel",
                    ),
                ),
                ("interest", models.CharField(blank=True, max_length=200, verbose_name="interested in")),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("visit", "Visit"),
                            ("interview", "Interview"),
                            ("questionnaire", "Questionnaire"),
                            ("sales", "Sales record"),
                            ("service", "Service record"),
                            ("web", "Web behaviour"),
                            ("import", "Import"),
                            ("other", "Other"),
                        ],
                        max_length=14,
                        verbose_name="collected by",
                    ),
                ),
                (
                    "collected_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="registered by",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("walk_in", "Walk-in"),
                            ("field", "Field"),
                            ("phone", "By phone"),
                            ("exhibition", "Exhibition"),
                            ("online", "Online self-registration"),
                            ("settlement", "Settlement"),
                            ("verification", "Verification"),
                            ("filing", "Filing"),
                        ],
                        default="walk_in",
                        max_length=12,
                        verbose_name="origin",
                    ),
                ),
                (
                    "exhibition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="filing.exhibition",
                        verbose_name="exhibition",
                    ),
                ),
                ("answers", models.JSONField(blank=True, default=list, verbose_name="answers")),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                (
                    "registered_on",
                    models.DateField(default=guanxi.kernel.clock.today, editable=False, verbose_name="registered on"),
                ),
                ("due_at", models.DateTimeField(editable=False, null=True, verbose_name="file by")),
                ("late_at", models.DateTimeField(editable=False, null=True, verbose_name="noted as late")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Registered"), ("filed", "Filed"), ("void", "Void")],
                        default="open",
                        editable=False,
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="customers.account",
                        verbose_name="customer file",
                    ),
                ),
                ("filed_at", models.DateTimeField(editable=False, null=True, verbose_name="filed at")),
                (
                    "filed_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="filed by",
                    ),
                ),
                ("suppliers", models.JSONField(default=dict, editable=False)),
                ("consented_at", models.DateTimeField(editable=False, null=True, verbose_name="consented at")),
                ("consent", models.TextField(blank=True, editable=False, verbose_name="consent and its purpose")),
                ("edit_key", models.CharField(blank=True, editable=False, max_length=40)),
            ],
            options={
                "verbose_name": "registration",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "department", "registered_on"],
                        name="registration_by_day",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["company", "due_at"],
                        name="registration_open",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "phone"], name="registration_phone"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("company", "number"),
                        name="registration_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FactSource",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("field", models.CharField(editable=False, max_length=40, verbose_name="field")),
                (
                    "supplied_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="supplied by",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("walk_in", "Walk-in"),
                            ("field", "Field"),
                            ("phone", "By phone"),
                            ("exhibition", "Exhibition"),
                            ("online", "Online self-registration"),
                            ("settlement", "Settlement"),
                            ("verification", "Verification"),
                            ("filing", "Filing"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="origin",
                    ),
                ),
                ("on", models.DateField(default=guanxi.kernel.clock.today, editable=False, verbose_name="date")),
                (
                    "registration",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="filing.registration",
                        verbose_name="registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "source of a fact",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["account", "field", "-id"], name="factsource_of"),
                    models.Index(fields=["company", "origin", "on"], name="factsource_origin"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilingRules",
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
                ("valid_from", models.DateField(default=guanxi.kernel.clock.today, verbose_name="valid from")),
                (
                    "due_at",
                    models.CharField(
                        default="18:00",
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^([01]\\d|2[0-3]):[0-5]\\d\\Z", "Write a time of day such as 18:00."
                            )
                        ],
                        verbose_name="registrations are filed by",
                    ),
                ),
                (
                    "recheck_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        help_text="Where the class of a customer says nothing else.",
                        verbose_name="re-verify every (days)",
                    ),
                ),
                (
                    "complete_from",
                    models.PositiveSmallIntegerField(
                        default=100,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="a file is complete from (%)",
                    ),
                ),
                (
                    "task_days",
                    models.PositiveSmallIntegerField(default=15, verbose_name="working days for a verification"),
                ),
                (
                    "join_hourly",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="self-registrations an hour from one address"
                    ),
                ),
                (
                    "join_hourly_link",
                    models.PositiveSmallIntegerField(
                        default=300, verbose_name="self-registrations an hour through one link"
                    ),
                ),
                (
                    "edit_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="days a customer’s own link works"),
                ),
                (
                    "streak",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="consecutive defects that count",
                    ),
                ),
                (
                    "streak_points",
                    models.DecimalField(
                        decimal_places=2, default=20, max_digits=8, verbose_name="amount for each of them"
                    ),
                ),
                (
                    "untrue_points",
                    models.DecimalField(
                        decimal_places=2, default=20, max_digits=8, verbose_name="amount for untrue facts"
                    ),
                ),
                (
                    "not_done_points",
                    models.DecimalField(
                        decimal_places=2, default=20, max_digits=8, verbose_name="amount for results not carried out"
                    ),
                ),
                (
                    "clean_points",
                    models.DecimalField(
                        decimal_places=2, default=20, max_digits=8, verbose_name="reward for a month without defects"
                    ),
                ),
                (
                    "clean_from",
                    models.PositiveSmallIntegerField(default=10, verbose_name="files a month that earn the reward"),
                ),
                (
                    "deviation",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="defect rate that calls for rectification (%)"
                    ),
                ),
                (
                    "deviation_from",
                    models.PositiveSmallIntegerField(default=5, verbose_name="files from which a rate counts"),
                ),
            ],
            options={
                "verbose_name": "filing rules",
                "ordering": ["-valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "valid_from"),
                        name="filingrules_from",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recheck",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="recheck",
                        serialize=False,
                        to="customers.account",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("next_check_on", models.DateField(null=True, verbose_name="next verification")),
            ],
            options={
                "verbose_name": "re-verification",
                "indexes": [models.Index(fields=["next_check_on", "account"], name="recheck_by_day")],
            },
        ),
        migrations.CreateModel(
            name="FileTask",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file_tasks",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("e_commerce", "E-commerce file"), ("return_visit", "Return visit")],
                        default="return_visit",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done")],
                        default="open",
                        editable=False,
                        max_length=4,
                        verbose_name="state",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("corrected", "Corrected"),
                            ("untrue", "Particulars untrue"),
                            ("unreachable", "Not reached"),
                        ],
                        editable=False,
                        max_length=11,
                        verbose_name="result",
                    ),
                ),
                (
                    "talk",
                    models.TextField(
                        blank=True, editable=False, max_length=4000, verbose_name="talk with the customer"
                    ),
                ),
                ("done_on", models.DateField(editable=False, null=True, verbose_name="done on")),
            ],
            options={
                "verbose_name": "file verification",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["company", "due_on"],
                        name="filetask_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=("account", "kind"),
                        name="filetask_one_open",
                    )
                ],
            },
        ),
    ]
