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
        ("handover", "0001_accounts"),
        ("handover", "0002_handovers"),
        ("handover", "0003_forms"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Post",
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
                ("name", models.CharField(max_length=60, verbose_name="post")),
                ("roles", guanxi.kernel.models.base.TagsField(blank=True, default=list, verbose_name="roles")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
            ],
            options={
                "verbose_name": "roles of a post",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "name"), name="one_row_a_post"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonnelChange",
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
                        choices=[("entry", "Entry"), ("move", "Change of post"), ("leaving", "Leaving")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of somebody who has an account already.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("username", models.CharField(blank=True, max_length=60, verbose_name="sign-in name")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post from then on")),
                (
                    "to_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="department from then on",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="remark")),
                ("due_on", models.DateField(blank=True, editable=False, verbose_name="request due on")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Request missing"), ("filed", "Requested"), ("done", "Carried out")],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("filed_on", models.DateField(editable=False, null=True, verbose_name="requested on")),
                ("late", models.BooleanField(default=False, editable=False, verbose_name="late")),
                ("access_ended_at", models.DateTimeField(editable=False, null=True, verbose_name="access ended at")),
            ],
            options={
                "verbose_name": "personnel change",
                "abstract": False,
                "indexes": [models.Index(fields=["company", "state", "due_on"], name="personnelchange_due")],
            },
        ),
        migrations.CreateModel(
            name="AccountRequest",
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
                ("number", models.CharField(blank=True, editable=False, max_length=40, verbose_name="request number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "Open an account"),
                            ("change", "Change rights"),
                            ("close", "Close an account"),
                        ],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of somebody who has an account already.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("username", models.CharField(blank=True, max_length=60, verbose_name="sign-in name")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                (
                    "to_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="department from then on",
                    ),
                ),
                (
                    "roles",
                    guanxi.kernel.models.base.TagsField(
                        blank=True,
                        default=list,
                        help_text="Left empty, the roles of the post.",
                        verbose_name="wanted roles",
                    ),
                ),
                ("scope", models.CharField(blank=True, max_length=200, verbose_name="wanted data scope")),
                ("day", models.DateField(verbose_name="effective on")),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                ("wanted", models.TextField(blank=True, max_length=2000, verbose_name="wanted handling")),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="handover.personnelchange",
                        verbose_name="personnel change",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Waiting for approval"),
                            ("agreed", "Approved, to carry out"),
                            ("done", "Carried out"),
                            ("refused", "Refused"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("filed_on", models.DateField(editable=False, null=True, verbose_name="requested on")),
                ("done_at", models.DateTimeField(editable=False, null=True, verbose_name="carried out at")),
            ],
            options={
                "verbose_name": "account request",
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("company", "number"), name="accountrequest_number")],
            },
        ),
        migrations.CreateModel(
            name="AccountRules",
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
                    "close_on_leaving",
                    models.BooleanField(
                        default=True, verbose_name="close the account at the end of the day of leaving"
                    ),
                ),
                (
                    "end_roles_on_move",
                    models.BooleanField(
                        default=True,
                        help_text="At the end of the day the request is due, unless new rights have been given by then.",
                        verbose_name="old rights end with the change of post",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="“at the same time” means within (minutes)"
                    ),
                ),
                (
                    "networks",
                    models.PositiveSmallIntegerField(default=2, verbose_name="networks at the same time, from"),
                ),
                ("devices", models.PositiveSmallIntegerField(default=5, verbose_name="devices within a week, from")),
                ("night_from", models.PositiveSmallIntegerField(default=0, verbose_name="unusual from (hour)")),
                ("night_to", models.PositiveSmallIntegerField(default=5, verbose_name="unusual until (hour)")),
            ],
            options={
                "verbose_name": "rules for accounts",
            },
        ),
        migrations.CreateModel(
            name="SharingSign",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("networks", "Several networks at the same time"),
                            ("devices", "Many devices"),
                            ("night", "Unusual hours"),
                        ],
                        max_length=10,
                        verbose_name="sign",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("evidence", models.TextField(verbose_name="evidence")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To look at"), ("explained", "Explained"), ("confirmed", "Shared indeed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="outcome")),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked at by",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign of a shared account",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "person", "kind", "day"), name="sharingsign_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                ("name", models.CharField(blank=True, editable=False, max_length=80, verbose_name="name")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hands over",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("leaving", "Leaving"), ("move", "Change of post")],
                        default="leaving",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "rest_to",
                    models.ForeignKey(
                        help_text="Gets everything that no rule and no hand has given to somebody else.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="takes the rest",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "To be signed"),
                            ("leaver", "Signed by the giving side"),
                            ("signed", "Signed by all"),
                            ("sealing", "Being sealed"),
                            ("sealed", "Sealed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("signed_at", models.DateTimeField(editable=False, null=True, verbose_name="signed at")),
                (
                    "signed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="remark of the signer"),
                ),
                ("problem", models.CharField(blank=True, editable=False, max_length=400, verbose_name="problem")),
                ("job_id", models.BigIntegerField(editable=False, null=True)),
                ("sealed_at", models.DateTimeField(editable=False, null=True, verbose_name="sealed at")),
                (
                    "sealed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sealed by",
                    ),
                ),
                ("seal", models.CharField(blank=True, editable=False, max_length=64, verbose_name="seal")),
            ],
            options={
                "verbose_name": "handover",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("deleted_at", None), models.Q(("state__in", ["sealed", "cancelled"]), _negated=True)
                        ),
                        fields=("company", "person"),
                        name="one_handover_at_a_time",
                        violation_error_message="A handover of this person is under way already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Successor",
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
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successors",
                        to="handover.handover",
                        verbose_name="handover",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("signed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="signed at")),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "successor",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("handover", "person"),
                        name="successor_once",
                        violation_error_message="This person is a successor already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
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
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="handover.handover",
                        verbose_name="handover",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                ("label", models.CharField(default="customers.account", max_length=60, verbose_name="kind of thing")),
                ("where", models.JSONField(blank=True, default=dict, verbose_name="condition")),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Left empty, all successors take turns, the largest customers first.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of division",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Holding",
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
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdings",
                        to="handover.handover",
                        verbose_name="handover",
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="kind of thing")),
                ("link", models.CharField(max_length=40, verbose_name="held as")),
                ("object_id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="what")),
                ("customer_id", models.BigIntegerField(null=True)),
                (
                    "weight",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=18, verbose_name="revenue of a year"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="goes to",
                    ),
                ),
                ("by_hand", models.BooleanField(default=False, verbose_name="given by hand")),
                ("problem", models.CharField(blank=True, max_length=200, verbose_name="problem")),
                ("before", models.CharField(blank=True, max_length=64, verbose_name="checksum before")),
                ("after", models.CharField(blank=True, max_length=64, verbose_name="checksum after")),
                ("moved_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over at")),
            ],
            options={
                "verbose_name": "thing handed over",
                "ordering": ["-weight", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("handover", "label", "link", "object_id"), name="holding_once")
                ],
            },
        ),
    ]
