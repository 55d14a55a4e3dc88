"""What a company has fixed about its files: the numbered forms, times, intervals and amounts; all of it data."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.lists import LIVE
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.worktime.models import TIME_OF_DAY


class FormNumber(Record):
    """A printable form with its number and version (FORM-06).  `key` is what the program calls it; a new version is a
    new row with the day from which it is valid, so that an old form is printed as it was."""

    NAME = "title"

    class Key(models.TextChoices):
        REGISTRATION = "registration", _("New-customer registration")
        QUESTIONNAIRE = "questionnaire", _("Exhibition questionnaire")
        CARD = "card", _("Relationship card")
        KEY_CARD = "key_card", _("Card of a key customer")
        VERIFICATION = "verification", _("File verification")
        REPORT = "report", _("Circulation of inspection results")
        INCENTIVES = "incentives", _("List of incentives")

    key = models.CharField(_("form"), max_length=20, choices=Key)
    code = models.CharField(_("form number"), max_length=40)
    title = models.CharField(_("title"), max_length=60)
    form_version = models.CharField(_("version of the form"), max_length=20, default="A/0")
    valid_from = models.DateField(_("valid from"), default=clock.today)

    class Meta:
        verbose_name = _("numbered form")
        ordering = ["key", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["company", "key", "valid_from"], condition=LIVE, name="formnumber_version")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.code} {self.form_version}".strip()


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
