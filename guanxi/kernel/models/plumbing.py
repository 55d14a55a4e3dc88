"""Tables of the machinery itself: extra fields, numbers, jobs, schedules, outbox, idempotency keys, search documents."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models.base import Company, IdField, Record, TagsField


class ExtraField(Record):
    """A field an administrator added to an entity; its values live in the record's `extra` column under `name`."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LONGTEXT = "longtext", _("Long text")
        NUMBER = "decimal", _("Number")
        MONEY = "money", _("Amount")
        DATE = "date", _("Date")
        BOOL = "bool", _("Yes or no")
        CHOICE = "choice", _("Single choice")
        TAGS = "tags", _("Multiple choice")

    label = models.CharField(pgettext_lazy("extra field", "belongs to"), max_length=60)
    name = models.SlugField(
        _("field name"),
        max_length=40,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9]*(_[a-z0-9]+)*\Z", _("Small letters, digits and single underscores; a letter first.")
            )
        ],
    )
    title = models.CharField(_("title"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    options = TagsField(_("choices"))
    required = models.BooleanField(_("required"), default=False)
    sensitive = models.BooleanField(_("sensitive"), default=False)
    help = models.CharField(_("hint"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("extra field")
        ordering = ["label", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "label", "name"], name="extrafield_name")]

    def __str__(self) -> str:
        return self.title


class Counter(models.Model):
    """The last number given out per company, series and period (see kernel.numbering)."""

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    series = models.CharField(max_length=40)
    period = models.CharField(max_length=10, blank=True)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "series", "period"], name="counter_series")]


class Job(models.Model):
    """One piece of background work.  A worker leases it by a conditional update; `attempt` fences off a lost worker."""

    class State(models.TextChoices):
        READY = "ready", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    language = models.CharField(max_length=10, blank=True)  # of the person who asked: the job speaks it
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    run_at = models.DateTimeField(default=clock.now)
    leased_until = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    unique_key = models.CharField(max_length=120, null=True)
    done_steps = models.PositiveBigIntegerField(default=0)
    all_steps = models.PositiveBigIntegerField(null=True)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    cancel_asked = models.BooleanField(default=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        indexes = [models.Index(fields=["state", "run_at"], name="job_next")]
        constraints = [
            # One waiting or running job per key; finished ones do not block.
            models.UniqueConstraint(
                fields=["unique_key"], condition=models.Q(state__in=["ready", "running"]), name="job_unique_key"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """When a named job runs next; moved on by compare-and-set so that each due time fires once."""

    name = models.CharField(max_length=80, primary_key=True)
    next_run = models.DateTimeField()


class OutboxEvent(models.Model):
    """An event written with its cause in one transaction and delivered to listeners afterwards."""

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    pending = models.JSONField(default=list)  # listeners that have not taken it yet
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(delivered_at=None), name="outbox_waiting")]


class IdempotencyKey(models.Model):
    """The answer already given to a form or API call, so that a double submit is answered and not repeated."""

    id = IdField(primary_key=True, default=new_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]


class ImportedRow(models.Model):
    """What an import did with one source row: lets it resume after a kill and be undone as a whole."""

    id = IdField(primary_key=True, default=new_id)
    job = models.ForeignKey(Job, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=8)  # created, updated, merged, failed
    label = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    before = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "line", "label"], name="importedrow_line")]


class SearchDoc(models.Model):
    """The search tokens of one row (see kernel.search); `text` is the normalised text that hits are rechecked against."""

    object_id = IdField(primary_key=True)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    label = models.CharField(max_length=60)
    doc = models.TextField()
    text = models.TextField()
