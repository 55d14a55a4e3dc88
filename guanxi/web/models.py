"""What people keep for themselves: saved views of lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record
from guanxi.org.models import User


class SavedView(Record):
    """A list's filter, columns, order and layout under a name; private, shared, or the default of some roles."""

    label = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=40)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    where = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=list, blank=True)
    sort = models.CharField(max_length=60, blank=True)
    layout = models.CharField(max_length=10, default="table")
    shared = models.BooleanField(_("visible to everybody"), default=False)
    default_for = models.JSONField(_("opens first for these roles"), default=list, blank=True)

    class Meta:
        verbose_name = _("view")
        ordering = ["id"]
        indexes = [models.Index(fields=["company", "label"], name="savedview_of")]

    def __str__(self) -> str:
        return self.name
