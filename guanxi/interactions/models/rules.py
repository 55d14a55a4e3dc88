"""What a company has fixed about its dealings: after how many days somebody asks back; all of it data."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record


class ContactRules(Record):
    """One row per company; 0 switches a reminder or a kind of return visit off."""

    NAME = "id"

    plan_required = models.BooleanField(
        _("visits need an agreed plan"), default=False,
        help_text=_("Without it, visits that nobody agreed to are only shown as such."),
    )  # fmt: skip
    purchase_days = models.PositiveSmallIntegerField(_("return visit after a purchase within (days)"), default=7)
    solved_days = models.PositiveSmallIntegerField(_("return visit after a solved deviation within (days)"), default=2)
    gap_days = models.PositiveSmallIntegerField(
        _("return visit about missing data or a new purchaser within (days)"), default=5
    )
    annual_month = models.PositiveSmallIntegerField(
        _("month of the annual return visits"), default=11, validators=[MaxValueValidator(12)],
        help_text=_("0: no annual round."),
    )  # fmt: skip
    request_days = models.PositiveSmallIntegerField(
        _("service requests are solved within (days)"), default=3, validators=[MinValueValidator(1)]
    )
    silent_days = models.PositiveSmallIntegerField(_("remind of customers without contact for (days)"), default=30)

    class Meta:
        verbose_name = _("rules of visits and return visits")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
