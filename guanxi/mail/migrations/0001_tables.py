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
        ("mail", "0001_initial"),
        ("mail", "0002_copies_and_signatures"),
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
            name="Mailbox",
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
                    "name",
                    models.CharField(help_text="Recipients read it as the sender.", max_length=60, verbose_name="name"),
                ),
                ("address", models.CharField(max_length=254, verbose_name="e-mail")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("imap_host", models.CharField(max_length=200, verbose_name="IMAP server")),
                (
                    "imap_port",
                    models.PositiveIntegerField(
                        default=993,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                        verbose_name="IMAP port",
                    ),
                ),
                (
                    "imap_security",
                    models.CharField(
                        choices=[("ssl", "SSL/TLS"), ("starttls", "STARTTLS"), ("none", "None")],
                        default="ssl",
                        max_length=8,
                        verbose_name="IMAP encryption",
                    ),
                ),
                (
                    "user",
                    models.CharField(
                        blank=True, help_text="Empty: the e-mail address.", max_length=254, verbose_name="sign-in name"
                    ),
                ),
                ("smtp_host", models.CharField(max_length=200, verbose_name="SMTP server")),
                (
                    "smtp_port",
                    models.PositiveIntegerField(
                        default=465,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                        verbose_name="SMTP port",
                    ),
                ),
                (
                    "smtp_security",
                    models.CharField(
                        choices=[("ssl", "SSL/TLS"), ("starttls", "STARTTLS"), ("none", "None")],
                        default="ssl",
                        max_length=8,
                        verbose_name="SMTP encryption",
                    ),
                ),
                (
                    "smtp_user",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the same as for IMAP.",
                        max_length=254,
                        verbose_name="SMTP sign-in name",
                    ),
                ),
                (
                    "since",
                    models.DateField(
                        default=guanxi.kernel.clock.today,
                        help_text="Older e-mails are left where they are.",
                        verbose_name="e-mails from",
                    ),
                ),
                (
                    "signature",
                    models.TextField(
                        blank=True,
                        help_text="Stands below the writer’s name and post in every letter: company, address, hotline. Empty: the company’s name.",
                        max_length=600,
                        verbose_name="signature",
                    ),
                ),
                ("sealed_secret", models.TextField(blank=True, editable=False)),
                ("uid_validity", models.BigIntegerField(default=0, editable=False)),
                ("last_uid", models.BigIntegerField(default=0, editable=False)),
                ("next_at", models.DateTimeField(editable=False, null=True)),
                ("fetched_at", models.DateTimeField(editable=False, null=True, verbose_name="last fetched")),
                ("finding", models.CharField(blank=True, editable=False, max_length=400, verbose_name="connection")),
                ("works", models.BooleanField(default=False, editable=False, verbose_name="works")),
            ],
            options={
                "verbose_name": "mailbox",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at", None)), fields=("company", "address"), name="mailbox_address"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Thread",
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
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mail.mailbox",
                        verbose_name="mailbox",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mail_threads",
                        to="customers.account",
                        verbose_name="customer",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                        verbose_name="contact",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("address", models.CharField(max_length=254, verbose_name="address")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="sender’s name")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Unassigned"), ("assigned", "Assigned"), ("aside", "Set aside")],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("last_at", models.DateTimeField(default=guanxi.kernel.clock.now, verbose_name="last e-mail")),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "conversation",
                "indexes": [
                    models.Index(fields=["account", "last_at"], name="thread_of_account"),
                    models.Index(fields=["company", "address", "last_at"], name="thread_by_address"),
                    models.Index(
                        condition=models.Q(("deleted_at", None)),
                        fields=["company", "last_at", "id"],
                        name="thread_by_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
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
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="mail.thread",
                        verbose_name="conversation",
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mail.mailbox",
                        verbose_name="mailbox",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "From us"), ("in", "From the customer")],
                        default="in",
                        max_length=3,
                        verbose_name="direction",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("waiting", "Waiting to be sent"),
                            ("leaving", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Not sent"),
                        ],
                        default="received",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("message_id", models.CharField(max_length=255)),
                ("references", models.TextField(blank=True)),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("sender", models.CharField(max_length=254)),
                ("sender_name", models.CharField(blank=True, max_length=100, verbose_name="sender’s name")),
                ("recipients", models.CharField(blank=True, max_length=1000)),
                ("copies", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField(default=guanxi.kernel.clock.now, verbose_name="at")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("signature", models.TextField(blank=True, editable=False, verbose_name="signature")),
                ("automatic", models.BooleanField(default=False, verbose_name="sent automatically")),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                ("problem", models.CharField(blank=True, max_length=400, verbose_name="last problem")),
            ],
            options={
                "verbose_name": "e-mail",
                "ordering": ["at", "id"],
                "constraints": [models.UniqueConstraint(fields=("mailbox", "message_id"), name="mail_once")],
            },
        ),
    ]
