import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("rulebook", "0001_rulebook"),
        ("rulebook", "0002_assessments"),
        ("rulebook", "0003_duty_indexes"),
        ("rulebook", "0004_processes"),
        ("rulebook", "0005_revisions"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Regulation",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("purpose", models.TextField(blank=True, max_length=2000, verbose_name="purpose")),
                ("scope", models.TextField(blank=True, max_length=1000, verbose_name="concerns")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="effective from")),
                (
                    "interpreter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="org.department",
                        verbose_name="interpreted by",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source")),
            ],
            options={
                "verbose_name": "regulation",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "code"), name="regulation_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
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
                    "regulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="articles",
                        to="rulebook.regulation",
                        verbose_name="regulation",
                    ),
                ),
                ("chapter", models.CharField(blank=True, max_length=80, verbose_name="chapter")),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(blank=True, max_length=6000, verbose_name="wording")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("carried_out_by", models.CharField(blank=True, max_length=120, verbose_name="carried out by")),
                ("supervised_by", models.CharField(blank=True, max_length=120, verbose_name="supervised by")),
            ],
            options={
                "verbose_name": "article",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("regulation", "number"), name="article_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleRevision",
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
                    "article",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="rulebook.article",
                        verbose_name="article",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version")),
                ("effective_on", models.DateField(editable=False, verbose_name="effective from")),
                ("note", models.CharField(editable=False, max_length=400, verbose_name="what has changed")),
                ("title", models.CharField(editable=False, max_length=120, verbose_name="title")),
                ("text", models.TextField(editable=False, max_length=6000, verbose_name="wording")),
                ("old_title", models.CharField(editable=False, max_length=120)),
                ("old_text", models.TextField(blank=True, editable=False, max_length=6000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for approval"),
                            ("agreed", "Holds from its day"),
                            ("published", "Published"),
                            ("refused", "Refused"),
                        ],
                        default="asked",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
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
                "verbose_name": "revision of an article",
                "ordering": ["article", "number"],
                "constraints": [models.UniqueConstraint(fields=("article", "number"), name="articlerevision_number")],
            },
        ),
        migrations.CreateModel(
            name="Clause",
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
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clauses",
                        to="rulebook.article",
                        verbose_name="article",
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("within", "Within a time"),
                            ("every", "Every period"),
                            ("holds", "Must hold"),
                            ("share", "Shares"),
                            ("guard", "Guard"),
                        ],
                        editable=False,
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True, help_text="Requirement and source text.", max_length=120, verbose_name="basis"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="switched on")),
                ("waits_for", models.CharField(blank=True, editable=False, max_length=200, verbose_name="waits for")),
            ],
            options={
                "verbose_name": "clause",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "code"), name="clause_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClauseVersion",
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
                    "clause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="rulebook.clause",
                        verbose_name="clause",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version")),
                ("effective_on", models.DateField(verbose_name="effective from")),
                ("spec", models.JSONField(default=dict, verbose_name="rule")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="what has changed")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waits for approval"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("trial", models.JSONField(blank=True, default=dict, editable=False)),
                ("shipped", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
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
                "verbose_name": "clause version",
                "ordering": ["clause", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("clause", "number"), name="clauseversion_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None), ("state", "published")),
                        fields=("clause", "effective_on"),
                        name="clauseversion_from",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                    "clause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="rulebook.clause",
                        verbose_name="clause",
                    ),
                ),
                ("found_on", models.DateField(default=guanxi.kernel.clock.today, verbose_name="found on")),
                ("finding", models.CharField(max_length=400, verbose_name="finding")),
                ("measure", models.TextField(max_length=2000, verbose_name="measure")),
                ("due_on", models.DateField(verbose_name="to be corrected by")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To be corrected"), ("closed", "Corrected")],
                        default="open",
                        editable=False,
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="closed on")),
                ("result", models.CharField(blank=True, editable=False, max_length=1000, verbose_name="result")),
            ],
            options={
                "verbose_name": "assessment",
                "abstract": False,
                "indexes": [models.Index(fields=["company", "found_on"], name="assessment_by_day")],
            },
        ),
        migrations.CreateModel(
            name="Duty",
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
                    "clause",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="rulebook.clause",
                        verbose_name="clause",
                    ),
                ),
                (
                    "clause_version",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.clauseversion",
                    ),
                ),
                ("subject_label", models.CharField(editable=False, max_length=60)),
                ("subject_id", models.BigIntegerField(editable=False)),
                ("title", models.CharField(editable=False, max_length=200, verbose_name="about")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="duties",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                ("turn", models.IntegerField(default=0, editable=False)),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="owed from")),
                ("opened_on", models.DateField(editable=False)),
                ("due_at", models.DateTimeField(editable=False, verbose_name="due")),
                ("overdue_at", models.DateTimeField(editable=False)),
                ("overdue_on", models.DateField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("met", "Kept"),
                            ("late", "Kept late"),
                            ("missed", "Missed"),
                            ("waived", "Waived"),
                            ("void", "No longer owed"),
                        ],
                        default="open",
                        editable=False,
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("met_on", models.DateField(blank=True, editable=False, null=True, verbose_name="kept on")),
                ("met_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("evidence_label", models.CharField(blank=True, editable=False, max_length=60)),
                ("evidence_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("level", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="steps taken")),
                ("figures", models.JSONField(blank=True, default=dict, editable=False)),
                ("note", models.CharField(blank=True, editable=False, max_length=400, verbose_name="reason")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="waived by",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["clause", "due_at"], name="duty_of_clause"),
                    models.Index(fields=["owner", "state", "due_at"], name="duty_of_person"),
                    models.Index(
                        condition=models.Q(("account__isnull", False)),
                        fields=["account", "state"],
                        name="duty_of_account",
                    ),
                    models.Index(fields=["company", "state", "overdue_at"], name="duty_overdue"),
                    models.Index(fields=["clause", "state", "level"], name="duty_standing"),
                    models.Index(fields=["company", "due_at"], name="duty_by_day"),
                ],
                "constraints": [models.UniqueConstraint(fields=("clause", "subject_id", "turn"), name="duty_once")],
            },
        ),
        migrations.CreateModel(
            name="DutyStep",
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
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="rulebook.duty"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now)),
            ],
            options={
                "verbose_name": "step of a duty",
                "indexes": [
                    models.Index(fields=["to", "at"], name="dutystep_to"),
                    models.Index(fields=["company", "at"], name="dutystep_at"),
                ],
                "constraints": [models.UniqueConstraint(fields=("duty", "level"), name="dutystep_once")],
            },
        ),
        migrations.CreateModel(
            name="DutyRun",
            fields=[
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="kernel.company",
                    ),
                ),
                ("judged_until", models.DateTimeField(null=True)),
                ("announced_until", models.DateTimeField(null=True)),
                ("figures", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "run of the rulebook",
            },
        ),
        migrations.CreateModel(
            name="ProcessStep",
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
                ("process", models.CharField(max_length=40, verbose_name="process")),
                ("title", models.CharField(max_length=60, verbose_name="step")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("about", models.CharField(editable=False, max_length=60)),
                ("states", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="org.role",
                        verbose_name="responsible role",
                    ),
                ),
                ("standard", models.TextField(blank=True, max_length=1000, verbose_name="standard")),
                ("clause_code", models.CharField(blank=True, max_length=40, verbose_name="code of the clause")),
            ],
            options={
                "verbose_name": "process step",
                "ordering": ["position", "id"],
            },
        ),
    ]
