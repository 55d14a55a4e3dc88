from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("audit", "0001_initial"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("company_id", models.BigIntegerField(null=True)),
                ("lane", models.SmallIntegerField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="time")),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=150, verbose_name="person")),
                ("channel", models.CharField(max_length=10, verbose_name="channel")),
                ("ip", models.CharField(max_length=45, verbose_name="address")),
                ("agent", models.CharField(max_length=200, verbose_name="device")),
                ("session", models.CharField(max_length=64)),
                ("request", models.CharField(max_length=64)),
                ("verb", models.CharField(max_length=100, verbose_name="act")),
                ("label", models.CharField(max_length=60, verbose_name="kind of record")),
                ("object_id", models.BigIntegerField(default=0)),
                ("title", models.CharField(max_length=200, verbose_name="record")),
                ("old", models.TextField()),
                ("new", models.TextField()),
                ("reason", models.TextField(verbose_name="reason")),
                ("mac", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "audit entry",
                "indexes": [
                    models.Index(fields=["label", "object_id", "-id"], name="audit_object"),
                    models.Index(fields=["company_id", "at"], name="audit_company_at"),
                    models.Index(fields=["actor_id", "at"], name="audit_actor_at"),
                ],
                "constraints": [models.UniqueConstraint(fields=("lane", "seq"), name="audit_lane_seq")],
            },
        ),
        migrations.CreateModel(
            name="LaneHead",
            fields=[
                ("lane", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                ("mac", models.CharField(default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now, verbose_name="time")),
                ("intact", models.BooleanField(verbose_name="intact")),
                ("rows", models.PositiveBigIntegerField(verbose_name="entries")),
                ("report", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "audit verification",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="BackupRecord",
            fields=[
                (
                    "id",
                    guanxi.kernel.models.base.IdField(
                        default=guanxi.kernel.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now, verbose_name="time")),
                ("file", models.CharField(max_length=400, verbose_name="file")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="size")),
                ("rows", models.PositiveBigIntegerField(default=0, verbose_name="rows")),
                ("verified", models.BooleanField(default=False, verbose_name="restored on trial")),
                ("message", models.TextField(blank=True, verbose_name="message")),
            ],
            options={
                "verbose_name": "backup",
                "ordering": ["-id"],
            },
        ),
    ]
