"""Customer processes: each step with the role that answers for it and the standard it is done by (ORG-13)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.models import Record
from guanxi.org.models import Role

NEW = "new"  # the state of a row that is not saved yet


class ProcessStep(Record):
    """A step is taken on the rows of an entity while they are in some states; without states, always."""

    NAME = "title"

    process = models.CharField(_("process"), max_length=40)
    title = models.CharField(_("step"), max_length=60)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=0)
    about = models.CharField(max_length=60, editable=False)
    states = models.JSONField(default=list, blank=True, editable=False)
    role = models.ForeignKey(
        Role, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("responsible role")
    )
    standard = models.TextField(_("standard"), max_length=1000, blank=True)
    clause_code = models.CharField(_("code of the clause"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("process step")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    def taken_on(self, row: Any) -> bool:
        """Whether it is this step that a row waits for."""
        state = NEW if row.pk is None or row._state.adding else getattr(row, "state", "")
        return not self.states or state in self.states

    @property
    def complete(self) -> bool:
        return self.role_id is not None and bool(self.standard.strip())
