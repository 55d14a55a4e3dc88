"""Merges: who was united with whom, what changed and what moved, so that thirty days later it can still be undone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.kernel.models import Record
from guanxi.kernel.models.base import TECHNICAL


class Merge(Record):
    """`changed` holds old and new column values of the file that stayed, `moved` the rows that followed it by model,
    `derived` the history that other apps wrote because of it.

    `account` is the customer whose scope decides who sees the merge: the file that stayed, or that of the contact.
    """

    NAME = "gone"

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("merged into"))
    label = models.CharField(max_length=60, editable=False)
    keep_id = models.BigIntegerField(editable=False)
    lose_id = models.BigIntegerField(editable=False)
    gone = models.CharField(_("merged file"), max_length=200)
    kept = models.CharField(_("file that stayed"), max_length=200)
    changed = models.JSONField(default=dict, editable=False)
    moved = models.JSONField(default=list, editable=False)
    derived = models.JSONField(default=list, editable=False)
    rows = models.PositiveIntegerField(_("rows moved"), default=0)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {"changed", "moved", "derived"}  # each row has its own entry

    class Meta:
        verbose_name = _("merge")
        indexes = [models.Index(fields=["company", "lose_id"], name="merge_gone")]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
