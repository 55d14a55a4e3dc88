from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("insight", "0001_initial"),
        ("insight", "0002_initial"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
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
                ("orders", models.PositiveIntegerField(default=0, verbose_name="number of orders")),
                ("first_on", models.DateField(null=True, verbose_name="first purchase on")),
                ("last_on", models.DateField(null=True, verbose_name="last purchase on")),
                ("interval_days", models.FloatField(null=True, verbose_name="days between purchases")),
                (
                    "amount_12m",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="revenue of 12 months"
                    ),
                ),
                (
                    "amount_total",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=18,
                        verbose_name="revenue since the first deal",
                    ),
                ),
                (
                    "profit_12m",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="profit of 12 months"
                    ),
                ),
                (
                    "profit_total",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=18,
                        verbose_name="profit since the first deal",
                    ),
                ),
                ("r", models.PositiveSmallIntegerField(null=True, verbose_name="recency score")),
                ("f", models.PositiveSmallIntegerField(null=True, verbose_name="frequency score")),
                ("m", models.PositiveSmallIntegerField(null=True, verbose_name="monetary score")),
                ("rfm", models.PositiveSmallIntegerField(null=True, verbose_name="RFM score")),
                (
                    "abc_amount",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C")],
                        max_length=1,
                        verbose_name="ABC by amount",
                    ),
                ),
                (
                    "abc_profit",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C")],
                        max_length=1,
                        verbose_name="ABC by profit",
                    ),
                ),
                ("promising", models.BooleanField(default=False, verbose_name="promising")),
                ("computed_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="computed on")),
            ],
            options={
                "verbose_name": "customer profile",
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("orders"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="profile_orders",
                    ),
                    models.Index(
                        models.OrderBy(models.F("last_on"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="profile_last_on",
                    ),
                    models.Index(
                        models.OrderBy(models.F("amount_12m"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="profile_amount_12m",
                    ),
                    models.Index(
                        models.OrderBy(models.F("amount_total"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="profile_amount_total",
                    ),
                    models.Index(
                        models.OrderBy(models.F("profit_12m"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="profile_profit_12m",
                    ),
                    models.Index(
                        models.OrderBy(models.F("profit_total"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="profile_profit_total",
                    ),
                    models.Index(
                        models.OrderBy(models.F("rfm"), descending=True),
                        models.OrderBy(models.F("account"), descending=True),
                        name="profile_rfm",
                    ),
                    models.Index(fields=["company", "abc_amount", "account"], name="profile_abc_by_amount"),
                    models.Index(fields=["company", "abc_profit", "account"], name="profile_abc_by_profit"),
                    models.Index(fields=["company", "r", "m", "account"], name="profile_cell"),
                    models.Index(
                        condition=models.Q(("promising", True)), fields=["company", "account"], name="profile_promising"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
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
                ("as_of", models.DateField()),
                ("reach", models.CharField(max_length=80)),
                ("path", models.CharField(max_length=400)),
                ("summary", models.JSONField(default=dict)),
                ("computed_at", models.DateTimeField(default=guanxi.kernel.clock.now)),
            ],
            options={
                "verbose_name": "snapshot",
                "constraints": [models.UniqueConstraint(fields=("company", "reach", "as_of"), name="snapshot_of")],
            },
        ),
    ]
