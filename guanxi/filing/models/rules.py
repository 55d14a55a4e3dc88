"""What a company has fixed about its files: times, intervals and amounts; all of it data."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.lists import LIVE
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.worktime.models import TIME_OF_DAY


class FilingRules(Record):
    """Times and amounts of filing from a day on; a company without a row has the values below."""

    valid_from = models.DateField(_("valid from"), default=clock.today)
    due_at = models.CharField(
        _("registrations are filed by"), max_length=5, default="18:00",
        validators=[TIME_OF_DAY],
    )  # fmt: skip
    recheck_days = models.PositiveSmallIntegerField(
        _("re-verify every (days)"), default=365, help_text=_("Where the class of a customer says nothing else.")
    )
    complete_from = models.PositiveSmallIntegerField(
        _("a file is complete from (%)"), default=100, validators=[MaxValueValidator(100)]
    )
    task_days = models.PositiveSmallIntegerField(_("working days for a verification"), default=15)
    join_hourly = models.PositiveSmallIntegerField(_("self-registrations an hour from one address"), default=10)
    join_hourly_link = models.PositiveSmallIntegerField(_("self-registrations an hour through one link"), default=300)
    edit_days = models.PositiveSmallIntegerField(_("days a customer’s own link works"), default=30)

    streak = models.PositiveSmallIntegerField(
        _("consecutive defects that count"), default=3, validators=[MinValueValidator(1)]
    )
    streak_points = models.DecimalField(_("amount for each of them"), max_digits=8, decimal_places=2, default=20)
    untrue_points = models.DecimalField(_("amount for untrue facts"), max_digits=8, decimal_places=2, default=20)
    not_done_points = models.DecimalField(
        _("amount for results not carried out"), max_digits=8, decimal_places=2, default=20
    )
    clean_points = models.DecimalField(
        _("reward for a month without defects"), max_digits=8, decimal_places=2, default=20
    )
    clean_from = models.PositiveSmallIntegerField(_("files a month that earn the reward"), default=10)
    deviation = models.PositiveSmallIntegerField(_("defect rate that calls for rectification (%)"), default=20)
    deviation_from = models.PositiveSmallIntegerField(_("files from which a rate counts"), default=5)

    class Meta:
        verbose_name = _("filing rules")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["company", "valid_from"], condition=LIVE, name="filingrules_from")
        ]

    def __str__(self) -> str:
        return str(_("Filing rules"))

    @property
    def due_time(self) -> time:
        return time.fromisoformat(self.due_at)
