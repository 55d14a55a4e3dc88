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
        ("channels", "0001_initial"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Robot",
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
                    "kind",
                    models.CharField(
                        choices=[("wecom", "WeCom"), ("dingtalk", "DingTalk"), ("lark", "Lark")],
                        default="wecom",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "shows_text",
                    models.BooleanField(
                        default=False,
                        help_text="Off: the group reads only who has how many notices, and no customer’s name.",
                        verbose_name="shows what a notice says",
                    ),
                ),
                ("sealed_address", models.TextField(blank=True, editable=False)),
                ("sealed_secret", models.TextField(blank=True, editable=False)),
                ("blocked_until", models.DateTimeField(editable=False, null=True, verbose_name="paused until")),
                ("problem", models.CharField(blank=True, editable=False, max_length=200, verbose_name="last problem")),
            ],
            options={
                "verbose_name": "group robot",
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("mail", models.BooleanField(default=False, verbose_name="By mail")),
                (
                    "robot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="channels.robot",
                        verbose_name="By group robot",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("once", "At once"), ("daily", "Once a day, together")],
                        default="once",
                        max_length=5,
                        verbose_name="When to send",
                    ),
                ),
                (
                    "daily_at",
                    models.CharField(
                        default="08:30",
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^([01]\\d|2[0-3]):[0-5]\\d\\Z", "Write a time of day such as 18:00."
                            )
                        ],
                        verbose_name="Daily at",
                    ),
                ),
                (
                    "quiet_from",
                    models.CharField(
                        default="20:00",
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^([01]\\d|2[0-3]):[0-5]\\d\\Z", "Write a time of day such as 18:00."
                            )
                        ],
                        verbose_name="Quiet from",
                    ),
                ),
                (
                    "quiet_until",
                    models.CharField(
                        default="08:00",
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^([01]\\d|2[0-3]):[0-5]\\d\\Z", "Write a time of day such as 18:00."
                            )
                        ],
                        verbose_name="Quiet until",
                    ),
                ),
                ("workdays_only", models.BooleanField(default=True, verbose_name="On working days only")),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="org.notice"),
                ),
                ("channel", models.CharField(choices=[("mail", "Mail"), ("robot", "Group robot")], max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("dropped", "No longer needed"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("sent_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=guanxi.kernel.clock.now)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="delivery_due")
                ],
            },
        ),
    ]
