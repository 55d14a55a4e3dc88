"""Bulletins: market and prices, finance rules, technical use, each with publisher, validity and readers (MKTI-02, MKTI-03)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User


class Bulletin(OwnedRecord):
    """Something all departments should know; owner and department are its publishers."""

    NAME = "title"

    class Kind(models.TextChoices):
        MARKET = "market", _("Market and prices")
        FINANCE = "finance", _("Finance rules")
        TECHNICAL = "technical", _("Technical use")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.MARKET)
    text = models.TextField(_("text"), max_length=8000)
    valid_from = models.DateField(_("valid from"), default=clock.today)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("Empty: until it is withdrawn.")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = pgettext_lazy("notice to all", "bulletin")
        indexes = [models.Index(fields=["company", "state", "valid_from"], name="bulletin_valid")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The last day lies before the first.")})


class Reading(Record):
    """Somebody has read a bulletin."""

    NAME = "person"

    bulletin = models.ForeignKey(
        Bulletin, models.CASCADE, related_name="readings", verbose_name=pgettext_lazy("notice to all", "bulletin")
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("reader"))
    read_at = models.DateTimeField(_("read at"), default=clock.now)

    class Meta:
        verbose_name = _("reading")
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "person"], condition=Q(deleted_at=None), name="reading_once")
        ]

    def __str__(self) -> str:
        return str(self.person)
