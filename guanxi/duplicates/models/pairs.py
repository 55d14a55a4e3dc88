"""Pairs of accounts that may be the same customer, as the screening found them, and what a person said to each."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.kernel.models import Record, RecordManager, RecordQuerySet, TagsField
from guanxi.org.models import User

REASONS: tuple[tuple[str, Any], ...] = (
    ("code", _("same credit code")),
    ("name", _("same full name")),
    ("key", _("same name but for place and form")),
    ("brand", _("similar name")),
    ("mobile", _("same mobile")),
    ("line", _("same phone")),
    ("person", _("same person's name")),
    ("city", _("same city")),
)


class PairQuerySet(RecordQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Only whoever may see both files may compare them; a pair of which one is gone is no pair."""
        both = user.scope("customers.account", "a__") & user.scope("customers.account", "b__")
        return super().visible_to(user).filter(both, a__deleted_at=None, b__deleted_at=None)


class Pair(Record):
    """Two accounts, the older one first."""

    NAME = "a"

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        POSTPONED = "postponed", _("Postponed")
        DIFFERENT = "different", _("Not the same")
        MERGED = "merged", _("Merged")

    a = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False, verbose_name=_("account"))
    b = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("possibly the same as"))
    score = models.PositiveSmallIntegerField(_("likeness"))
    reasons = TagsField(_("because of"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN, editable=False)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_on = models.DateField(_("decided on"), null=True, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=400, blank=True)

    objects: ClassVar[Any] = RecordManager.from_queryset(PairQuerySet)()

    class Meta:
        verbose_name = _("suspected duplicate")
        indexes = [models.Index(fields=["company", "state", "-score", "-id"], name="pair_queue")]
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="pair_once")]

    def __str__(self) -> str:
        return f"{self.a} / {self.b}"
