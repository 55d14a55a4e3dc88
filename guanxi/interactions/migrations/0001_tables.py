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
        ("interactions", "0001_initial"),
        ("interactions", "0002_service_lines"),
        ("interactions", "0003_opportunities"),
        ("interactions", "0004_approach_of_dealings"),
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
            name="Interaction",
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
                        related_name="interactions",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("general", "General action"),
                            ("inquiry", "Inquiry"),
                            ("offer", "Offer and negotiation"),
                            ("delivery", "Delivery and installation"),
                            ("care", "Care"),
                            ("service", "Service"),
                            ("payment", "Payment"),
                            ("visit", "Visit"),
                            ("return", "Return visit"),
                        ],
                        default="general",
                        max_length=8,
                        verbose_name="kind",
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
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "From us"), ("in", "From the customer")],
                        default="out",
                        max_length=3,
                        verbose_name="direction",
                    ),
                ),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now, verbose_name="at")),
                ("content", models.TextField(max_length=2000, verbose_name="content")),
                ("result", models.CharField(blank=True, max_length=400, verbose_name="result")),
                ("approach", models.CharField(blank=True, max_length=400, verbose_name="service approach next time")),
                ("next_contact_on", models.DateField(blank=True, null=True, verbose_name="next contact")),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes spent")),
                ("answer", models.TextField(blank=True, editable=False, max_length=2000, verbose_name="answer")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="answered at"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                ("label", models.CharField(blank=True, editable=False, max_length=60, verbose_name="kind of record")),
                ("object_id", models.BigIntegerField(blank=True, editable=False, null=True, verbose_name="record")),
            ],
            options={
                "verbose_name": "interaction",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "at", "id"],
                        name="interaction_by_time",
                    ),
                    models.Index(fields=["account", "at"], name="interaction_of_account"),
                    models.Index(fields=["owner", "at"], name="interaction_of_owner"),
                    models.Index(
                        condition=models.Q(("object_id__isnull", False)),
                        fields=["label", "object_id", "at"],
                        name="interaction_of_object",
                    ),
                    models.Index(
                        condition=models.Q(("answered_at", None), ("direction", "in")),
                        fields=["company", "at"],
                        name="interaction_unanswered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
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
                ("situation", models.CharField(max_length=60, verbose_name="situation")),
                ("text", models.CharField(max_length=400, verbose_name="text")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "service phrase",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceLine",
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
                ("number", models.CharField(max_length=40, verbose_name="phone number")),
                ("toll_free", models.BooleanField(default=False, verbose_name="toll-free")),
                ("complaints", models.BooleanField(default=False, verbose_name="takes complaints")),
                ("hours", models.CharField(max_length=100, verbose_name="hours")),
                ("content", models.CharField(max_length=400, verbose_name="what it is for")),
                (
                    "standard",
                    models.CharField(
                        help_text="E.g. answered within 20 seconds, back within a day.",
                        max_length=400,
                        verbose_name="service standard",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "service line",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceRequest",
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
                ("number", models.CharField(blank=True, editable=False, max_length=24, verbose_name="number")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
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
                ("problem", models.TextField(max_length=2000, verbose_name="problem")),
                (
                    "severity",
                    models.CharField(
                        choices=[("low", "Low"), ("normal", "Normal"), ("high", "High"), ("urgent", "Urgent")],
                        default="normal",
                        max_length=6,
                        verbose_name="severity",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due at")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("solved", "Solved")],
                        default="open",
                        editable=False,
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("solution", models.TextField(blank=True, editable=False, max_length=2000, verbose_name="solution")),
                ("solved_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="solved at")),
            ],
            options={
                "verbose_name": "service request",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["company", "due_at"],
                        name="servicerequest_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("company", "number"),
                        name="servicerequest_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnVisit",
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
                        related_name="return_visits",
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
                    "reason",
                    models.CharField(
                        choices=[
                            ("periodic", "Periodic"),
                            ("purchase", "After a purchase"),
                            ("solved", "After a solved deviation"),
                            ("data", "Incomplete data"),
                            ("contact", "New purchaser"),
                            ("annual", "Annual"),
                        ],
                        default="periodic",
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[("phone", "Phone"), ("mail", "Mail"), ("site", "On site")],
                        help_text="Empty: as the class asks.",
                        max_length=5,
                        verbose_name="way",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                ("occasion", models.CharField(blank=True, max_length=200, verbose_name="occasion")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        editable=False,
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="done at")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked back by",
                    ),
                ),
                ("usage", models.TextField(blank=True, max_length=1000, verbose_name="use of the products")),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="satisfaction (1 to 5)",
                    ),
                ),
                ("needs", models.TextField(blank=True, max_length=1000, verbose_name="changed needs")),
                ("opinion", models.TextField(blank=True, max_length=1000, verbose_name="opinion and suggestions")),
                (
                    "issue",
                    models.TextField(
                        blank=True,
                        help_text="Opens a service request in the same step.",
                        max_length=1000,
                        verbose_name="open issue",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="found_by",
                        to="interactions.servicerequest",
                        verbose_name="service request",
                    ),
                ),
            ],
            options={
                "verbose_name": "return visit",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["account", "due_on"], name="returnvisit_of_account"),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["owner", "due_on"],
                        name="returnvisit_due",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=["company", "due_on"],
                        name="returnvisit_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("state", "open")),
                        fields=("account", "reason"),
                        name="returnvisit_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction", None),
                            models.Q(("satisfaction__gte", 1), ("satisfaction__lte", 5)),
                            _connector="OR",
                        ),
                        name="returnvisit_satisfaction",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactRules",
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
                    "plan_required",
                    models.BooleanField(
                        default=False,
                        help_text="Without it, visits that nobody agreed to are only shown as such.",
                        verbose_name="visits need an agreed plan",
                    ),
                ),
                (
                    "purchase_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="return visit after a purchase within (days)"
                    ),
                ),
                (
                    "solved_days",
                    models.PositiveSmallIntegerField(
                        default=2, verbose_name="return visit after a solved deviation within (days)"
                    ),
                ),
                (
                    "gap_days",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="return visit about missing data or a new purchaser within (days)"
                    ),
                ),
                (
                    "annual_month",
                    models.PositiveSmallIntegerField(
                        default=11,
                        help_text="0: no annual round.",
                        validators=[django.core.validators.MaxValueValidator(12)],
                        verbose_name="month of the annual return visits",
                    ),
                ),
                (
                    "request_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="service requests are solved within (days)",
                    ),
                ),
                (
                    "silent_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="remind of customers without contact for (days)"
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of visits and return visits",
            },
        ),
        migrations.CreateModel(
            name="VisitPlan",
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
                            ("round", "Round of visits"),
                            ("research", "Market research"),
                            ("return", "Return visits"),
                            ("care", "Care campaign"),
                        ],
                        default="round",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("region_code", models.CharField(blank=True, max_length=6, verbose_name="region")),
                ("area", models.CharField(blank=True, max_length=120, verbose_name="area")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number of visits")),
                ("focus", models.CharField(max_length=400, verbose_name="focus")),
                ("findings", models.TextField(blank=True, max_length=4000, verbose_name="suggestions collected")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waiting for approval"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=8,
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
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="approvals.approval",
                        verbose_name="approval",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit plan",
                "abstract": False,
                "indexes": [models.Index(fields=["owner", "starts_on"], name="visitplan_of_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="visitplan_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
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
                        related_name="visits",
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
                ("day", models.DateField(verbose_name="day")),
                ("purpose", models.CharField(blank=True, max_length=200, verbose_name="purpose")),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="interactions.visitplan",
                        verbose_name="agreed plan",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("started", "Card not handed back"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="card read at")),
                ("started_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="begun at")),
                (
                    "position",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="checked in at"),
                ),
                ("done_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="handed back at")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="minutes spent"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("reached", "Goal reached"), ("partly", "Partly reached"), ("failed", "Failed")],
                        editable=False,
                        max_length=7,
                        verbose_name="outcome",
                    ),
                ),
                ("need", models.TextField(blank=True, max_length=2000, verbose_name="customer's need")),
                ("feedback", models.TextField(blank=True, max_length=2000, verbose_name="customer's feedback")),
                ("improvement", models.TextField(blank=True, max_length=1000, verbose_name="next improvement")),
                ("approach", models.CharField(blank=True, max_length=400, verbose_name="service approach next time")),
                (
                    "understanding",
                    models.TextField(
                        blank=True,
                        help_text="What you understood, in your words, as you said it back to the customer.",
                        max_length=1000,
                        verbose_name="restated understanding",
                    ),
                ),
                (
                    "understood",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "Confirmed by the customer"),
                            ("partly", "Partly confirmed"),
                            ("open", "Not confirmed"),
                        ],
                        max_length=9,
                        verbose_name="understanding",
                    ),
                ),
                ("feelings", models.CharField(blank=True, max_length=200, verbose_name="mood and feelings")),
                (
                    "avoided",
                    models.CharField(blank=True, max_length=200, verbose_name="points of difference left aside"),
                ),
                ("next_visit_on", models.DateField(blank=True, editable=False, null=True, verbose_name="next visit")),
                (
                    "next_contact_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="next contact"),
                ),
                (
                    "stop_reason",
                    models.CharField(blank=True, editable=False, max_length=400, verbose_name="why it ends here"),
                ),
            ],
            options={
                "verbose_name": "visit",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["owner", "day"], name="visit_of_person"),
                    models.Index(fields=["account"], name="visit_to_account"),
                    models.Index(
                        condition=models.Q(("state", "started")), fields=["company", "day"], name="visit_begun"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), models.Q(("state", "dropped"), _negated=True)),
                        fields=("owner", "account", "day"),
                        name="visit_once_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Competitor",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="website")),
                ("products", models.CharField(blank=True, max_length=300, verbose_name="products")),
                ("strengths", models.TextField(blank=True, max_length=2000, verbose_name="strengths")),
                ("weaknesses", models.TextField(blank=True, max_length=2000, verbose_name="weaknesses")),
                ("remark", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
            ],
            options={
                "verbose_name": "competitor",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="competitor_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompetitorNote",
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
                    "competitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="interactions.competitor",
                        verbose_name="competitor",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="competitor_notes",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="competitor_notes",
                        to="interactions.visit",
                        verbose_name="visit",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("strengths", models.CharField(max_length=400, verbose_name="strengths of the competitor")),
                ("differences", models.CharField(blank=True, max_length=400, verbose_name="our differences")),
            ],
            options={
                "verbose_name": "note on a competitor",
            },
        ),
        migrations.CreateModel(
            name="Reception",
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
                        related_name="receptions",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="occasion")),
                ("day", models.DateField(verbose_name="day")),
                ("until", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("guests", models.CharField(blank=True, max_length=400, verbose_name="guests")),
                ("hosts", models.CharField(blank=True, max_length=400, verbose_name="further hosts")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("programme", models.TextField(blank=True, max_length=4000, verbose_name="programme")),
                ("care", models.CharField(blank=True, max_length=400, verbose_name="what to mind")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("dropped", "Called off")],
                        default="planned",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "log",
                    models.TextField(
                        blank=True, editable=False, max_length=4000, verbose_name="course of the reception"
                    ),
                ),
                ("result", models.CharField(blank=True, editable=False, max_length=400, verbose_name="result")),
            ],
            options={
                "verbose_name": "reception",
                "abstract": False,
                "indexes": [models.Index(fields=["company", "day"], name="reception_by_day")],
            },
        ),
    ]
