"""What a supervisor does with the cards: weekly review, talk on the day before, collections, the plan of the year."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field

LIVE = Q(deleted_at=None)


class CardReview(OwnedRecord):
    """CARD-01: the supervisor has gone through a person's cards in a week; the score counts for card keeping (CARD-07)."""

    NAME = "remark"

    week = models.DateField(_("week from"), editable=False)
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("reviewed by"))
    looked = models.PositiveSmallIntegerField(_("cards looked at"), editable=False)
    score = models.PositiveSmallIntegerField(
        _("card keeping (of 100)"), validators=[MaxValueValidator(100)], editable=False
    )
    remark = models.CharField(_("remark"), max_length=1000, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("review of cards")
        constraints = [models.UniqueConstraint(fields=["owner", "week"], condition=LIVE, name="cardreview_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.week}"


class DayTalk(OwnedRecord):
    """CARD-08: the talk about one day's dealings, with what there was to talk about."""

    NAME = "note"

    day = models.DateField(_("day discussed"), editable=False)
    held_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("held by"))
    ordered = money_field(_("orders of the day"), editable=False)
    received = money_field(_("receipts of the day"), editable=False)
    note = models.TextField(_("note"), max_length=2000, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("talk on a day")
        constraints = [models.UniqueConstraint(fields=["owner", "day"], condition=LIVE, name="daytalk_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.day}"


class Collection(OwnedRecord):
    """CARD-10: money to collect from one customer, drafted from the card: in which order, when, and what came of it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("To collect")
        DONE = "done", _("Settled")
        PROMISED = "promised", _("Promised")
        DISPUTED = "disputed", _("Disputed")

    NAME = "result"

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", editable=False, verbose_name=_("customer"))
    position = models.PositiveIntegerField(pgettext_lazy("sorting", "order"), default=1)
    overdue = money_field(_("overdue when drafted"), editable=False)
    oldest_due_on = models.DateField(_("oldest due"), editable=False)
    planned_on = models.DateField(_("to collect on"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED, editable=False)
    promised_on = models.DateField(_("promised for"), null=True, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=400, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("collection")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=LIVE & Q(state="planned"), name="collection_open")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.planned_on}"


class SalesPlan(OwnedRecord):
    """CARD-06: one person's quarter in the regional plan of a year, begun from what was sold the year before."""

    NAME = "year"

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    before = money_field(_("same quarter of the year before"), editable=False)
    target = money_field(_("planned"))
    remark = models.CharField(_("remark"), max_length=400, blank=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("sales plan")
        constraints = [
            models.UniqueConstraint(fields=["owner", "year", "quarter"], condition=LIVE, name="salesplan_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="salesplan_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.year} Q{self.quarter}"
