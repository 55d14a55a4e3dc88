"""Classes, stages and segments: how accounts are sorted, by which rules, and since when."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.accounts import Account
from guanxi.customers.models.choices import Grade, Stage
from guanxi.customers.models.lists import LIVE
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.filters import parse
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User

CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")


class ClassScheme(Record):
    """A way to class accounts; several run side by side and one, the policy scheme, drives service (CLASS-05).

    `classes` is a list of {"code", "name", "where", "grade", "policy", "playbook"}: the first class whose filter
    `where` holds is taken; `grade` is what the policy scheme writes on the account; `policy` says how the class is
    contacted and served (CLASS-09).  `params` holds the cut-offs of ABC schemes, {"cuts": [0.8, 0.95], "months": 12}.
    """

    class Kind(models.TextChoices):
        RULES = "rules", _("By rules")
        ABC_AMOUNT = "abc_amount", _("ABC by amount")
        ABC_PROFIT = "abc_profit", _("ABC by profit")
        MANUAL = "manual", _("By decision")

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.RULES)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    params = models.JSONField(_("cut-offs"), default=dict, blank=True)
    classes = models.JSONField(_("classes"), default=list)
    is_policy = models.BooleanField(_("drives service policy"), default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("published by"),
    )
    reassess_on = models.DateField(
        _("next reassessment"),
        null=True,
        blank=True,
        help_text=_("When the standard is looked at again; a reminder comes."),
    )
    reminded = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("class scheme")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="classscheme_code"),
            models.UniqueConstraint(
                fields=["company"],
                condition=LIVE & Q(is_policy=True),
                name="classscheme_policy",
                violation_error_message=_("Another scheme sets the policies already; take it from that one first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> list[str]:
        return [each["code"] for each in self.classes]

    def named(self, code: str) -> dict[str, Any]:
        """The class with this code; empty for none."""
        return next((each for each in self.classes if each["code"] == code), {})

    def grade_of(self, code: str) -> str:
        return str(self.named(code).get("grade", code if code in Grade.values else ""))

    def clean(self) -> None:
        if self.reassess_on != getattr(self, "_loaded", {}).get("reassess_on"):
            self.reminded = 0
        if problems := [text for text in self._problems() if text]:
            raise ValidationError({"classes": problems})
        cuts = self.params.get("cuts", []) if isinstance(self.params, dict) else None
        if cuts is None or cuts != sorted(cuts) or not all(isinstance(c, int | float) and 0 < c < 1 for c in cuts):
            raise ValidationError({"params": _("Cut-offs are shares between 0 and 1 in rising order.")})

    def _problems(self) -> list[str]:
        rows: Any = self.classes
        if not isinstance(rows, list) or not rows or not all(isinstance(each, dict) for each in rows):
            return [str(_("A scheme needs at least one class."))]
        codes = [str(each.get("code", "")) for each in rows]
        found = [] if len(set(codes)) == len(codes) else [str(_("Two classes have the same code."))]
        for code, each in zip(codes, rows, strict=True):
            if not CODE.fullmatch(code) or not each.get("name"):
                found.append(str(_("A class needs a name and a code of letters and digits.")))
            elif self.is_policy and self.grade_of(code) not in Grade.values:
                found.append(
                    str(_("Class “%(name)s” of the policy scheme needs a grade from A to D.") % {"name": each["name"]})
                )
            elif self.kind == self.Kind.RULES:
                found += filter_problem(each.get("where"), self.company)
        return found


def filter_problem(where: Any, company: Any) -> list[str]:
    """What is wrong with a stored condition on accounts; empty if nothing."""
    try:
        parse(where, entity(Account), company)
    except Refused as no:
        return [str(no)]
    return []


class ClassStandard(Record):
    """The cut-offs and classes of a scheme from `effective_on` until the next standard takes over (CLASS-12).

    Published and never changed: with the assignments it tells how any past day was classed.  `in_force_at` is empty as
    long as the day lies ahead.
    """

    NAME = "effective_on"

    scheme = models.ForeignKey(
        ClassScheme, models.PROTECT, related_name="standards", editable=False, verbose_name=_("class scheme")
    )
    effective_on = models.DateField(_("effective on"), editable=False)
    params = models.JSONField(_("cut-offs"), default=dict, editable=False)
    classes = models.JSONField(_("classes"), default=list, editable=False)
    note = models.CharField(_("note"), max_length=400, blank=True, editable=False)
    in_force_at = models.DateTimeField(_("put into force at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("class standard")
        ordering = ["-effective_on", "-id"]
        indexes = [models.Index(fields=["scheme", "-effective_on", "-id"], name="classstandard_on")]

    def __str__(self) -> str:
        return f"{self.effective_on}"


class ClassAssignment(Record):
    """The class of an account in one scheme from `since` until (not including) `until`: its history (CLASS-13).

    A `held` class was decided by people against the figures and stays until people decide anew (CLASS-07).
    """

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="classes", db_index=False, verbose_name=_("account")
    )
    scheme = models.ForeignKey(
        ClassScheme, models.PROTECT, related_name="+", db_index=False, verbose_name=_("class scheme")
    )
    class_code = models.CharField(_("class"), max_length=20, blank=True)
    previous = models.CharField(_("former class"), max_length=20, blank=True)
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=400, blank=True)
    decided_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("decided by"),
    )
    held = models.BooleanField(_("kept by decision"), default=False, editable=False)

    class Meta:
        verbose_name = _("class of an account")
        ordering = ["-since", "-id"]
        indexes = [
            models.Index(fields=["account", "scheme"], name="classassignment_of"),
            models.Index(
                fields=["company", "scheme", "class_code", "account"],
                condition=Q(until=None),
                name="classassignment_in",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "scheme", "account"], condition=Q(until=None), name="classassignment_now"
            )
        ]

    def __str__(self) -> str:
        return self.class_code


class StageChange(Record):
    """An account moved from one stage of the life cycle to another (LIFE-05)."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="stage_changes", verbose_name=_("account"))
    old = models.CharField(_("former stage"), max_length=9, choices=Stage)
    new = models.CharField(_("stage"), max_length=9, choices=Stage)
    on = models.DateField(_("date"), default=clock.today)

    class Meta:
        verbose_name = _("change of stage")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["company", "on"], name="stagechange_on")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class StagePlaybook(Record):
    """What is done for accounts of one stage (LIFE-01)."""

    NAME = "title"

    stage = models.CharField(_("stage"), max_length=9, choices=Stage)
    title = models.CharField(_("title"), max_length=80)
    measures = models.TextField(_("measures"), max_length=4000)

    class Meta:
        verbose_name = _("playbook")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["company", "stage"], condition=LIVE, name="stageplaybook_stage")]

    def __str__(self) -> str:
        return self.title


class Segment(OwnedRecord):
    """A saved group of accounts (SEG-02) and why it was chosen as a target (SEG-03)."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=60)
    where = models.JSONField(_("condition"), default=dict, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    market_potential = models.TextField(_("market potential"), max_length=2000, blank=True)
    competition = models.TextField(_("competitive intensity"), max_length=2000, blank=True)
    resources = models.TextField(_("own resources"), max_length=2000, blank=True)
    positioning = models.TextField(_("positioning"), max_length=2000, blank=True)
    marketing_mix = models.TextField(_("marketing mix"), max_length=2000, blank=True)
    size = models.PositiveIntegerField(_("number of accounts"), null=True, editable=False)
    counted_at = models.DateTimeField(_("counted at"), null=True, editable=False)

    class Meta:
        verbose_name = _("segment")
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="segment_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if problems := filter_problem(self.where, self.company):
            raise ValidationError({"where": problems})
