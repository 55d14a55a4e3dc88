"""A visit: planned from the card, begun once the card was read, done once its result is written (CARD-02..04)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.org.models import OwnedRecord


class Visit(OwnedRecord):
    """One customer in one person's pack of one day; the owner visits."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("Card not handed back")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    NAME = "purpose"

    account = models.ForeignKey(Account, models.PROTECT, related_name="visits", verbose_name=_("customer"))
    day = models.DateField(_("day"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED, editable=False)
    read_at = models.DateTimeField(_("card read at"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("handed back at"), null=True, blank=True, editable=False)
    result = models.TextField(_("result and needs"), max_length=2000, blank=True, editable=False)
    competitor = models.CharField(_("competitor"), max_length=400, blank=True, editable=False)
    next_step = models.CharField(_("next step"), max_length=400, blank=True, editable=False)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("visit")
        indexes = [
            models.Index(fields=["owner", "day"], name="visit_of_day"),
            models.Index(fields=["account"], name="visit_of_account"),
            models.Index(fields=["company", "day"], condition=Q(state="started"), name="visit_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "account", "day"],
                condition=Q(deleted_at=None) & ~Q(state="dropped"),
                name="visit_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.day}"
