"""Meetings that review the classes of a scheme: who takes part, which customers are discussed, what is decided (CLASS-07)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models.accounts import Account
from guanxi.customers.models.classes import ClassScheme
from guanxi.customers.models.lists import LIVE
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User


class ClassReview(OwnedRecord):
    """One meeting; the owner calls it.  `reminded` is how far the reminders have come (see services.reviews)."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("review", "Planned")
        CLOSED = "closed", pgettext_lazy("review", "Closed")

    name = models.CharField(_("name"), max_length=100, blank=True, help_text=_("Given automatically if left empty."))
    scheme = models.ForeignKey(ClassScheme, models.PROTECT, related_name="+", verbose_name=_("class scheme"))
    held_on = models.DateField(_("day"), default=clock.today)
    effective_on = models.DateField(
        _("classes effective on"), null=True, blank=True, help_text=_("Empty: the day the meeting is closed.")
    )
    margin = models.DecimalField(_("near a cut-off (percentage points)"), max_digits=4, decimal_places=1, default=1)
    minutes = models.TextField(_("minutes"), max_length=8000, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED, editable=False)
    next_on = models.DateField(_("next review"), null=True, blank=True, editable=False)
    reminded = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("class review")
        indexes = [models.Index(fields=["company", "held_on"], condition=LIVE, name="classreview_day")]

    def __str__(self) -> str:
        return self.name


class ReviewSeat(Record):
    """Somebody takes part."""

    NAME = "person"

    review = models.ForeignKey(ClassReview, models.PROTECT, related_name="seats", verbose_name=_("class review"))
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("participant"))
    present = models.BooleanField(_("was present"), default=True)

    class Meta:
        verbose_name = _("participant")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "person"], condition=LIVE, name="reviewseat_once")]

    def __str__(self) -> str:
        return str(self.person)


class ReviewItem(Record):
    """A customer on the agenda: why, which class the figures propose, and what the meeting decides."""

    NAME = "account"

    class Reason(models.TextChoices):
        MOVED = "moved", _("Moved since the last review")
        NEAR = "near", _("Near a cut-off")
        HELD = "held", _("Decision differs from the figures")
        UNMANAGED = "unmanaged", _("Top class without account manager")
        HAND = "hand", _("Put on the agenda")

    class Decision(models.TextChoices):
        OPEN = "open", pgettext_lazy("review", "Open")
        AGREED = "agreed", _("Agreed")
        OTHER = "other", _("Other class")
        POSTPONED = "postponed", _("Postponed")

    review = models.ForeignKey(ClassReview, models.PROTECT, related_name="items", verbose_name=_("class review"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="review_items", verbose_name=_("account"))
    reason = models.CharField(_("why discussed"), max_length=9, choices=Reason, default=Reason.HAND)
    figure = models.CharField(_("figure"), max_length=60, blank=True)
    present = models.CharField(_("class now"), max_length=20, blank=True)
    proposed = models.CharField(_("proposed class"), max_length=20, blank=True)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision, default=Decision.OPEN)
    decided = models.CharField(_("decided class"), max_length=20, blank=True)
    remark = models.CharField(_("reason for the decision"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("decided by")
    )
    applied_on = models.DateField(_("applied on"), null=True, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "account"], condition=LIVE, name="reviewitem_once"),
            models.CheckConstraint(condition=~Q(decision="other") | ~Q(remark=""), name="reviewitem_other_says_why"),
        ]

    def __str__(self) -> str:
        return str(self.account)
