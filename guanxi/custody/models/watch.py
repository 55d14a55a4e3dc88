"""Limits on reading and exporting, what each person has read by the hour, every export, and what stood out (SEC-07)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Company, IdField, Record
from guanxi.org.models import OwnedRecord, User

WHOLE_DAY = 24  # the hour under which a day's sums stand


class Safeguard(Record):
    """The limits of a company; 0 switches one off.  A normal day's work never comes near them."""

    export_rows = models.PositiveIntegerField(
        _("export without approval up to (rows)"), default=500, help_text=_("A larger export needs an approval.")
    )
    export_daily = models.PositiveIntegerField(
        _("exported without approval in a day (rows)"), default=2_000, help_text=_("Per person; 0: no limit.")
    )
    opened_hour = models.PositiveIntegerField(_("cards opened in an hour"), default=300)
    opened_day = models.PositiveIntegerField(_("cards opened in a day"), default=1_000)
    listed_hour = models.PositiveIntegerField(_("rows listed in an hour"), default=10_000)
    listed_day = models.PositiveIntegerField(_("rows listed in a day"), default=30_000)
    warn_percent = models.PositiveSmallIntegerField(
        _("tell the head from (% of a limit)"),
        default=50,
        validators=[MinValueValidator(10), MaxValueValidator(100)],
    )
    loan_days = models.PositiveSmallIntegerField(_("longest loan (days)"), default=30)

    class Meta:
        verbose_name = _("limits of reading and exporting")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Tally(models.Model):
    """What one person has read in one hour; hour 24 holds the day.  Only ever counted up, by the database itself."""

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    hour = models.PositiveSmallIntegerField(_("hour"))
    opened = models.PositiveIntegerField(_("cards opened"), default=0)
    listed = models.PositiveIntegerField(_("rows listed"), default=0)
    exported = models.PositiveIntegerField(_("rows exported"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day", "hour"], name="tally_hour")]


class Flag(OwnedRecord):
    """Something that stood out: who (the owner), when, what, measured against which limit."""

    class Kind(models.TextChoices):
        OPENED_HOUR = "opened_hour", _("Cards opened in an hour")
        OPENED_DAY = "opened_day", _("Cards opened in a day")
        LISTED_HOUR = "listed_hour", _("Rows listed in an hour")
        LISTED_DAY = "listed_day", _("Rows listed in a day")
        EXPORTED = "exported", _("Rows exported in a day")

    class Level(models.TextChoices):
        WARNING = "warning", _("Stands out")
        STOPPED = "stopped", _("Stopped")

    kind = models.CharField(_("what"), max_length=12, choices=Kind, editable=False)
    level = models.CharField(_("consequence"), max_length=8, choices=Level, editable=False)
    day = models.DateField(_("day"), editable=False)
    number = models.PositiveIntegerField(_("reached"), default=0, editable=False)
    allowed = models.PositiveIntegerField(_("limit"), default=0, editable=False)
    turn = models.PositiveSmallIntegerField(default=0, editable=False)  # how often it had been lifted that day
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("lifted by")
    )
    remark = models.CharField(_("remark"), max_length=400, blank=True, editable=False)

    NAME = "kind"

    class Meta(OwnedRecord.Meta):
        verbose_name = _("unusual reading or export")
        constraints = [
            models.UniqueConstraint(fields=["owner", "day", "kind", "level", "turn"], name="flag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} · {self.get_kind_display()} {self.number}"


class ExportLog(OwnedRecord):
    """One file that left the system: who, what, which rows, its hash, on whose word, and when it was fetched."""

    NAME = "number"

    number = models.CharField(_("number"), max_length=40, editable=False)
    what = models.CharField(_("what"), max_length=60, editable=False)
    sentence = models.TextField(_("filter"), blank=True, editable=False)
    words = models.CharField(_("search words"), max_length=100, blank=True, editable=False)
    fields = models.TextField(_("columns"), blank=True, editable=False)
    kind = models.CharField(_("format"), max_length=8, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    sha256 = models.CharField(_("hash of the file"), max_length=64, blank=True, editable=False)
    approval = models.ForeignKey(
        Approval, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("approval")
    )
    job_id = models.BigIntegerField(null=True, editable=False)
    written_at = models.DateTimeField(_("written at"), null=True, blank=True, editable=False)
    fetched_at = models.DateTimeField(_("last fetched at"), null=True, blank=True, editable=False)
    fetched = models.PositiveSmallIntegerField(_("times fetched"), default=0, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("export")
        indexes = [models.Index(fields=["company", "job_id"], condition=Q(job_id__isnull=False), name="export_of_job")]
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="export_number")]

    def __str__(self) -> str:
        return self.number
