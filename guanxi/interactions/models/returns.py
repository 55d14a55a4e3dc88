"""Return visits: asking back after a purchase, a solved problem or a while; and the service requests they bring to light."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account, Contact
from guanxi.interactions.models.contacts import of_this_customer
from guanxi.org.models import OwnedRecord

OPEN = Q(state="open", deleted_at=None)


class ServiceRequest(OwnedRecord):  # type: ignore[django-manager-missing]
    """A problem of a customer that somebody (the owner) has to solve by a certain moment (RV-08)."""

    NAME = "number"

    class Severity(models.TextChoices):
        LOW = "low", _("Low")
        NORMAL = "normal", _("Normal")
        HIGH = "high", _("High")
        URGENT = "urgent", _("Urgent")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("service request", "Open")
        SOLVED = "solved", _("Solved")

    number = models.CharField(_("number"), max_length=24, blank=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="requests", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    problem = models.TextField(_("problem"), max_length=2000)
    severity = models.CharField(_("severity"), max_length=6, choices=Severity, default=Severity.NORMAL)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN, editable=False)
    solution = models.TextField(_("solution"), max_length=2000, blank=True, editable=False)
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("service request")
        indexes = [models.Index(fields=["company", "due_at"], condition=OPEN, name="servicerequest_open")]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="servicerequest_number")
        ]

    def __str__(self) -> str:
        return self.number or str(self._meta.verbose_name)

    def clean(self) -> None:
        super().clean()
        of_this_customer(self.contact, self.account_id)


class ReturnVisit(OwnedRecord):
    """One asking back: why, how, until when, by whom (the owner), and what the customer said (RV-01..05, RV-07)."""

    NAME = "reason"

    class Reason(models.TextChoices):
        PERIODIC = "periodic", _("Periodic")
        PURCHASE = "purchase", _("After a purchase")
        SOLVED = "solved", _("After a solved deviation")
        DATA = "data", _("Incomplete data")
        CONTACT = "contact", _("New purchaser")
        ANNUAL = "annual", _("Annual")

    class Way(models.TextChoices):
        PHONE = "phone", _("Phone")
        MAIL = "mail", _("Mail")
        SITE = "site", _("On site")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("return visit", "Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="return_visits", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, default=Reason.PERIODIC)
    way = models.CharField(_("way"), max_length=5, choices=Way, blank=True, help_text=_("Empty: as the class asks."))
    due_on = models.DateField(_("due on"))
    occasion = models.CharField(_("occasion"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        "org.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("asked back by"),
    )  # fmt: skip
    usage = models.TextField(_("use of the products"), max_length=1000, blank=True)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction (1 to 5)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    needs = models.TextField(_("changed needs"), max_length=1000, blank=True)
    opinion = models.TextField(_("opinion and suggestions"), max_length=1000, blank=True)
    issue = models.TextField(
        _("open issue"), max_length=1000, blank=True, help_text=_("Opens a service request in the same step.")
    )
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, null=True, blank=True, related_name="found_by", editable=False,
        verbose_name=_("service request"),
    )  # fmt: skip

    class Meta(OwnedRecord.Meta):
        verbose_name = _("return visit")
        indexes = [
            models.Index(fields=["account", "due_on"], name="returnvisit_of_account"),
            models.Index(fields=["owner", "due_on"], condition=OPEN, name="returnvisit_due"),
            models.Index(fields=["company", "due_on"], condition=OPEN, name="returnvisit_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "reason"], condition=OPEN, name="returnvisit_once"),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="returnvisit_satisfaction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_reason_display()}"

    def clean(self) -> None:
        super().clean()
        of_this_customer(self.contact, self.account_id)
