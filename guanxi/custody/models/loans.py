"""Cards lent for reading outside one's own customers: who, why, until when, on whose word (CARD-11)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval
from guanxi.customers.models import Account
from guanxi.org.models import OwnedRecord


class CardLoan(OwnedRecord):
    """The owner borrows a card: it may be read, never changed, from the yes to the last day, both included."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        LENT = "lent", _("On loan")
        EXPIRED = "expired", _("Ended, not handed back")
        RETURNED = "returned", _("Handed back")
        REFUSED = "refused", _("Not lent")

    NAME = "purpose"

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="loans", editable=False, verbose_name=_("customer")
    )
    purpose = models.CharField(_("purpose"), max_length=400, editable=False)
    starts_on = models.DateField(_("lent on"), null=True, blank=True, editable=False)
    until = models.DateField(_("until"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED, editable=False)
    approval = models.ForeignKey(
        Approval, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("approval")
    )
    returned_on = models.DateField(_("handed back on"), null=True, blank=True, editable=False)
    result = models.CharField(_("what it was used for"), max_length=400, blank=True, editable=False)
    opened = models.PositiveIntegerField(_("times opened"), default=0, editable=False)
    opened_at = models.DateTimeField(_("last opened at"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("loan of a card")
        indexes = [
            models.Index(fields=["owner", "until"], condition=Q(state="lent"), name="cardloan_running"),
            models.Index(fields=["account"], name="cardloan_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} · {self.purpose}"  # the name of a card that was not lent is nobody's business

    @staticmethod
    def on(day: date) -> Q:
        """Loans that open their card on a day."""
        return Q(deleted_at=None, state="lent", starts_on__lte=day, until__gte=day)
