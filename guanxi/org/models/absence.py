"""Leave and travel: who is away when, and who stands in (INFO-18, USE-02)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.org.models.owned import OwnedRecord
from guanxi.org.models.people import User


class Absence(OwnedRecord):
    """The owner is away from the first to the last day, both included; the deputy meanwhile sees and does the owner's work."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave")
        TRAVEL = "travel", _("Travel")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.LEAVE)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("deputy"))
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("absence")
        indexes = [models.Index(fields=["company", "deputy", "ends_on"], name="absence_deputy")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.owner} · {self.starts_on} – {self.ends_on}"

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day lies before the first.")})
        if self.deputy is not None and (self.deputy_id == self.owner_id or not self.deputy.is_active):
            raise ValidationError({"deputy": _("Choose a colleague who is there.")})

    @staticmethod
    def on(day: date) -> Q:
        """Absences that cover a day."""
        return Q(deleted_at=None, starts_on__lte=day, ends_on__gte=day)
