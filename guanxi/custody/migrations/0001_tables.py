from decimal import Decimal

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
        ("custody", "0001_watch"),
        ("custody", "0002_loans"),
        ("custody", "0003_visits"),
        ("custody", "0004_reviews"),
        ("custody", "0005_moved_visits"),
    ]

    initial = True

    dependencies = [
        ("approvals", "0001_tables"),
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardLoan",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loans",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("purpose", models.CharField(editable=False, max_length=400, verbose_name="purpose")),
                ("starts_on", models.DateField(blank=True, editable=False, null=True, verbose_name="lent on")),
                ("until", models.DateField(editable=False, verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("lent", "On loan"),
                            ("expired", "Ended, not handed back"),
                            ("returned", "Handed back"),
                            ("refused", "Not lent"),
                        ],
                        default="asked",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "approval",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.approval",
                        verbose_name="approval",
                    ),
                ),
                ("returned_on", models.DateField(blank=True, editable=False, null=True, verbose_name="handed back on")),
                (
                    "result",
                    models.CharField(blank=True, editable=False, max_length=400, verbose_name="what it was used for"),
                ),
                ("opened", models.PositiveIntegerField(default=0, editable=False, verbose_name="times opened")),
                (
                    "opened_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last opened at"),
                ),
            ],
            options={
                "verbose_name": "loan of a card",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "lent")), fields=["owner", "until"], name="cardloan_running"
                    ),
                    models.Index(fields=["account"], name="cardloan_of_account"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardReview",
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
                ("week", models.DateField(editable=False, verbose_name="week from")),
                (
                    "reviewer",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
                ("looked", models.PositiveSmallIntegerField(editable=False, verbose_name="cards looked at")),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        editable=False,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="card keeping (of 100)",
                    ),
                ),
                ("remark", models.CharField(blank=True, editable=False, max_length=1000, verbose_name="remark")),
            ],
            options={
                "verbose_name": "review of cards",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("owner", "week"), name="cardreview_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DayTalk",
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
                ("day", models.DateField(editable=False, verbose_name="day discussed")),
                (
                    "held_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="held by",
                    ),
                ),
                (
                    "ordered",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="orders of the day",
                    ),
                ),
                (
                    "received",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="receipts of the day",
                    ),
                ),
                ("note", models.TextField(editable=False, max_length=2000, verbose_name="note")),
            ],
            options={
                "verbose_name": "talk on a day",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("owner", "day"), name="daytalk_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
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
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=1, verbose_name="order")),
                (
                    "overdue",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="overdue when drafted",
                    ),
                ),
                ("oldest_due_on", models.DateField(editable=False, verbose_name="oldest due")),
                ("planned_on", models.DateField(verbose_name="to collect on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "To collect"),
                            ("done", "Settled"),
                            ("promised", "Promised"),
                            ("disputed", "Disputed"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("promised_on", models.DateField(blank=True, editable=False, null=True, verbose_name="promised for")),
                ("result", models.CharField(blank=True, editable=False, max_length=400, verbose_name="result")),
            ],
            options={
                "verbose_name": "collection",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("state", "planned")),
                        fields=("account",),
                        name="collection_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SalesPlan",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("quarter", models.PositiveSmallIntegerField(verbose_name="quarter")),
                (
                    "before",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="same quarter of the year before",
                    ),
                ),
                (
                    "target",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="planned"),
                ),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
            ],
            options={
                "verbose_name": "sales plan",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("owner", "year", "quarter"),
                        name="salesplan_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("quarter__range", (1, 4))), name="salesplan_quarter"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Safeguard",
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
                    "export_rows",
                    models.PositiveIntegerField(
                        default=500,
                        help_text="A larger export needs an approval.",
                        verbose_name="export without approval up to (rows)",
                    ),
                ),
                (
                    "export_daily",
                    models.PositiveIntegerField(
                        default=2000,
                        help_text="Per person; 0: no limit.",
                        verbose_name="exported without approval in a day (rows)",
                    ),
                ),
                ("opened_hour", models.PositiveIntegerField(default=300, verbose_name="cards opened in an hour")),
                ("opened_day", models.PositiveIntegerField(default=1000, verbose_name="cards opened in a day")),
                ("listed_hour", models.PositiveIntegerField(default=10000, verbose_name="rows listed in an hour")),
                ("listed_day", models.PositiveIntegerField(default=30000, verbose_name="rows listed in a day")),
                (
                    "warn_percent",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="tell the head from (% of a limit)",
                    ),
                ),
                ("loan_days", models.PositiveSmallIntegerField(default=30, verbose_name="longest loan (days)")),
            ],
            options={
                "verbose_name": "limits of reading and exporting",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("hour", models.PositiveSmallIntegerField(verbose_name="hour")),
                ("opened", models.PositiveIntegerField(default=0, verbose_name="cards opened")),
                ("listed", models.PositiveIntegerField(default=0, verbose_name="rows listed")),
                ("exported", models.PositiveIntegerField(default=0, verbose_name="rows exported")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "day", "hour"), name="tally_hour")],
            },
        ),
        migrations.CreateModel(
            name="Flag",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened_hour", "Cards opened in an hour"),
                            ("opened_day", "Cards opened in a day"),
                            ("listed_hour", "Rows listed in an hour"),
                            ("listed_day", "Rows listed in a day"),
                            ("exported", "Rows exported in a day"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("warning", "Stands out"), ("stopped", "Stopped")],
                        editable=False,
                        max_length=8,
                        verbose_name="consequence",
                    ),
                ),
                ("day", models.DateField(editable=False, verbose_name="day")),
                ("number", models.PositiveIntegerField(default=0, editable=False, verbose_name="reached")),
                ("allowed", models.PositiveIntegerField(default=0, editable=False, verbose_name="limit")),
                ("turn", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("lifted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="lifted at")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                ("remark", models.CharField(blank=True, editable=False, max_length=400, verbose_name="remark")),
            ],
            options={
                "verbose_name": "unusual reading or export",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "day", "kind", "level", "turn"), name="flag_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportLog",
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
                ("number", models.CharField(editable=False, max_length=40, verbose_name="number")),
                ("what", models.CharField(editable=False, max_length=60, verbose_name="what")),
                ("sentence", models.TextField(blank=True, editable=False, verbose_name="filter")),
                ("words", models.CharField(blank=True, editable=False, max_length=100, verbose_name="search words")),
                ("fields", models.TextField(blank=True, editable=False, verbose_name="columns")),
                ("kind", models.CharField(editable=False, max_length=8, verbose_name="format")),
                ("rows", models.PositiveIntegerField(default=0, editable=False, verbose_name="rows")),
                (
                    "sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="hash of the file"),
                ),
                (
                    "approval",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.approval",
                        verbose_name="approval",
                    ),
                ),
                ("job_id", models.BigIntegerField(editable=False, null=True)),
                ("written_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="written at")),
                (
                    "fetched_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last fetched at"),
                ),
                ("fetched", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="times fetched")),
            ],
            options={
                "verbose_name": "export",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("job_id__isnull", False)),
                        fields=["company", "job_id"],
                        name="export_of_job",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "number"), name="export_number")],
            },
        ),
    ]
