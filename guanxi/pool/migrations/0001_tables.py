import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base
import guanxi.pool.models


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("pool", "0001_pools"),
        ("pool", "0002_one_default"),
        ("pool", "0003_leads"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pool",
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
                (
                    "content",
                    models.CharField(
                        choices=[("customers", "Customers"), ("leads", "Leads")],
                        default="customers",
                        max_length=9,
                        verbose_name="holds",
                    ),
                ),
                (
                    "hidden",
                    guanxi.kernel.models.base.TagsField(
                        blank=True, default=guanxi.pool.models._closed, verbose_name="hidden until claimed"
                    ),
                ),
                (
                    "holding_limit",
                    models.PositiveIntegerField(
                        blank=True, default=100, null=True, verbose_name="customers a person may hold"
                    ),
                ),
                (
                    "claims_per_day",
                    models.PositiveIntegerField(blank=True, default=10, null=True, verbose_name="claims a day"),
                ),
                (
                    "views_per_day",
                    models.PositiveIntegerField(
                        blank=True,
                        default=100,
                        help_text="Opening a customer of the pool counts once a day.",
                        null=True,
                        verbose_name="views a day",
                    ),
                ),
                (
                    "cool_down_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="So long the former owner may not claim the customer again.",
                        verbose_name="cool-down (days)",
                    ),
                ),
                ("is_default", models.BooleanField(default=False, editable=False, verbose_name="default pool")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("remark", models.TextField(blank=True, max_length=1000, verbose_name="remark")),
                (
                    "departments",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="org.department", verbose_name="departments"
                    ),
                ),
                (
                    "administrators",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="administrators"
                    ),
                ),
            ],
            options={
                "verbose_name": "pool",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="pool_name"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("is_default", True)),
                        fields=("company", "content"),
                        name="pool_default",
                        violation_error_message="Another pool is the default already; take it from that one first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnReason",
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
                "verbose_name": "return reason",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="return_reason_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stay",
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
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stay",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "pool customer",
                "indexes": [
                    models.Index(
                        models.F("company"),
                        models.OrderBy(models.F("entered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="stay_by_entry",
                    ),
                    models.Index(
                        models.F("pool"),
                        models.OrderBy(models.F("entered_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("deleted_at", None)),
                        name="stay_by_pool",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tenure",
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
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tenures",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "time of ownership",
                "indexes": [models.Index(fields=["account", "-id"], name="tenure_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("account",), name="tenure_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecycleRule",
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
                        related_name="rules",
                        to="pool.pool",
                        verbose_name="into the pool",
                    ),
                ),
                ("where", models.JSONField(blank=True, default=dict, verbose_name="which customers")),
                (
                    "count_from",
                    models.CharField(
                        default="last_contact_on",
                        help_text="Never from before the day on which the present owner got the customer.",
                        max_length=60,
                        verbose_name="days count from",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=30, verbose_name="days")),
                (
                    "warn_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="So many days before, at the latest, the owner is told.",
                        verbose_name="warning days",
                    ),
                ),
                ("is_active", models.BooleanField(default=False, verbose_name="switched on")),
            ],
            options={
                "verbose_name": "recycle rule",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="recycle_rule_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="watch",
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
                ("protected", models.BooleanField(default=False, verbose_name="protected from recycling")),
                ("recycle_on", models.DateField(null=True, verbose_name="expected recycling")),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="pool.recyclerule",
                        verbose_name="recycle rule",
                    ),
                ),
                ("warned_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "recycling of a customer",
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("recycle_on"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="watch_by_day",
                    ),
                    models.Index(
                        condition=models.Q(("recycle_on__isnull", False)),
                        fields=["company", "recycle_on"],
                        name="watch_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quota",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="pool.pool"
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
                ("day", models.DateField()),
                ("claims", models.PositiveIntegerField(default=0)),
                ("views", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "use of a pool",
                "constraints": [models.UniqueConstraint(fields=("user", "pool", "day"), name="quota_of_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Glance",
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
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.account",
                    ),
                ),
                ("day", models.DateField()),
            ],
            options={
                "verbose_name": "opened pool customer",
                "constraints": [models.UniqueConstraint(fields=("user", "account", "day"), name="glance_of_a_day")],
            },
        ),
    ]
