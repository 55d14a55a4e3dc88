"""Visits with their form, plans agreed beforehand, what was heard of competitors, and receptions of visiting customers."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.approvals.models import Approval
from guanxi.customers.models import Account, Contact
from guanxi.interactions.models.contacts import of_this_customer
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord


class VisitPlan(OwnedRecord):  # type: ignore[django-manager-missing]
    """Field visits of a period, agreed with who leads the branch: area, number and focus (RV-06); research as well (RV-10)."""

    NAME = "focus"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waiting for approval")
        AGREED = "agreed", pgettext_lazy("visit plan", "Agreed")
        REFUSED = "refused", _("Refused")

    class Kind(models.TextChoices):
        ROUND = "round", _("Round of visits")
        RESEARCH = "research", _("Market research")
        RETURN = "return", _("Return visits")
        CARE = "care", _("Care campaign")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.ROUND)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    area = models.CharField(_("area"), max_length=120, blank=True)
    number = models.PositiveSmallIntegerField(_("number of visits"), default=1)
    focus = models.CharField(_("focus"), max_length=400)
    findings = models.TextField(_("suggestions collected"), max_length=4000, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    approval = models.ForeignKey(
        Approval, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("approval"),
    )  # fmt: skip

    class Meta(OwnedRecord.Meta):
        verbose_name = _("visit plan")
        indexes = [models.Index(fields=["owner", "starts_on"], name="visitplan_of_owner")]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="visitplan_order")]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.focus[:40]}"

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day lies before the first.")})


class Visit(OwnedRecord):
    """One customer in one person's pack of one day (the owner visits), with the customer visit form (FORM-02)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("Card not handed back")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Goal reached")
        PARTLY = "partly", _("Partly reached")
        FAILED = "failed", _("Failed")

    class Understood(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed by the customer")
        PARTLY = "partly", _("Partly confirmed")
        OPEN = "open", _("Not confirmed")

    NAME = "purpose"

    account = models.ForeignKey(Account, models.PROTECT, related_name="visits", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        "deals.Opportunity", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("opportunity"),
    )  # fmt: skip
    day = models.DateField(_("day"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    plan = models.ForeignKey(
        VisitPlan, models.PROTECT, null=True, blank=True, related_name="visits", editable=False,
        verbose_name=_("agreed plan"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED, editable=False)
    read_at = models.DateTimeField(_("card read at"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True, editable=False)
    position = models.CharField(_("checked in at"), max_length=120, blank=True, editable=False)
    done_at = models.DateTimeField(_("handed back at"), null=True, blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(_("minutes spent"), null=True, blank=True, editable=False)
    outcome = models.CharField(
        pgettext_lazy("visit", "outcome"), max_length=7, choices=Outcome, blank=True, editable=False
    )
    need = models.TextField(_("customer's need"), max_length=2000, blank=True)
    feedback = models.TextField(_("customer's feedback"), max_length=2000, blank=True)
    improvement = models.TextField(_("next improvement"), max_length=1000, blank=True)
    approach = models.CharField(_("service approach next time"), max_length=400, blank=True)
    understanding = models.TextField(
        _("restated understanding"), max_length=1000, blank=True,
        help_text=_("What you understood, in your words, as you said it back to the customer."),
    )  # fmt: skip
    understood = models.CharField(_("understanding"), max_length=9, choices=Understood, blank=True)
    feelings = models.CharField(_("mood and feelings"), max_length=200, blank=True)
    avoided = models.CharField(_("points of difference left aside"), max_length=200, blank=True)
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True, editable=False)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True, editable=False)
    stop_reason = models.CharField(_("why it ends here"), max_length=400, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("visit")
        indexes = [
            models.Index(fields=["owner", "day"], name="visit_of_person"),
            models.Index(fields=["account"], name="visit_to_account"),
            models.Index(fields=["company", "day"], condition=Q(state="started"), name="visit_begun"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "account", "day"],
                condition=Q(deleted_at=None) & ~Q(state="dropped"),
                name="visit_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.day}"

    def clean(self) -> None:
        super().clean()
        of_this_customer(self.contact, self.account_id, self.opportunity)


class Competitor(Record):
    """A company that wants the same customers."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=120)
    website = models.CharField(_("website"), max_length=200, blank=True)
    products = models.CharField(_("products"), max_length=300, blank=True)
    strengths = models.TextField(_("strengths"), max_length=2000, blank=True)
    weaknesses = models.TextField(_("weaknesses"), max_length=2000, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("competitor")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], condition=Q(deleted_at=None), name="competitor_name")
        ]

    def __str__(self) -> str:
        return self.name


class CompetitorNote(Record):
    """What a visit heard of one competitor: its strengths there, and what is different with us (MKTI-01)."""

    NAME = "competitor"

    competitor = models.ForeignKey(Competitor, models.PROTECT, related_name="notes", verbose_name=_("competitor"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="competitor_notes", verbose_name=_("customer"))
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="competitor_notes", verbose_name=_("visit")
    )
    on = models.DateField(_("day"))
    strengths = models.CharField(_("strengths of the competitor"), max_length=400)
    differences = models.CharField(_("our differences"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("note on a competitor")

    def __str__(self) -> str:
        return f"{self.competitor} · {self.account} · {self.on}"

    def clean(self) -> None:
        if self.visit is not None and self.visit.account_id != self.account_id:
            raise ValidationError({"visit": _("This visit was to another customer.")})


class Reception(OwnedRecord):
    """An important customer comes to us: who receives, what is shown, and what came of it (EVT-02)."""

    NAME = "title"

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        DROPPED = "dropped", _("Called off")

    account = models.ForeignKey(Account, models.PROTECT, related_name="receptions", verbose_name=_("customer"))
    title = models.CharField(_("occasion"), max_length=120)
    day = models.DateField(_("day"))
    until = models.DateField(_("last day"), null=True, blank=True)
    guests = models.CharField(_("guests"), max_length=400, blank=True)
    hosts = models.CharField(_("further hosts"), max_length=400, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    programme = models.TextField(_("programme"), max_length=4000, blank=True)
    care = models.CharField(_("what to mind"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED, editable=False)
    log = models.TextField(_("course of the reception"), max_length=4000, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=400, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("reception")
        indexes = [models.Index(fields=["company", "day"], name="reception_by_day")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.day and self.until and self.until < self.day:
            raise ValidationError({"until": _("The last day lies before the first.")})
