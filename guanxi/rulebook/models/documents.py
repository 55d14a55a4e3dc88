"""Regulations as documents: chapters, articles, who carries out and who supervises (GOV-01, GOV-03)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.models import Record
from guanxi.org.models import Department

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
