import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("duplicates", "0001_initial"),
        ("duplicates", "0002_derived"),
        ("duplicates", "0003_fill"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DupKey",
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
                ("kind", models.CharField(max_length=1)),
                ("key", models.BigIntegerField()),
                ("label", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "key",
                "indexes": [
                    models.Index(fields=["company", "key", "label", "object_id"], name="dupkey_key"),
                    models.Index(fields=["object_id"], name="dupkey_object"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
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
                        related_name="+",
                        to="customers.account",
                        verbose_name="merged into",
                    ),
                ),
                ("label", models.CharField(editable=False, max_length=60)),
                ("keep_id", models.BigIntegerField(editable=False)),
                ("lose_id", models.BigIntegerField(editable=False)),
                ("gone", models.CharField(max_length=200, verbose_name="merged file")),
                ("kept", models.CharField(max_length=200, verbose_name="file that stayed")),
                ("changed", models.JSONField(default=dict, editable=False)),
                ("moved", models.JSONField(default=list, editable=False)),
                ("derived", models.JSONField(default=list, editable=False)),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows moved")),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
            ],
            options={
                "verbose_name": "merge",
                "indexes": [models.Index(fields=["company", "lose_id"], name="merge_gone")],
            },
        ),
        migrations.CreateModel(
            name="Pair",
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
                    "a",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.account",
                        verbose_name="possibly the same as",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(verbose_name="likeness")),
                ("reasons", guanxi.kernel.models.base.TagsField(blank=True, default=list, verbose_name="because of")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To decide"),
                            ("postponed", "Postponed"),
                            ("different", "Not the same"),
                            ("merged", "Merged"),
                        ],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, editable=False, null=True, verbose_name="decided on")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
            ],
            options={
                "verbose_name": "suspected duplicate",
                "indexes": [models.Index(fields=["company", "state", "-score", "-id"], name="pair_queue")],
                "constraints": [models.UniqueConstraint(fields=("a", "b"), name="pair_once")],
            },
        ),
    ]
