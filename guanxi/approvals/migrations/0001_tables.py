import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.approvals.subjects
import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("approvals", "0001_initial"),
        ("approvals", "0002_standards"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Flow",
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
                    "kind",
                    models.CharField(
                        choices=guanxi.approvals.subjects.subject_choices, max_length=60, verbose_name="for"
                    ),
                ),
                ("hours", models.PositiveSmallIntegerField(default=24, verbose_name="remind after (hours)")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
            ],
            options={
                "verbose_name": "approval flow",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "kind"), name="one_flow_a_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FlowStep",
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
                    "flow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="approvals.flow",
                        verbose_name="approval flow",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "who",
                    models.CharField(
                        choices=[
                            ("head", "Head of the department"),
                            ("above", "Head of the department above"),
                            ("role", "A role"),
                            ("person", "A person"),
                        ],
                        default="head",
                        max_length=8,
                        verbose_name="who approves",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("everyone", models.BooleanField(default=False, verbose_name="all must agree")),
                (
                    "from_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="from amount"
                    ),
                ),
                (
                    "standard",
                    models.CharField(
                        blank=True,
                        help_text="What is looked at, and by when it is decided.",
                        max_length=400,
                        verbose_name="standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Approval",
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
                        choices=guanxi.approvals.subjects.subject_choices,
                        editable=False,
                        max_length=60,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(editable=False, max_length=200, verbose_name="subject")),
                ("reason", models.TextField(blank=True, editable=False, max_length=2000, verbose_name="reason")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, editable=False, max_digits=18, null=True, verbose_name="amount"
                    ),
                ),
                ("label", models.CharField(blank=True, editable=False, max_length=60)),
                ("object_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("payload", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for approval"),
                            ("agreed", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("step", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="step")),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="decided at")),
                ("outcome", models.CharField(blank=True, editable=False, max_length=200, verbose_name="outcome")),
            ],
            options={
                "verbose_name": "approval",
                "abstract": False,
                "indexes": [models.Index(fields=["company", "label", "object_id"], name="approval_of")],
            },
        ),
        migrations.CreateModel(
            name="Vote",
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
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="approvals.approval",
                        verbose_name="approval",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="step")),
                ("step", models.CharField(max_length=80, verbose_name="as")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approver",
                    ),
                ),
                (
                    "stands_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="in place of",
                    ),
                ),
                ("everyone", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Not yet their turn"),
                            ("open", "Decision pending"),
                            ("agreed", "Approved"),
                            ("refused", "Refused"),
                            ("passed", "Passed on"),
                            ("void", "No longer needed"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("opinion", models.TextField(blank=True, max_length=2000, verbose_name="opinion")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="asked at")),
                ("remind_at", models.DateTimeField(blank=True, null=True, verbose_name="remind at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
            ],
            options={
                "verbose_name": "decision",
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(fields=["company", "person", "state"], name="vote_of_person"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["company", "remind_at"], name="vote_to_remind"
                    ),
                ],
            },
        ),
    ]
