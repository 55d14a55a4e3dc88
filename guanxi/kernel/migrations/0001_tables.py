import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("kernel", "0001_initial"),
        ("kernel", "0002_initial"),
        ("kernel", "0003_language_of_a_job"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.SlugField(max_length=32, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("short_name", models.CharField(blank=True, max_length=20, verbose_name="short name")),
                ("config_version", models.PositiveIntegerField(default=1)),
                ("settings", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "verbose_name": "company",
            },
        ),
        migrations.CreateModel(
            name="ExtraField",
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
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                ("extra", models.JSONField(blank=True, default=dict, editable=False)),
                ("label", models.CharField(max_length=60, verbose_name="belongs to")),
                (
                    "name",
                    models.SlugField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9]*(_[a-z0-9]+)*\\Z",
                                "Small letters, digits and single underscores; a letter first.",
                            )
                        ],
                        verbose_name="field name",
                    ),
                ),
                ("title", models.CharField(max_length=40, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("longtext", "Long text"),
                            ("decimal", "Number"),
                            ("money", "Amount"),
                            ("date", "Date"),
                            ("bool", "Yes or no"),
                            ("choice", "Single choice"),
                            ("tags", "Multiple choice"),
                        ],
                        default="text",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("options", guanxi.kernel.models.base.TagsField(blank=True, default=list, verbose_name="choices")),
                ("required", models.BooleanField(default=False, verbose_name="required")),
                ("sensitive", models.BooleanField(default=False, verbose_name="sensitive")),
                ("help", models.CharField(blank=True, max_length=120, verbose_name="hint")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "extra field",
                "ordering": ["label", "position", "id"],
                "constraints": [models.UniqueConstraint(fields=("company", "label", "name"), name="extrafield_name")],
            },
        ),
        migrations.CreateModel(
            name="Counter",
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
                ("series", models.CharField(max_length=40)),
                ("period", models.CharField(blank=True, max_length=10)),
                ("value", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("company", "series", "period"), name="counter_series")],
            },
        ),
        migrations.CreateModel(
            name="Job",
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
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("args", models.JSONField(default=dict)),
                ("language", models.CharField(blank=True, max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ready",
                        max_length=10,
                    ),
                ),
                ("run_at", models.DateTimeField(default=guanxi.kernel.clock.now)),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("unique_key", models.CharField(max_length=120, null=True)),
                ("done_steps", models.PositiveBigIntegerField(default=0)),
                ("all_steps", models.PositiveBigIntegerField(null=True)),
                ("message", models.TextField(blank=True)),
                ("result", models.JSONField(default=dict)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=guanxi.kernel.clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "job",
                "indexes": [models.Index(fields=["state", "run_at"], name="job_next")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["ready", "running"])),
                        fields=("unique_key",),
                        name="job_unique_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("next_run", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OutboxEvent",
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
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("payload", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=guanxi.kernel.clock.now)),
                ("pending", models.JSONField(default=list)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("delivered_at", None)), fields=["id"], name="outbox_waiting")
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("answer", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=guanxi.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="kernel.job",
                    ),
                ),
                ("line", models.PositiveBigIntegerField()),
                ("outcome", models.CharField(max_length=8)),
                ("label", models.CharField(blank=True, max_length=60)),
                ("object_id", models.BigIntegerField(null=True)),
                ("version", models.PositiveIntegerField(null=True)),
                ("before", models.JSONField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("job", "line", "label"), name="importedrow_line")],
            },
        ),
        migrations.CreateModel(
            name="SearchDoc",
            fields=[
                ("object_id", guanxi.kernel.models.base.IdField(primary_key=True, serialize=False)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.company",
                    ),
                ),
                ("label", models.CharField(max_length=60)),
                ("doc", models.TextField()),
                ("text", models.TextField()),
            ],
        ),
    ]
