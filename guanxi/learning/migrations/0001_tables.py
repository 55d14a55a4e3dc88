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
        ("learning", "0001_learning"),
    ]

    initial = True

    dependencies = [
        ("kernel", "0001_tables"),
        ("org", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("rulebook", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="DetailedRule",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "regulation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.regulation",
                        verbose_name="carries out",
                    ),
                ),
                ("text", models.TextField(max_length=20000, verbose_name="wording")),
                (
                    "effective_on",
                    models.DateField(
                        default=guanxi.kernel.clock.today,
                        help_text="Not before it is filed.",
                        verbose_name="effective from",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waits for approval"),
                            ("filed", "Filed"),
                            ("returned", "Returned"),
                            ("repealed", "Repealed"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("filed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="filed on")),
            ],
            options={
                "verbose_name": "detailed rule",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Publication",
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
                    "regulation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="rulebook.regulation",
                        verbose_name="regulation",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="rulebook.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="learning.detailedrule",
                        verbose_name="detailed rule",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="Of a bulletin, or a word in front of the article.",
                        max_length=20000,
                        verbose_name="text",
                    ),
                ),
                (
                    "roles",
                    guanxi.kernel.models.base.TagsField(
                        blank=True, default=list, help_text="Left empty, all roles.", verbose_name="for roles"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="With those below it; left empty, the whole company.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.department",
                        verbose_name="for the department",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=7, validators=[django.core.validators.MinValueValidator(1)], verbose_name="days to read"
                    ),
                ),
                (
                    "pass_mark",
                    models.PositiveSmallIntegerField(
                        default=80,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="pass mark (%)",
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=3, validators=[django.core.validators.MinValueValidator(1)], verbose_name="attempts"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("published_on", models.DateField(blank=True, editable=False, null=True, verbose_name="published on")),
            ],
            options={
                "verbose_name": "publication",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at", None)), fields=["company", "state"], name="publication_state"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="learning.publication",
                        verbose_name="publication",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                ("text", models.CharField(max_length=400, verbose_name="question")),
                ("a", models.CharField(max_length=200, verbose_name="A")),
                ("b", models.CharField(max_length=200, verbose_name="B")),
                ("c", models.CharField(blank=True, max_length=200, verbose_name="C")),
                ("d", models.CharField(blank=True, max_length=200, verbose_name="D")),
                (
                    "right",
                    models.CharField(
                        choices=[("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")],
                        max_length=1,
                        verbose_name="right answer",
                    ),
                ),
                (
                    "roles",
                    guanxi.kernel.models.base.TagsField(
                        blank=True, default=list, help_text="Left empty, all roles.", verbose_name="only for roles"
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Reading",
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
                    "publication",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="learning.publication",
                        verbose_name="publication",
                    ),
                ),
                ("title", models.CharField(editable=False, max_length=120, verbose_name="title")),
                ("published_on", models.DateField(editable=False, verbose_name="published on")),
                ("due_on", models.DateField(editable=False, verbose_name="read by")),
                ("asked", models.BooleanField(default=False, editable=False, verbose_name="with questions")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="confirmed at"),
                ),
                ("passed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="passed at")),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="best result (%)"
                    ),
                ),
                ("tried", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="attempts made")),
                (
                    "allowed",
                    models.PositiveSmallIntegerField(default=3, editable=False, verbose_name="attempts allowed"),
                ),
            ],
            options={
                "verbose_name": "reading",
                "abstract": False,
                "indexes": [models.Index(fields=["owner", "confirmed_at"], name="reading_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("publication", "owner"),
                        name="learning_reading_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
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
                    "reading",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tries",
                        to="learning.reading",
                        verbose_name="reading",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(editable=False, verbose_name="attempt")),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name="time")),
                ("score", models.PositiveSmallIntegerField(editable=False, verbose_name="result (%)")),
                ("passed", models.BooleanField(editable=False, verbose_name="passed")),
                ("answers", models.JSONField(default=dict, editable=False)),
            ],
            options={
                "verbose_name": "attempt",
                "constraints": [models.UniqueConstraint(fields=("reading", "number"), name="attempt_number")],
            },
        ),
        migrations.CreateModel(
            name="Course",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Service skill and communication"),
                            ("complaints", "Complaint handling"),
                            ("tools", "Process and tool use"),
                            ("products", "Product knowledge"),
                            ("rules", "Rules"),
                        ],
                        default="service",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("content", models.TextField(blank=True, max_length=4000, verbose_name="content")),
                (
                    "roles",
                    guanxi.kernel.models.base.TagsField(
                        blank=True, default=list, help_text="Left empty, all roles.", verbose_name="for roles"
                    ),
                ),
                (
                    "first_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="at introduction, within days",
                    ),
                ),
                (
                    "every_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(120),
                        ],
                        verbose_name="again every (months)",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whoever has passed its questions has proven it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="learning.publication",
                        verbose_name="proven by",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "training plan",
            },
        ),
        migrations.CreateModel(
            name="Proof",
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
                    "course",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="learning.course",
                        verbose_name="training plan",
                    ),
                ),
                ("title", models.CharField(editable=False, max_length=120, verbose_name="title")),
                (
                    "occasion",
                    models.CharField(
                        choices=[("first", "Introduction"), ("again", "Regular")],
                        editable=False,
                        max_length=5,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "opened_on",
                    models.DateField(default=guanxi.kernel.clock.today, editable=False, verbose_name="opened on"),
                ),
                ("due_on", models.DateField(editable=False, verbose_name="due on")),
                ("proven_on", models.DateField(blank=True, editable=False, null=True, verbose_name="proven on")),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quiz", "Questions passed"),
                            ("session", "Training attended"),
                            ("shown", "Shown in practice"),
                        ],
                        editable=False,
                        max_length=7,
                        verbose_name="proven by",
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.training",
                        verbose_name="training",
                    ),
                ),
                ("note", models.CharField(blank=True, editable=False, max_length=200, verbose_name="note")),
                (
                    "proven_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "proof of competence",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)),
                        fields=("course", "owner", "due_on"),
                        name="proof_once",
                    )
                ],
            },
        ),
    ]
