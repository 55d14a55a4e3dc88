"""What customer management is to reach in a year: an indicator, from how much on, for which regulation (ANLY-06, GOV-05)."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import Department
from guanxi.rulebook.models.documents import Regulation

LIVE = Q(deleted_at=None)
TWICE = _("There is a goal for this already.")


def this_year() -> int:
    return clock.today().year


class Goal(Record):
    """At least so many percent of an indicator; without a regulation it speaks of customer management as a whole."""

    NAME = "indicator"

    class Indicator(models.TextChoices):
        OBSERVED = "observed", _("Rate of observance")
        READ = "read", _("Publications read and passed in time")
        SATISFIED = "satisfied", _("Return visits with satisfaction 4 or 5")
        SOLVED = "solved", _("Service requests solved in time")

    BY_REGULATION = (Indicator.OBSERVED, Indicator.READ)

    year = models.PositiveSmallIntegerField(
        _("year"), default=this_year, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    indicator = models.CharField(_("indicator"), max_length=9, choices=Indicator, default=Indicator.OBSERVED)
    regulation = models.ForeignKey(
        Regulation, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("regulation"),
        help_text=_("Empty: customer management as a whole."),
    )  # fmt: skip
    at_least = models.DecimalField(
        _("at least (%)"), max_digits=4, decimal_places=1, default=Decimal(90),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )  # fmt: skip
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible department")
    )
    plan = models.TextField(
        pgettext_lazy("goal", "plan"), max_length=2000, blank=True,
        help_text=_("What is done to reach it, by when, who takes part."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("annual goal")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "year", "indicator", "regulation"], condition=LIVE, name="goal_of_regulation",
                violation_error_message=TWICE,
            ),
            models.UniqueConstraint(
                fields=["company", "year", "indicator"], condition=LIVE & Q(regulation=None), name="goal_of_all",
                violation_error_message=TWICE,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        about = f" {self.regulation}" if self.regulation else ""
        return f"{self.year} {self.get_indicator_display()}{about}"

    def clean(self) -> None:
        super().clean()
        if self.regulation_id and self.indicator not in self.BY_REGULATION:
            raise ValidationError({"regulation": _("This is not told by regulation: leave it empty.")})
