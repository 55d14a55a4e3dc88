"""When the company works: days that differ from the packaged calendar, and opening hours of its departments."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record
from guanxi.org.models import Department

OPENS, CLOSES = time(9), time(18)  # where a company has said nothing
TIME_OF_DAY = RegexValidator(r"^([01]\d|2[0-3]):[0-5]\d\Z", _("Write a time of day such as 18:00."))


class CalendarDay(Record):
    """A day as a notice or the company has fixed it.  A year is published once a row carries the notice for it."""

    class Kind(models.TextChoices):
        WORKDAY = "workday", _("Working day")
        RESTDAY = "restday", _("Day off")
        LEGAL_HOLIDAY = "legal_holiday", _("Legal holiday")

    date = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    name = models.CharField(_("name"), max_length=40, blank=True)
    notice_year = models.PositiveSmallIntegerField(
        _("from the notice for the year"), null=True, blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text=_("Empty for the company’s own days: they win over the notice."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("calendar day")
        constraints = [
            models.UniqueConstraint(fields=["company", "date"], condition=Q(deleted_at=None), name="calendarday_once")
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}".strip()


class OpeningHours(Record):
    """From when to when a department works; those below it inherit.  Without department it speaks for the whole company."""

    NAME = "opens_at"

    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("department"),
        help_text=_("Empty for the whole company."),
    )  # fmt: skip
    opens_at = models.CharField(_("opens"), max_length=5, default="09:00", validators=[TIME_OF_DAY])
    closes_at = models.CharField(_("closes"), max_length=5, default="18:00", validators=[TIME_OF_DAY])

    class Meta:
        verbose_name = _("opening hours")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "department"], condition=Q(deleted_at=None), name="openinghours_once"
            ),
            models.UniqueConstraint(
                fields=["company"], condition=Q(deleted_at=None, department=None), name="openinghours_company"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens_at}–{self.closes_at}"

    def clean(self) -> None:
        super().clean()
        if self.opens_at >= self.closes_at:
            raise ValidationError({"closes_at": _("The day closes before it opens.")})

    def validate_unique(self, exclude: Any = None) -> None:
        """A second row for the whole company, said in words that name the field."""
        super().validate_unique(exclude)
        twins = OpeningHours.objects.filter(company_id=self.company_id, department=None).exclude(pk=self.pk)
        if self.department_id is None and twins.exists():
            raise ValidationError({"department": _("There are hours for the whole company already.")})
