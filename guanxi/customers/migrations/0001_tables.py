from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import guanxi.customers.models.fields
import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_initial"),
        ("customers", "0003_classes_and_teams"),
        ("customers", "0004_one_policy_scheme"),
        ("customers", "0005_next_contact"),
        ("customers", "0006_addresses_by_mail"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
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
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "source",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "code"), name="source_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
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
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("strategy", models.TextField(blank=True, max_length=2000, verbose_name="strategy and service")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "sales channel",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "code"), name="channel_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
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
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("male", "Male"), ("female", "Female")],
                        max_length=6,
                        verbose_name="gender",
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                (
                    "birth_md",
                    guanxi.customers.models.fields.MonthDay(blank=True, editable=False, null=True, source="birth_date"),
                ),
                ("lunar_month", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lunar month")),
                ("lunar_day", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lunar day")),
                ("lunar_leap", models.BooleanField(default=False, verbose_name="leap month")),
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
                (
                    "code",
                    guanxi.customers.models.fields.OptionalCode(
                        blank=True, default="", max_length=40, null=True, verbose_name="code"
                    ),
                ),
                ("short_name", models.CharField(blank=True, max_length=40, verbose_name="short name")),
                ("former_names", models.CharField(blank=True, max_length=400, verbose_name="former names")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subsidiaries",
                        to="customers.account",
                        verbose_name="parent company",
                    ),
                ),
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
                    "scale",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("micro", "Fewer than 20 people"),
                            ("small", "20 to 99 people"),
                            ("middle", "100 to 499 people"),
                            ("large", "500 to 1,999 people"),
                            ("giant", "2,000 people and more"),
                        ],
                        max_length=8,
                        verbose_name="scale",
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
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("website", models.CharField(blank=True, max_length=200, verbose_name="website")),
                ("country", models.CharField(default="CN", max_length=2, verbose_name="country")),
                ("region_code", models.CharField(blank=True, max_length=6, verbose_name="region")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "credit_code",
                    guanxi.customers.models.fields.OptionalCode(
                        blank=True, default="", max_length=18, null=True, verbose_name="credit code"
                    ),
                ),
                ("legal_form", models.CharField(blank=True, max_length=60, verbose_name="legal form")),
                ("representative", models.CharField(blank=True, max_length=60, verbose_name="legal representative")),
                (
                    "registered_capital",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="registered capital"
                    ),
                ),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="founded on")),
                ("business_scope", models.TextField(blank=True, max_length=4000, verbose_name="business scope")),
                ("employer", models.CharField(blank=True, max_length=120, verbose_name="employer")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                ("occupation", models.CharField(blank=True, max_length=60, verbose_name="occupation")),
                (
                    "education",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("school", "Middle school or less"),
                            ("high", "High school or vocational school"),
                            ("college", "Junior college"),
                            ("bachelor", "Bachelor"),
                            ("master", "Master and above"),
                        ],
                        max_length=8,
                        verbose_name="education",
                    ),
                ),
                (
                    "income_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("to5k", "Below 5,000"),
                            ("to10k", "5,000 to 9,999"),
                            ("to20k", "10,000 to 19,999"),
                            ("to50k", "20,000 to 49,999"),
                            ("over50k", "50,000 and more"),
                        ],
                        max_length=8,
                        verbose_name="monthly income",
                    ),
                ),
                ("preferences", models.TextField(blank=True, max_length=2000, verbose_name="preferences")),
                ("lifestyle", models.TextField(blank=True, max_length=2000, verbose_name="lifestyle and values")),
                ("buying_behaviour", models.TextField(blank=True, max_length=2000, verbose_name="buying behaviour")),
                ("industry_traits", models.TextField(blank=True, max_length=2000, verbose_name="industry traits")),
                ("business_needs", models.TextField(blank=True, max_length=2000, verbose_name="business needs")),
                ("development_trend", models.TextField(blank=True, max_length=2000, verbose_name="development trend")),
                ("is_key", models.BooleanField(default=False, verbose_name="key customer")),
                ("is_strategic", models.BooleanField(default=False, verbose_name="strategic")),
                (
                    "potential",
                    models.CharField(
                        blank=True,
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=6,
                        verbose_name="development potential",
                    ),
                ),
                (
                    "purchasing_power",
                    models.CharField(
                        blank=True,
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=6,
                        verbose_name="purchasing power",
                    ),
                ),
                (
                    "attitude",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loyal", "Loyal to us"),
                            ("switcher", "Brand switcher"),
                            ("none", "No brand loyalty"),
                        ],
                        max_length=8,
                        verbose_name="attitude",
                    ),
                ),
                ("early_adopter", models.BooleanField(default=False, verbose_name="first adopter")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                        editable=False,
                        max_length=1,
                        verbose_name="grade",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("potential", "Potential"),
                            ("first", "First purchase"),
                            ("repeat", "Repeat purchase"),
                            ("loyal", "Loyal"),
                            ("dormant", "Dormant"),
                            ("lost", "Lost"),
                        ],
                        default="potential",
                        editable=False,
                        max_length=9,
                        verbose_name="stage",
                    ),
                ),
                (
                    "credit_standing",
                    models.CharField(
                        blank=True,
                        choices=[("AAA", "AAA"), ("AA", "AA"), ("A", "A"), ("B", "B"), ("C", "C")],
                        max_length=3,
                        verbose_name="credit rating",
                    ),
                ),
                (
                    "credit_limit",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="credit limit"
                    ),
                ),
                (
                    "payment_terms_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="payment terms (days)"),
                ),
                ("tags", guanxi.kernel.models.base.TagsField(blank=True, default=list, verbose_name="tags")),
                ("remark", models.TextField(blank=True, max_length=4000, verbose_name="remark")),
                (
                    "completeness",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="completeness (%)"),
                ),
                (
                    "confirmed_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last confirmed"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                ("first_order_on", models.DateField(blank=True, editable=False, null=True, verbose_name="first order")),
                ("last_order_on", models.DateField(blank=True, editable=False, null=True, verbose_name="last order")),
                (
                    "last_contact_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last contact"),
                ),
                ("next_contact_on", models.DateField(blank=True, null=True, verbose_name="next contact")),
                ("retired_on", models.DateField(blank=True, editable=False, null=True, verbose_name="retired on")),
            ],
            options={
                "verbose_name": "account",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "name", "id"],
                        name="account_by_name",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "last_contact_on", "id"],
                        name="account_by_contact",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("next_contact_on__isnull", False)),
                        fields=["company", "next_contact_on", "id"],
                        name="account_by_next",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "grade", "id"],
                        name="account_by_grade",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "stage", "id"],
                        name="account_by_stage",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "department", "id"],
                        name="account_by_department",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("owner", None)),
                        fields=["company", "id"],
                        name="account_pool",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "name_key"],
                        name="account_name_key",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "phone"], name="account_phone"
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("deleted_at", None), models.Q(("email", ""), _negated=True)),
                        name="account_email",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("birth_md__isnull", False)),
                        fields=["company", "birth_md"],
                        name="account_birthday",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("lunar_month__isnull", False)),
                        fields=["company", "lunar_month", "lunar_day"],
                        name="account_lunar",
                    ),
                    models.Index(
                        condition=models.Q(("parent__isnull", False)), fields=["parent"], name="account_parent"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("code__isnull", False)),
                        fields=("company", "code"),
                        name="account_code",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("credit_code__isnull", False)),
                        fields=("company", "credit_code"),
                        name="account_credit_code",
                    ),
                    models.CheckConstraint(condition=models.Q(("completeness__lte", 100)), name="account_completeness"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassScheme",
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
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rules", "By rules"),
                            ("abc_amount", "ABC by amount"),
                            ("abc_profit", "ABC by profit"),
                            ("manual", "By decision"),
                        ],
                        default="rules",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("description", models.TextField(blank=True, max_length=2000, verbose_name="description")),
                ("params", models.JSONField(blank=True, default=dict, verbose_name="cut-offs")),
                ("classes", models.JSONField(default=list, verbose_name="classes")),
                ("is_policy", models.BooleanField(default=False, editable=False, verbose_name="drives service policy")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published at"),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                (
                    "reassess_on",
                    models.DateField(
                        blank=True,
                        help_text="When the standard is looked at again; a reminder comes.",
                        null=True,
                        verbose_name="next reassessment",
                    ),
                ),
                ("reminded", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "class scheme",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "code"), name="classscheme_code"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("is_policy", True)),
                        fields=("company",),
                        name="classscheme_policy",
                        violation_error_message="Another scheme sets the policies already; take it from that one first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassStandard",
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
                    "scheme",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standards",
                        to="customers.classscheme",
                        verbose_name="class scheme",
                    ),
                ),
                ("effective_on", models.DateField(editable=False, verbose_name="effective on")),
                ("params", models.JSONField(default=dict, editable=False, verbose_name="cut-offs")),
                ("classes", models.JSONField(default=list, editable=False, verbose_name="classes")),
                ("note", models.CharField(blank=True, editable=False, max_length=400, verbose_name="note")),
                (
                    "in_force_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="put into force at"),
                ),
            ],
            options={
                "verbose_name": "class standard",
                "ordering": ["-effective_on", "-id"],
                "indexes": [models.Index(fields=["scheme", "-effective_on", "-id"], name="classstandard_on")],
            },
        ),
        migrations.CreateModel(
            name="ClassAssignment",
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
                        related_name="classes",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.classscheme",
                        verbose_name="class scheme",
                    ),
                ),
                ("class_code", models.CharField(blank=True, max_length=20, verbose_name="class")),
                ("previous", models.CharField(blank=True, max_length=20, verbose_name="former class")),
                ("since", models.DateField(default=guanxi.kernel.clock.today, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("cause", models.CharField(blank=True, max_length=400, verbose_name="cause")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("held", models.BooleanField(default=False, editable=False, verbose_name="kept by decision")),
            ],
            options={
                "verbose_name": "class of an account",
                "ordering": ["-since", "-id"],
                "indexes": [
                    models.Index(fields=["account", "scheme"], name="classassignment_of"),
                    models.Index(
                        condition=models.Q(("until", None)),
                        fields=["company", "scheme", "class_code", "account"],
                        name="classassignment_in",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("company", "scheme", "account"),
                        name="classassignment_now",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StageChange",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_changes",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "old",
                    models.CharField(
                        choices=[
                            ("potential", "Potential"),
                            ("first", "First purchase"),
                            ("repeat", "Repeat purchase"),
                            ("loyal", "Loyal"),
                            ("dormant", "Dormant"),
                            ("lost", "Lost"),
                        ],
                        max_length=9,
                        verbose_name="former stage",
                    ),
                ),
                (
                    "new",
                    models.CharField(
                        choices=[
                            ("potential", "Potential"),
                            ("first", "First purchase"),
                            ("repeat", "Repeat purchase"),
                            ("loyal", "Loyal"),
                            ("dormant", "Dormant"),
                            ("lost", "Lost"),
                        ],
                        max_length=9,
                        verbose_name="stage",
                    ),
                ),
                ("on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="date")),
            ],
            options={
                "verbose_name": "change of stage",
                "ordering": ["-on", "-id"],
                "indexes": [models.Index(fields=["company", "on"], name="stagechange_on")],
            },
        ),
        migrations.CreateModel(
            name="StagePlaybook",
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
                    "stage",
                    models.CharField(
                        choices=[
                            ("potential", "Potential"),
                            ("first", "First purchase"),
                            ("repeat", "Repeat purchase"),
                            ("loyal", "Loyal"),
                            ("dormant", "Dormant"),
                            ("lost", "Lost"),
                        ],
                        max_length=9,
                        verbose_name="stage",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("measures", models.TextField(max_length=4000, verbose_name="measures")),
            ],
            options={
                "verbose_name": "playbook",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "stage"),
                        name="stageplaybook_stage",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Segment",
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
                ("where", models.JSONField(blank=True, default=dict, verbose_name="condition")),
                ("description", models.TextField(blank=True, max_length=2000, verbose_name="description")),
                ("market_potential", models.TextField(blank=True, max_length=2000, verbose_name="market potential")),
                ("competition", models.TextField(blank=True, max_length=2000, verbose_name="competitive intensity")),
                ("resources", models.TextField(blank=True, max_length=2000, verbose_name="own resources")),
                ("positioning", models.TextField(blank=True, max_length=2000, verbose_name="positioning")),
                ("marketing_mix", models.TextField(blank=True, max_length=2000, verbose_name="marketing mix")),
                ("size", models.PositiveIntegerField(editable=False, null=True, verbose_name="number of accounts")),
                ("counted_at", models.DateTimeField(editable=False, null=True, verbose_name="counted at")),
            ],
            options={
                "verbose_name": "segment",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="segment_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("male", "Male"), ("female", "Female")],
                        max_length=6,
                        verbose_name="gender",
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                (
                    "birth_md",
                    guanxi.customers.models.fields.MonthDay(blank=True, editable=False, null=True, source="birth_date"),
                ),
                ("lunar_month", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lunar month")),
                ("lunar_day", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lunar day")),
                ("lunar_leap", models.BooleanField(default=False, verbose_name="leap month")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("decider", "Decision maker"),
                            ("purchaser", "Purchaser"),
                            ("influencer", "Influencer"),
                            ("user", "User"),
                            ("finance", "Finance"),
                            ("gatekeeper", "Gatekeeper"),
                        ],
                        max_length=10,
                        verbose_name="role in buying",
                    ),
                ),
                ("is_primary", models.BooleanField(default=False, verbose_name="main contact")),
                ("salutation", models.CharField(blank=True, max_length=30, verbose_name="salutation")),
                ("mobile", models.CharField(blank=True, max_length=40, verbose_name="mobile")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                ("qq", models.CharField(blank=True, max_length=20, verbose_name="QQ")),
                ("preferences", models.TextField(blank=True, max_length=2000, verbose_name="preferences")),
                ("home_address", models.CharField(blank=True, max_length=200, verbose_name="home address")),
                ("family", models.CharField(blank=True, max_length=400, verbose_name="family")),
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
                    "legal_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consent", "Consent"),
                            ("contract", "Contract"),
                            ("public", "Published by the person"),
                            ("law", "Legal duty"),
                        ],
                        max_length=10,
                        verbose_name="legal basis",
                    ),
                ),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                ("remark", models.TextField(blank=True, max_length=2000, verbose_name="remark")),
            ],
            options={
                "verbose_name": "contact",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "mobile"], name="contact_mobile"
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("deleted_at", None), models.Q(("email", ""), _negated=True)),
                        name="contact_email",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("birth_md__isnull", False)),
                        fields=["company", "birth_md"],
                        name="contact_birthday",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("lunar_month__isnull", False)),
                        fields=["company", "lunar_month", "lunar_day"],
                        name="contact_lunar",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaserChange",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchaser_changes",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                        verbose_name="former purchaser",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                        verbose_name="new purchaser",
                    ),
                ),
                ("on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="date")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason")),
            ],
            options={
                "verbose_name": "change of purchaser",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Address",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("office", "Office"),
                            ("invoice", "Invoices"),
                            ("site", "Installation site"),
                        ],
                        default="delivery",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("region_code", models.CharField(blank=True, max_length=6, verbose_name="region")),
                ("address", models.CharField(max_length=200, verbose_name="address")),
                ("postcode", models.CharField(blank=True, max_length=6, verbose_name="postcode")),
                ("receiver", models.CharField(blank=True, max_length=60, verbose_name="receiver")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
            ],
            options={
                "verbose_name": "address",
            },
        ),
        migrations.CreateModel(
            name="InvoiceTitle",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoice_titles",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="invoice title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("special", "Fully digital special invoice"),
                            ("ordinary", "Fully digital ordinary invoice"),
                            ("paper", "Paper invoice"),
                        ],
                        default="ordinary",
                        max_length=8,
                        verbose_name="kind of invoice",
                    ),
                ),
                ("tax_id", models.CharField(blank=True, max_length=20, verbose_name="tax number")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="registered address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("bank", models.CharField(blank=True, max_length=120, verbose_name="bank of deposit")),
                ("bank_account", models.CharField(blank=True, max_length=40, verbose_name="account number")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail for invoices")),
                ("mobile", models.CharField(blank=True, max_length=40, verbose_name="mobile for invoices")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="default remark")),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
            ],
            options={
                "verbose_name": "invoice header",
            },
        ),
        migrations.CreateModel(
            name="InvoiceTitleVersion",
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
                    "header",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="customers.invoicetitle",
                        verbose_name="invoice header",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=120, verbose_name="invoice title")),
                ("content", models.JSONField(verbose_name="content")),
            ],
            options={
                "verbose_name": "version of an invoice header",
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "header", "number"), name="invoicetitleversion_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportantDate",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dates",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dates",
                        to="customers.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("birthday", "Birthday"),
                            ("anniversary", "Anniversary"),
                            ("founding", "Founding day"),
                            ("event", "Major event"),
                            ("other", "Other"),
                        ],
                        max_length=11,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("on", models.DateField(blank=True, null=True, verbose_name="date")),
                ("on_md", guanxi.customers.models.fields.MonthDay(blank=True, editable=False, null=True, source="on")),
                ("lunar_month", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lunar month")),
                ("lunar_day", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lunar day")),
                ("lunar_leap", models.BooleanField(default=False, verbose_name="leap month")),
                ("yearly", models.BooleanField(default=True, verbose_name="every year")),
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
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
            ],
            options={
                "verbose_name": "important date",
                "ordering": ["on_md", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("on_md__isnull", False)),
                        fields=["company", "on_md"],
                        name="importantdate_day",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at", None), ("lunar_month__isnull", False)),
                        fields=["company", "lunar_month", "lunar_day"],
                        name="importantdate_lunar",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="customers.account",
                        verbose_name="account",
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
                        verbose_name="given by",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("need", "Need"), ("opinion", "Opinion"), ("suggestion", "Suggestion")],
                        default="need",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
                ("on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="date")),
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
                ("source_detail", models.CharField(blank=True, max_length=120, verbose_name="details of the source")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered")],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("answer", models.TextField(blank=True, editable=False, max_length=2000, verbose_name="answer")),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "need",
                "ordering": ["-on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="IntegrityEntry",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="integrity",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("kept", "Kept an agreement"),
                            ("broken", "Broke an agreement"),
                            ("dispute", "Dispute"),
                            ("paid_well", "Paid on time"),
                            ("paid_late", "Paid late"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="date")),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="amount"),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
            ],
            options={
                "verbose_name": "integrity entry",
                "ordering": ["-on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="FilingStandard",
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
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("company", "Company"), ("person", "Person")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("fields", models.JSONField(default=list, verbose_name="fields")),
            ],
            options={
                "verbose_name": "filing standard",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "channel", "kind"),
                        name="filingstandard_of_channel",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("channel", None)),
                        fields=("company", "kind"),
                        name="filingstandard_default",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassReview",
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
                    "name",
                    models.CharField(
                        blank=True, help_text="Given automatically if left empty.", max_length=100, verbose_name="name"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.classscheme",
                        verbose_name="class scheme",
                    ),
                ),
                ("held_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="day")),
                (
                    "effective_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty: the day the meeting is closed.",
                        null=True,
                        verbose_name="classes effective on",
                    ),
                ),
                (
                    "margin",
                    models.DecimalField(
                        decimal_places=1, default=1, max_digits=4, verbose_name="near a cut-off (percentage points)"
                    ),
                ),
                ("minutes", models.TextField(blank=True, max_length=8000, verbose_name="minutes")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("closed", "Closed")],
                        default="planned",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("next_on", models.DateField(blank=True, editable=False, null=True, verbose_name="next review")),
                ("reminded", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "class review",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "held_on"], name="classreview_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewSeat",
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="customers.classreview",
                        verbose_name="class review",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="participant",
                    ),
                ),
                ("present", models.BooleanField(default=True, verbose_name="was present")),
            ],
            options={
                "verbose_name": "participant",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("review", "person"), name="reviewseat_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewItem",
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="customers.classreview",
                        verbose_name="class review",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_items",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("moved", "Moved since the last review"),
                            ("near", "Near a cut-off"),
                            ("held", "Decision differs from the figures"),
                            ("unmanaged", "Top class without account manager"),
                            ("hand", "Put on the agenda"),
                        ],
                        default="hand",
                        max_length=9,
                        verbose_name="why discussed",
                    ),
                ),
                ("figure", models.CharField(blank=True, max_length=60, verbose_name="figure")),
                ("present", models.CharField(blank=True, max_length=20, verbose_name="class now")),
                ("proposed", models.CharField(blank=True, max_length=20, verbose_name="proposed class")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("agreed", "Agreed"),
                            ("other", "Other class"),
                            ("postponed", "Postponed"),
                        ],
                        default="open",
                        max_length=9,
                        verbose_name="decision",
                    ),
                ),
                ("decided", models.CharField(blank=True, max_length=20, verbose_name="decided class")),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="reason for the decision")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("applied_on", models.DateField(blank=True, null=True, verbose_name="applied on")),
            ],
            options={
                "verbose_name": "agenda item",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("review", "account"), name="reviewitem_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "other"), _negated=True),
                            models.Q(("remark", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reviewitem_other_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountMember",
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
                        related_name="team",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="team member",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("assistant", "Assistant"),
                            ("technical", "Technical support"),
                            ("service", "Customer service"),
                            ("finance", "Finance"),
                            ("manager", "Executive sponsor"),
                        ],
                        default="assistant",
                        max_length=9,
                        verbose_name="role in the team",
                    ),
                ),
                ("since", models.DateField(default=guanxi.kernel.clock.today, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="last day")),
            ],
            options={
                "verbose_name": "team member",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["account", "person"], name="accountmember_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("until", None)),
                        fields=("account", "person"),
                        name="accountmember_now",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountPlan",
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
                        related_name="plans",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("starts_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("goal", models.TextField(max_length=2000, verbose_name="goal")),
                ("strategy", models.TextField(blank=True, max_length=4000, verbose_name="strategy")),
            ],
            options={
                "verbose_name": "account plan",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanAction",
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
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="customers.accountplan",
                        verbose_name="account plan",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="action")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                ("done_on", models.DateField(blank=True, editable=False, null=True, verbose_name="done on")),
                ("outcome", models.CharField(blank=True, editable=False, max_length=300, verbose_name="outcome")),
            ],
            options={
                "verbose_name": "plan action",
                "ordering": ["due_on", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_on", None)), fields=["person", "due_on"], name="planaction_due"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TierPolicy",
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
                    "name",
                    models.CharField(
                        blank=True, help_text="Given automatically if left empty.", max_length=60, verbose_name="name"
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], max_length=1, verbose_name="grade"
                    ),
                ),
                ("effective_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="effective on")),
                (
                    "time_share",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="share of working time (%)"
                    ),
                ),
                (
                    "contact_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="contact at least every (days)"
                    ),
                ),
                ("contact_way", models.CharField(blank=True, max_length=120, verbose_name="way of contact")),
                ("dedicated_manager", models.BooleanField(default=False, verbose_name="dedicated account manager")),
                ("service", models.CharField(blank=True, max_length=300, verbose_name="service items")),
                ("development", models.CharField(blank=True, max_length=300, verbose_name="product development")),
                ("supply", models.CharField(blank=True, max_length=300, verbose_name="supply guarantee")),
                (
                    "delivery_priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "First"), (2, "As ordered"), (3, "After the others")],
                        default=2,
                        verbose_name="delivery priority",
                    ),
                ),
                ("price", models.CharField(blank=True, max_length=300, verbose_name="price policy")),
                (
                    "discount_limit",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="highest discount (%)"
                    ),
                ),
                (
                    "payment_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="payment terms (days)"),
                ),
                (
                    "credit_factor",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("1"), max_digits=5, verbose_name="factor on the credit limit"
                    ),
                ),
                ("promotion", models.CharField(blank=True, max_length=300, verbose_name="promotion support")),
                ("gifts", models.CharField(blank=True, max_length=300, verbose_name="gifts")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published at"),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "tier policy",
                "ordering": ["grade", "-effective_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "grade", "effective_on"),
                        name="tierpolicy_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount_limit", None),
                            models.Q(("discount_limit__gte", 0), ("discount_limit__lte", 100)),
                            _connector="OR",
                        ),
                        name="tierpolicy_discount",
                    ),
                    models.CheckConstraint(condition=models.Q(("credit_factor__gte", 0)), name="tierpolicy_factor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditRule",
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
                    "standing",
                    models.CharField(
                        choices=[("AAA", "AAA"), ("AA", "AA"), ("A", "A"), ("B", "B"), ("C", "C")],
                        max_length=3,
                        verbose_name="credit rating",
                    ),
                ),
                (
                    "months",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("1"), max_digits=5, verbose_name="months of turnover"
                    ),
                ),
                (
                    "floor",
                    models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="at least"),
                ),
                ("ceiling", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="at most")),
                (
                    "tolerance_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="overdue tolerated (days)"),
                ),
            ],
            options={
                "verbose_name": "credit rule",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "standing"),
                        name="creditrule_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ceiling__gte", models.F("floor")), ("floor__gte", 0)),
                        name="creditrule_range",
                    ),
                ],
            },
        ),
    ]
