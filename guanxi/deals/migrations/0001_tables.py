from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.customers.models.fields
import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("deals", "0001_initial"),
    ]

    initial = True

    dependencies = [
        ("catalog", "0001_tables"),
        ("customers", "0001_tables"),
        ("interactions", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("pool", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pipeline",
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
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("remark", models.TextField(blank=True, max_length=1000, verbose_name="remark")),
            ],
            options={
                "verbose_name": "pipeline",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="pipeline_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
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
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="deals.pipeline",
                        verbose_name="pipeline",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
                ("probability", models.PositiveSmallIntegerField(default=10, verbose_name="probability (%)")),
                (
                    "stalled_after_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=30,
                        help_text="Empty: never.",
                        null=True,
                        verbose_name="stalled after (days)",
                    ),
                ),
                (
                    "needs",
                    guanxi.kernel.models.base.TagsField(
                        blank=True, default=list, verbose_name="evidence before the next stage"
                    ),
                ),
                ("advice", models.CharField(blank=True, max_length=300, verbose_name="what to do in this stage")),
            ],
            options={
                "verbose_name": "sales stage",
                "ordering": ["pipeline__position", "pipeline", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("pipeline", "name"), name="stage_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__lte", 100)),
                        name="stage_probability",
                        violation_error_message="A probability lies between 0 and 100 %.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LossReason",
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
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "loss reason",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="loss_reason_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opportunity",
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
                        verbose_name="opportunity number",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opportunities",
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
                    "pipeline",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the first one in use.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.pipeline",
                        verbose_name="pipeline",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opportunities",
                        to="deals.stage",
                        verbose_name="stage",
                    ),
                ),
                (
                    "entered_on",
                    models.DateField(
                        default=guanxi.kernel.clock.today, editable=False, verbose_name="in the stage since"
                    ),
                ),
                ("stalled_on", models.DateField(blank=True, editable=False, null=True, verbose_name="stalled from")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        editable=False,
                        max_length=4,
                        verbose_name="state",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="amount"),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("begun_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="begun on")),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="expected close")),
                (
                    "own_probability",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Takes the place of the stage’s probability.",
                        null=True,
                        verbose_name="own estimate (%)",
                    ),
                ),
                (
                    "probability",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="probability (%)"),
                ),
                (
                    "forecast",
                    models.CharField(
                        choices=[
                            ("commit", "Commit"),
                            ("best", "Best case"),
                            ("pipeline", "In the pipeline"),
                            ("omitted", "Left out"),
                        ],
                        default="pipeline",
                        max_length=8,
                        verbose_name="forecast",
                    ),
                ),
                (
                    "importance",
                    models.CharField(
                        choices=[("1", "High"), ("2", "Medium"), ("3", "Low")],
                        default="2",
                        max_length=1,
                        verbose_name="importance",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("1", "First"), ("2", "Normal"), ("3", "Later")],
                        default="2",
                        max_length=1,
                        verbose_name="priority",
                    ),
                ),
                (
                    "competitor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="interactions.competitor",
                        verbose_name="competitor",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.source",
                        verbose_name="source",
                    ),
                ),
                ("campaign", models.CharField(blank=True, max_length=80, verbose_name="campaign")),
                ("next_step", models.CharField(blank=True, max_length=200, verbose_name="next step")),
                ("next_contact_on", models.DateField(blank=True, null=True, verbose_name="next contact")),
                (
                    "last_contact_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last contact"),
                ),
                ("need", models.TextField(blank=True, max_length=2000, verbose_name="need")),
                ("remark", models.TextField(blank=True, max_length=4000, verbose_name="remark")),
                (
                    "loss_reason",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.lossreason",
                        verbose_name="loss reason",
                    ),
                ),
                (
                    "loss_text",
                    models.CharField(blank=True, editable=False, max_length=400, verbose_name="how it was lost"),
                ),
                ("won_on", models.DateField(blank=True, editable=False, null=True, verbose_name="won on")),
                ("lost_on", models.DateField(blank=True, editable=False, null=True, verbose_name="lost on")),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at")),
            ],
            options={
                "verbose_name": "opportunity",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["company", "expected_on"],
                        name="opportunity_expected",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["company", "stage"],
                        name="opportunity_by_stage",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), models.Q(("state", "open"), _negated=True)),
                        fields=["company", "closed_at"],
                        name="opportunity_closed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "number"),
                        name="opportunity_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="opportunity_amount",
                        violation_error_message="An amount cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("own_probability", None), ("own_probability__lte", 100), _connector="OR"),
                        name="opportunity_probability",
                        violation_error_message="A probability lies between 0 and 100 %.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpportunityLine",
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
                    "opportunity",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="deals.opportunity",
                        verbose_name="opportunity",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                        blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="unit price"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), editable=False, max_digits=18, verbose_name="amount"
                    ),
                ),
            ],
            options={
                "verbose_name": "opportunity line",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__gt", 0), models.Q(("price", None), ("price__gte", 0), _connector="OR")
                        ),
                        name="opportunityline_positive",
                        violation_error_message="Quantity and price cannot be negative.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StageMove",
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
                    "opportunity",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="deals.opportunity",
                        verbose_name="opportunity",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("begun", "Begun"),
                            ("advanced", "Advanced"),
                            ("back", "Set back"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("reopened", "Reopened"),
                        ],
                        editable=False,
                        max_length=8,
                        verbose_name="step",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.stage",
                        verbose_name="from stage",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.stage",
                        verbose_name="to stage",
                    ),
                ),
                ("on", models.DateField(default=guanxi.kernel.clock.today, editable=False, verbose_name="day")),
                (
                    "moved_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="moved by",
                    ),
                ),
                (
                    "days",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="days in the stage before"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=18,
                        verbose_name="amount then",
                    ),
                ),
                ("reason", models.CharField(blank=True, editable=False, max_length=400, verbose_name="reason")),
            ],
            options={
                "verbose_name": "stage move",
                "indexes": [
                    models.Index(
                        models.F("opportunity"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="move_of_opportunity",
                    ),
                    models.Index(fields=["company", "on"], name="move_by_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvalidReason",
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
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "reason of invalid leads",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="invalid_reason_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lead",
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
                        choices=[("company", "Company"), ("person", "Person")],
                        default="company",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_key", guanxi.customers.models.fields.NameKey(blank=True, editable=False, max_length=120)),
                ("person", models.CharField(blank=True, max_length=60, verbose_name="contact person")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                ("mobile", models.CharField(blank=True, max_length=40, verbose_name="mobile")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="website")),
                ("region_code", models.CharField(blank=True, max_length=6, verbose_name="region")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "Agriculture, forestry, fishing"),
                            ("B", "Mining"),
                            ("C", "Manufacturing"),
                            ("D", "Electricity, heat, gas, water"),
                            ("E", "Construction"),
                            ("F", "Wholesale and retail"),
                            ("G", "Transport and logistics"),
                            ("H", "Hotels and catering"),
                            ("I", "Information technology and software"),
                            ("J", "Finance and insurance"),
                            ("K", "Real estate"),
                            ("L", "Leasing and business services"),
                            ("M", "Research and technical services"),
                            ("N", "Water, environment, public facilities"),
                            ("O", "Repair and services for residents"),
                            ("P", "Education"),
                            ("Q", "Health and social work"),
                            ("R", "Culture, sport, entertainment"),
                            ("S", "Public administration"),
                            ("T", "International organisations"),
                        ],
                        max_length=1,
                        verbose_name="industry",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.source",
                        verbose_name="source",
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=120, verbose_name="details of the source")),
                ("campaign", models.CharField(blank=True, max_length=80, verbose_name="campaign")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("form", "Entered by hand"),
                            ("import", "Import"),
                            ("mail", "Letter by e-mail"),
                            ("web", "Public form"),
                            ("card", "Business card"),
                            ("api", "Interface for programs"),
                        ],
                        default="form",
                        editable=False,
                        max_length=6,
                        verbose_name="came in by",
                    ),
                ),
                ("need", models.TextField(blank=True, max_length=2000, verbose_name="need")),
                (
                    "importance",
                    models.CharField(
                        choices=[("1", "High"), ("2", "Medium"), ("3", "Low")],
                        default="2",
                        max_length=1,
                        verbose_name="importance",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("1", "First"), ("2", "Normal"), ("3", "Later")],
                        default="2",
                        max_length=1,
                        verbose_name="priority",
                    ),
                ),
                ("next_contact_on", models.DateField(blank=True, null=True, verbose_name="next contact")),
                (
                    "last_contact_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last contact"),
                ),
                ("tags", guanxi.kernel.models.base.TagsField(blank=True, default=list, verbose_name="tags")),
                ("remark", models.TextField(blank=True, max_length=4000, verbose_name="remark")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("converted", "Converted"), ("invalid", "Invalid")],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "invalid_reason",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deals.invalidreason",
                        verbose_name="reason why invalid",
                    ),
                ),
                (
                    "invalid_text",
                    models.CharField(blank=True, editable=False, max_length=400, verbose_name="why it is invalid"),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="customers.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="deals.opportunity",
                        verbose_name="opportunity",
                    ),
                ),
                (
                    "recycle_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="expected recycling"),
                ),
                ("warned_on", models.DateField(blank=True, editable=False, null=True, verbose_name="warned on")),
            ],
            options={
                "verbose_name": "lead",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "name_key"], name="lead_name_key"
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "state", "next_contact_on"],
                        name="lead_by_next",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["company", "recycle_on"],
                        name="lead_recycling",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadNote",
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
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="deals.lead",
                        verbose_name="lead",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("sms", "Text message"),
                            ("social", "Social media"),
                            ("chat", "Online chat"),
                            ("fax", "Fax"),
                            ("letter", "Letter"),
                            ("visit", "Visit"),
                            ("meeting", "Meeting"),
                            ("other", "Other"),
                        ],
                        default="phone",
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now, verbose_name="at")),
                ("content", models.TextField(max_length=2000, verbose_name="content")),
                ("next_contact_on", models.DateField(blank=True, null=True, verbose_name="next contact")),
            ],
            options={
                "verbose_name": "follow-up of a lead",
                "abstract": False,
                "indexes": [
                    models.Index(
                        models.F("lead"), models.OrderBy(models.F("at"), descending=True), name="note_of_lead"
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "at"], name="note_by_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssignmentRule",
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
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="switched on")),
                ("where", models.JSONField(blank=True, default=dict, verbose_name="which leads")),
                (
                    "method",
                    models.CharField(
                        choices=[("turn", "In turn"), ("load", "Whoever has the fewest open leads")],
                        default="turn",
                        help_text="With one candidate it is always that person.",
                        max_length=4,
                        verbose_name="who gets it",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Only people of this department and those below it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="department",
                    ),
                ),
                ("last_given", models.BigIntegerField(editable=False, null=True)),
                (
                    "people",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="people"
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment rule",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "name"),
                        name="assignment_rule_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadRecycleRule",
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
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="order")),
                (
                    "pool",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the default pool.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lead_rules",
                        to="pool.pool",
                        verbose_name="into the pool",
                    ),
                ),
                ("where", models.JSONField(blank=True, default=dict, verbose_name="which leads")),
                ("days", models.PositiveSmallIntegerField(default=15, verbose_name="days")),
                (
                    "warn_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="So many days before, at the latest, the owner is told.",
                        verbose_name="warning days",
                    ),
                ),
                ("is_active", models.BooleanField(default=False, verbose_name="switched on")),
            ],
            options={
                "verbose_name": "recycle rule for leads",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "name"),
                        name="lead_recycle_rule_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadStay",
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
                ("name", models.CharField(editable=False, max_length=120, verbose_name="name")),
                (
                    "pool",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="pool.pool",
                        verbose_name="pool",
                    ),
                ),
                (
                    "entered_at",
                    models.DateTimeField(
                        default=guanxi.kernel.clock.now, editable=False, verbose_name="in the pool since"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[("returned", "Returned"), ("recycled", "Recycled"), ("unowned", "Without owner")],
                        editable=False,
                        max_length=8,
                        verbose_name="came by",
                    ),
                ),
                ("reason", models.CharField(blank=True, editable=False, max_length=80, verbose_name="return reason")),
                (
                    "details",
                    models.CharField(blank=True, editable=False, max_length=400, verbose_name="remark on the return"),
                ),
                (
                    "former_owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="former owner",
                    ),
                ),
                (
                    "former_department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="org.department",
                        verbose_name="former department",
                    ),
                ),
                (
                    "lead",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stay",
                        to="deals.lead",
                        verbose_name="lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "pool lead",
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.OrderBy(models.F("entered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="leadstay_by_entry",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadTenure",
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
                    "holder",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                ("since", models.DateField(default=guanxi.kernel.clock.today, editable=False, verbose_name="from")),
                ("until", models.DateField(blank=True, editable=False, null=True, verbose_name="until")),
                (
                    "began",
                    models.CharField(
                        choices=[
                            ("own", "Entered the customer"),
                            ("claimed", "Claimed"),
                            ("assigned", "Assigned"),
                            ("handed", "Handed over"),
                            ("returned", "Returned"),
                            ("recycled", "Recycled"),
                            ("changed", "Changed"),
                        ],
                        editable=False,
                        max_length=8,
                        verbose_name="came by",
                    ),
                ),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "Entered the customer"),
                            ("claimed", "Claimed"),
                            ("assigned", "Assigned"),
                            ("handed", "Handed over"),
                            ("returned", "Returned"),
                            ("recycled", "Recycled"),
                            ("changed", "Changed"),
                        ],
                        editable=False,
                        max_length=8,
                        verbose_name="ended by",
                    ),
                ),
                ("reason", models.CharField(blank=True, editable=False, max_length=400, verbose_name="reason")),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tenures",
                        to="deals.lead",
                        verbose_name="lead",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="deals.assignmentrule",
                        verbose_name="assignment rule",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
            ],
            options={
                "verbose_name": "time with a lead",
                "indexes": [models.Index(fields=["lead", "-id"], name="leadtenure_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("lead",), name="leadtenure_open"
                    )
                ],
            },
        ),
    ]
