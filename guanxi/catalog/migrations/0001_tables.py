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
        ("catalog", "0001_initial"),
        ("catalog", "0002_initial"),
        ("catalog", "0003_links_stock_and_launches"),
        ("catalog", "0004_gradespan"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductCategory",
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
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="catalog.productcategory",
                        verbose_name="belongs to",
                    ),
                ),
            ],
            options={
                "verbose_name": "product category",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "code"),
                        name="productcategory_code",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfitGrade",
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
                ("code", models.CharField(max_length=10, verbose_name="code")),
                ("from_margin", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="from margin (%)")),
                (
                    "treatment",
                    models.CharField(
                        choices=[("promoted", "Promoted"), ("normal", "Normal"), ("restricted", "Restricted")],
                        default="normal",
                        help_text="Restricted products need a right or a release on orders and quotes.",
                        max_length=10,
                        verbose_name="treatment",
                    ),
                ),
            ],
            options={
                "verbose_name": "profit grade",
                "ordering": ["-from_margin"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "code"), name="profitgrade_code"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "from_margin"),
                        name="profitgrade_margin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="catalog.productcategory",
                        verbose_name="category",
                    ),
                ),
                ("brand", models.CharField(blank=True, max_length=60, verbose_name="brand")),
                ("spec", models.CharField(blank=True, max_length=120, verbose_name="specification")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="unit")),
                ("barcode", models.CharField(blank=True, max_length=40, verbose_name="barcode")),
                (
                    "price",
                    models.DecimalField(decimal_places=6, default=Decimal("0"), max_digits=18, verbose_name="price"),
                ),
                (
                    "cost",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="cost"),
                ),
                (
                    "tax_rate",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("13"), max_digits=5, verbose_name="tax rate (%)"
                    ),
                ),
                (
                    "margin",
                    models.DecimalField(
                        decimal_places=2, editable=False, max_digits=6, null=True, verbose_name="margin (%)"
                    ),
                ),
                (
                    "profit_grade",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="catalog.profitgrade",
                        verbose_name="profit grade",
                    ),
                ),
                (
                    "grade_reason",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="reason for the grade"),
                ),
                (
                    "treatment",
                    models.CharField(
                        choices=[("promoted", "Promoted"), ("normal", "Normal"), ("restricted", "Restricted")],
                        default="normal",
                        editable=False,
                        max_length=10,
                        verbose_name="treatment",
                    ),
                ),
                (
                    "stock",
                    models.DecimalField(
                        decimal_places=4, editable=False, max_digits=18, null=True, verbose_name="stock"
                    ),
                ),
                ("stock_at", models.DateTimeField(editable=False, null=True, verbose_name="stock as of")),
                ("is_active", models.BooleanField(default=True, editable=False, verbose_name="on sale")),
                ("tags", guanxi.kernel.models.base.TagsField(blank=True, default=list, verbose_name="tags")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
            ],
            options={
                "verbose_name": "product",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "name"], name="product_by_name"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "code"), name="product_code"
                    ),
                    models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="product_price"),
                    models.CheckConstraint(
                        condition=models.Q(("cost", None), ("cost__gte", 0), _connector="OR"), name="product_cost"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tax_rate__gte", 0), ("tax_rate__lte", 100)), name="product_tax_rate"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductLink",
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
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("substitute", "Substitute"),
                            ("related", "Related product"),
                            ("accessory", "Accessory"),
                        ],
                        default="substitute",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="linked_from",
                        to="catalog.product",
                        verbose_name="other product",
                    ),
                ),
                ("strength", models.PositiveSmallIntegerField(default=3, verbose_name="strength (1 to 5)")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
            ],
            options={
                "verbose_name": "product link",
                "ordering": ["-strength", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("company", "product", "other", "kind"),
                        name="productlink_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("strength__gte", 1), ("strength__lte", 5)),
                        name="productlink_strength",
                        violation_error_message="The strength lies between 1 and 5.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Launch",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="launches",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                ("launch_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="launch on")),
                (
                    "guidance",
                    models.TextField(
                        help_text="How the product is installed, used and looked after, in words for customers.",
                        max_length=8000,
                        verbose_name="guidance for customers",
                    ),
                ),
                ("selling", models.TextField(blank=True, max_length=4000, verbose_name="notes for sellers")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("confirmed", "Confirmed"), ("ended", "Ended")],
                        default="draft",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
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
                ("confirmed_on", models.DateField(editable=False, null=True, verbose_name="confirmed on")),
            ],
            options={
                "verbose_name": "product launch",
                "ordering": ["-launch_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="GradeSpan",
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
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grades",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                (
                    "grade",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.profitgrade",
                        verbose_name="profit grade",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "profit grade over time",
                "ordering": ["-since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("product", "since"), name="one_grade_a_day"
                    )
                ],
            },
        ),
    ]
