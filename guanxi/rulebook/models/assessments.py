"""Assessments: what a check of the rules found, what is done about it, by whom and until when (GOV-04, GOV-05)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.org.models import OwnedRecord
from guanxi.rulebook.models.clauses import Clause


class Assessment(OwnedRecord):
    """The owner corrects it; without a clause it speaks of a department as a whole."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("assessment", "To be corrected")
        CLOSED = "closed", pgettext_lazy("assessment", "Corrected")

    NAME = "finding"

    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="assessments", verbose_name=_("clause")
    )
    found_on = models.DateField(_("found on"), default=clock.today)
    finding = models.CharField(_("finding"), max_length=400)
    measure = models.TextField(_("measure"), max_length=2000)
    due_on = models.DateField(_("to be corrected by"))
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=1000, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("assessment")
        indexes = [models.Index(fields=["company", "found_on"], name="assessment_by_day")]

    def __str__(self) -> str:
        return self.finding
