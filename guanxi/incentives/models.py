"""The ledger: entries that are never changed once booked, closed months, measures, and reports about colleagues."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.models import Company, Record
from guanxi.org.models import OwnedRecord, User
from guanxi.rulebook.models import Clause, Duty

LIVE = Q(deleted_at=None)


class Unit(models.TextChoices):
    YUAN = "yuan", _("yuan")
    POINTS = "points", _("points")


def this_month() -> date:
    return clock.today().replace(day=1)


class Entry(OwnedRecord):
    """A positive or negative incentive of the owner.  It counts from `booked_on` on and from then stays as it is:
    whatever turns out to be wrong is taken back by another entry that names it in `reverses` (PERF-03).
    """

    NAME = "title"

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("incentive", "Proposed")
        CONFIRMED = "confirmed", pgettext_lazy("incentive", "Confirmed")
        OBJECTED = "objected", pgettext_lazy("incentive", "Objected")
        KEPT = "kept", _("Objection rejected")
        REVERSED = "reversed", _("Taken back")
        CANCELLED = "cancelled", pgettext_lazy("incentive", "Cancelled")

    title = models.CharField(_("for what"), max_length=120)
    amount = models.DecimalField(
        _("amount"), max_digits=10, decimal_places=2, help_text=_("Negative for a negative incentive.")
    )
    unit = models.CharField(_("unit"), max_length=6, choices=Unit, default=Unit.YUAN)
    month = models.DateField(_("month"), default=this_month)
    text = models.CharField(_("evidence"), max_length=300, blank=True)
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="incentives", verbose_name=_("clause")
    )
    duty = models.ForeignKey(
        Duty, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("duty")
    )
    duty_key = models.CharField(max_length=80, blank=True, editable=False)  # names the duty even if it is judged anew
    evidence_label = models.CharField(max_length=60, blank=True, editable=False)
    evidence_id = models.BigIntegerField(null=True, blank=True, editable=False)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("customer")
    )
    source = models.CharField(max_length=24, default="hand", editable=False)  # what proposed it

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROPOSED, editable=False)
    booked_on = models.DateField(_("booked on"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=pgettext_lazy("incentive", "confirmed by"),
    )
    object_until = models.DateField(_("objection until"), null=True, blank=True, editable=False)
    objected_on = models.DateField(_("objected on"), null=True, blank=True, editable=False)
    objection = models.CharField(_("objection"), max_length=400, blank=True, editable=False)
    note = models.CharField(_("reason of the decision"), max_length=400, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=pgettext_lazy("incentive", "decided by"),
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversal", editable=False, verbose_name=_("takes back")
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("incentive")
        indexes = [
            models.Index(fields=["company", "month"], name="entry_by_month"),
            models.Index(fields=["owner", "booked_on"], name="entry_of_person"),
            models.Index(fields=["evidence_id"], condition=Q(evidence_id__isnull=False), name="entry_evidence"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "duty_key"], condition=~Q(duty_key="") & Q(reverses=None), name="entry_once_a_duty"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.amount:+}"


class MonthClose(Record):
    """A closed month: this one and all before it never change; corrections go into the current month."""

    NAME = "month"

    month = models.DateField(_("month"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    entries = models.PositiveIntegerField(_("entries"), default=0, editable=False)
    yuan = models.DecimalField(_("sum in yuan"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False)
    points = models.DecimalField(
        _("sum in points"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )

    class Meta:
        verbose_name = _("closed month")
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["company", "month"], condition=LIVE, name="month_closed_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Measure(OwnedRecord):
    """Praise to dismissal, proposed by the owner for a person and approved before it holds (PERF-02)."""

    NAME = "kind"

    class Kind(models.TextChoices):
        PRAISE = "praise", _("Praise")
        COMMENDATION = "commendation", _("Commendation")
        BONUS = "bonus", _("Bonus")
        PROMOTION = "promotion", _("Promotion")
        WARNING = "warning", pgettext_lazy("measure", "Warning")
        FINE = "fine", _("Fine")
        DEMOTION = "demotion", _("Demotion")
        DISMISSAL = "dismissal", _("Dismissal")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for approval")
        APPROVED = "approved", pgettext_lazy("measure", "Approved")
        REFUSED = "refused", pgettext_lazy("measure", "Refused")

    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("measure"), max_length=12, choices=Kind)
    reason = models.TextField(_("reason"), max_length=2000)
    amount = models.DecimalField(
        _("amount (yuan)"), max_digits=10, decimal_places=2, default=Decimal(0), blank=True,
        validators=[MinValueValidator(Decimal(0))], help_text=_("Of a bonus or a fine; it is booked once approved."),
    )  # fmt: skip
    effective_on = models.DateField(_("effective from"), default=clock.today)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, related_name="measure", editable=False, verbose_name=_("incentive")
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("measure")
        indexes = [models.Index(fields=["person", "state"], name="measure_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person}"

    def clean(self) -> None:
        """It belongs to the department of the person concerned, whoever proposes it."""
        super().clean()
        self.amount = self.amount or Decimal(0)  # left empty
        self.department_id = self.person.department_id or self.department_id


class Report(OwnedRecord):
    """What the owner has noticed about a colleague, kept from that colleague; the head decides on it (PERF-05)."""

    NAME = "text"

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("report", "Open")
        ACCEPTED = "accepted", pgettext_lazy("report", "Accepted")
        DISMISSED = "dismissed", pgettext_lazy("report", "Dismissed")

    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("about"))
    text = models.CharField(_("what was noticed"), max_length=300)
    evidence = models.TextField(_("evidence"), max_length=4000)
    seen_on = models.DateField(_("noticed on"), default=clock.today)
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clause")
    )
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("customer")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN, editable=False)
    note = models.CharField(_("reason of the decision"), max_length=400, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=pgettext_lazy("incentive", "decided by"),
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("report about a colleague")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """It lies with the head of the person concerned; about a head, one level higher."""
        super().clean()
        home = self.person.department
        if home is not None and self.person.may("decide", "incentives.report"):
            home = home.parent
        self.department = home


def lock_ledger(company_id: int) -> None:
    """One after the other: booking and closing must not pass each other."""
    Company.objects.select_for_update().get(pk=company_id)
