"""Who serves a customer besides its account manager, and the plan they share (ORG-08, GROUP-02)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.accounts import Account
from guanxi.customers.models.lists import LIVE
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User


class AccountMember(Record):
    """Somebody assists with an account from `since` to `until`, both included, without owning it.

    Members see the account and what hangs on it (see services.teams); its own data stays with the account manager.
    """

    NAME = "person"

    class Role(models.TextChoices):
        ASSISTANT = "assistant", _("Assistant")
        TECHNICAL = "technical", _("Technical support")
        SERVICE = "service", _("Customer service")
        FINANCE = "finance", _("Finance")
        MANAGER = "manager", _("Executive sponsor")

    account = models.ForeignKey(Account, models.PROTECT, related_name="team", db_index=False, verbose_name=_("account"))
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("team member"))
    role = models.CharField(_("role in the team"), max_length=9, choices=Role, default=Role.ASSISTANT)
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("team member")
        ordering = ["id"]
        indexes = [models.Index(fields=["account", "person"], name="accountmember_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "person"], condition=LIVE & Q(until=None), name="accountmember_now"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    def clean(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValidationError({"until": _("The last day lies before the first.")})

    @staticmethod
    def on(day: date) -> Q:
        """Memberships that cover a day."""
        return Q(Q(until=None) | Q(until__gte=day), deleted_at=None, since__lte=day)


class AccountPlan(OwnedRecord):
    """What several departments want to reach with a customer, a group above all, and how."""

    NAME = "title"

    account = models.ForeignKey(Account, models.PROTECT, related_name="plans", verbose_name=_("account"))
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("from"), default=clock.today)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    goal = models.TextField(_("goal"), max_length=2000)
    strategy = models.TextField(_("strategy"), max_length=4000, blank=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("account plan")

    def __str__(self) -> str:
        return self.title


class PlanAction(Record):
    """One step of a plan: who does what by when."""

    NAME = "what"

    plan = models.ForeignKey(
        AccountPlan, models.CASCADE, related_name="actions", editable=False, verbose_name=_("account plan")
    )
    what = models.CharField(_("action"), max_length=200)
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("responsible"))
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("plan action")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["person", "due_on"], condition=Q(done_on=None), name="planaction_due")]

    def __str__(self) -> str:
        return self.what
