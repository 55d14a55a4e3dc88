"""Lists a company keeps itself: customer sources and sales channels."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record

LIVE = Q(deleted_at=None)


class Source(Record):
    """Where a customer came from (INFO-09)."""

    name = models.CharField(_("name"), max_length=40)
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("source")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="source_code")]

    def __str__(self) -> str:
        return self.name


class Channel(Record):
    """How we sell to a customer; strategy and service may differ per channel (INFO-10)."""

    name = models.CharField(_("name"), max_length=40)
    code = models.SlugField(_("code"), max_length=40)
    strategy = models.TextField(_("strategy and service"), max_length=2000, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("sales channel")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], condition=LIVE, name="channel_code")]

    def __str__(self) -> str:
        return self.name
