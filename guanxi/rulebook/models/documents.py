"""Regulations as documents: chapters, articles, who carries out and who supervises (GOV-01, GOV-03)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.models import Record
from guanxi.org.models import Department, User

LIVE = Q(deleted_at=None)


class Regulation(Record):
    """One document: its purpose, whom it concerns, from when it holds, and who interprets it."""

    NAME = "title"

    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    scope = models.TextField(_("concerns"), max_length=1000, blank=True)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)
    interpreter = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("interpreted by")
    )
    source = models.CharField(_("source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("regulation")
        constraints = [models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="regulation_code")]

    def __str__(self) -> str:
        return self.title


class Article(Record):
    """One article: its words, who carries it out and who supervises it."""

    NAME = "title"

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="articles", verbose_name=_("regulation"))
    chapter = models.CharField(_("chapter"), max_length=80, blank=True)
    number = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("wording"), max_length=6000, blank=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=0)
    carried_out_by = models.CharField(_("carried out by"), max_length=120, blank=True)
    supervised_by = models.CharField(_("supervised by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("article")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["regulation", "number"], condition=LIVE, name="article_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ArticleRevision(Record):
    """New words of an article from a day on, with the words they take the place of; approved before they hold (GOV-02)."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for approval")
        AGREED = "agreed", _("Holds from its day")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", pgettext_lazy("revision", "Refused")

    NAME = "note"

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="revisions", editable=False, verbose_name=_("article")
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    effective_on = models.DateField(_("effective from"), editable=False)
    note = models.CharField(_("what has changed"), max_length=400, editable=False)
    title = models.CharField(_("title"), max_length=120, editable=False)
    text = models.TextField(_("wording"), max_length=6000, editable=False)
    old_title = models.CharField(max_length=120, editable=False)
    old_text = models.TextField(max_length=6000, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    published_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("published by")
    )

    class Meta:
        verbose_name = _("revision of an article")
        ordering = ["article", "number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="articlerevision_number")]

    def __str__(self) -> str:
        return f"{self.article} V{self.number}"
