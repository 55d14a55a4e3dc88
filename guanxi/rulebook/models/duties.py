"""Duties: what a clause makes one person owe about one row by a moment, and how it ended; each step towards it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Company, IdField
from guanxi.org.models import OwnedRecord, User
from guanxi.rulebook.models.clauses import Clause, ClauseVersion


class Duty(OwnedRecord):
    """The owner owes it.  Written by the engine alone, in sets; `subject_id` is the row of `subject_label` it is about.

    `turn` tells the duties of one subject apart: the ordinal of the period's first day, 0 for a single moment.
    On time is up to `overdue_at`: the due moment with the clause's grace.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("duty", "Open")
        MET = "met", _("Kept")
        LATE = "late", _("Kept late")
        MISSED = "missed", _("Missed")
        WAIVED = "waived", _("Waived")
        VOID = "void", _("No longer owed")

    NAME = "title"

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="duties", db_index=False, verbose_name=_("clause"))
    clause_version = models.ForeignKey(ClauseVersion, models.PROTECT, related_name="+", db_index=False, editable=False)
    subject_label = models.CharField(max_length=60, editable=False)
    subject_id = models.BigIntegerField(editable=False)
    title = models.CharField(_("about"), max_length=200, editable=False)
    account = models.ForeignKey(
        Account,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="duties",
        db_index=False,
        verbose_name=_("customer"),
    )
    turn = models.IntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(_("owed from"), editable=False)
    opened_on = models.DateField(editable=False)
    due_at = models.DateTimeField(_("due"), editable=False)
    overdue_at = models.DateTimeField(editable=False)
    overdue_on = models.DateField(editable=False)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN, editable=False)
    met_on = models.DateField(_("kept on"), null=True, blank=True, editable=False)
    met_at = models.DateTimeField(null=True, blank=True, editable=False)
    evidence_label = models.CharField(max_length=60, blank=True, editable=False)
    evidence_id = models.BigIntegerField(null=True, blank=True, editable=False)
    level = models.PositiveSmallIntegerField(_("steps taken"), default=0, editable=False)
    figures = models.JSONField(default=dict, blank=True, editable=False)
    note = models.CharField(_("reason"), max_length=400, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("waived by")
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = pgettext_lazy("owed", "duty")
        indexes = [
            models.Index(fields=["clause", "due_at"], name="duty_of_clause"),
            models.Index(fields=["owner", "state", "due_at"], name="duty_of_person"),
            models.Index(fields=["account", "state"], name="duty_of_account", condition=Q(account__isnull=False)),
            # Not partial: conditions come as parameters, and SQLite uses a partial index for constants only.
            models.Index(fields=["company", "state", "overdue_at"], name="duty_overdue"),
            models.Index(fields=["clause", "state", "level"], name="duty_standing"),
            models.Index(fields=["company", "due_at"], name="duty_by_day"),
        ]
        constraints = [models.UniqueConstraint(fields=["clause", "subject_id", "turn"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.clause} · {self.title}" if self.title else str(self.clause)


class DutyStep(models.Model):
    """A reminder or an escalation that has happened: who was told of which duty, and when."""

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    duty = models.ForeignKey(Duty, models.CASCADE, related_name="steps")
    level = models.PositiveSmallIntegerField()
    to = models.ForeignKey(User, models.CASCADE, related_name="+", null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("step of a duty")
        indexes: ClassVar = [
            models.Index(fields=["to", "at"], name="dutystep_to"),
            models.Index(fields=["company", "at"], name="dutystep_at"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["duty", "level"], name="dutystep_once")]


class DutyRun(models.Model):
    """Up to when a company's duties have been judged, and what the last run did."""

    company = models.OneToOneField(Company, models.CASCADE, related_name="+", primary_key=True)
    judged_until = models.DateTimeField(null=True)
    announced_until = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("run of the rulebook")
