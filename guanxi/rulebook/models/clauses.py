"""Clauses: what an article demands, in a form that can be carried out; every version with the day it holds from (GOV-02)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record
from guanxi.org.models import User
from guanxi.rulebook.models.documents import LIVE, Article


class Clause(Record):  # type: ignore[django-manager-missing]
    """The lasting identity of a rule: its versions change, its duties and figures go on."""

    class Kind(models.TextChoices):
        WITHIN = "within", _("Within a time")
        EVERY = "every", _("Every period")
        HOLDS = "holds", _("Must hold")
        SHARE = "share", _("Shares")
        GUARD = "guard", _("Guard")

    NAME = "title"

    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="clauses", verbose_name=_("article")
    )
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, editable=False)
    basis = models.CharField(_("basis"), max_length=120, blank=True, help_text=_("Requirement and source text."))
    is_active = models.BooleanField(_("switched on"), default=True)
    waits_for = models.CharField(_("waits for"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("clause")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="clause_code")]

    def __str__(self) -> str:
        return self.title


class ClauseVersion(Record):
    """What the clause says from `effective_on` until the next version does; only a draft can still be changed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for approval")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    NAME = "note"

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="versions", verbose_name=_("clause"))
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    effective_on = models.DateField(_("effective from"))
    spec = models.JSONField(_("rule"), default=dict)
    note = models.CharField(_("what has changed"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    trial = models.JSONField(default=dict, blank=True, editable=False)  # what it would have done beside its forerunner
    shipped = models.CharField(max_length=64, blank=True, editable=False)  # which edition of a ready book it came with
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("published by")
    )

    class Meta:
        verbose_name = _("clause version")
        ordering = ["clause", "number"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "number"], name="clauseversion_number"),
            models.UniqueConstraint(
                fields=["clause", "effective_on"],
                condition=LIVE & Q(state="published"),
                name="clauseversion_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause} V{self.number}"
