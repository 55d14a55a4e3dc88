"""Rows that somebody looks after: owner and the owner's department, which data scopes speak of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record, RecordManager, RecordQuerySet
from guanxi.org.models.people import Department, User


class OwnedQuerySet(RecordQuerySet):
    def owned_by(self, user: User) -> OwnedQuerySet:
        return self.filter(owner=user)


class OwnedRecord(Record):
    """A record with an owner; without owner it lies in the pool of its department."""

    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )

    objects: ClassVar[Any] = RecordManager.from_queryset(OwnedQuerySet)()
    moved_by = ""  # not stored: the verb that gave it to its owner, where that ran as part of another one

    class Meta(Record.Meta):
        abstract = True

    def clean(self) -> None:
        """The department follows the owner."""
        super().clean()
        if self.owner_id and self.owner is not None and self.owner.department_id:
            self.department_id = self.owner.department_id

    def hand_to(self, owner: User | None) -> None:
        """Set the owner and, with it, the department; keeps the department when nobody owns it."""
        self.owner = owner
        if owner is not None and owner.department_id:
            self.department_id = owner.department_id
