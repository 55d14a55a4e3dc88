"""Roles: rights, data scope and field masks per entity, held as data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record


class Role(Record):
    """`grants` maps an entity label (or `*`) to {"verbs": [...], "scope": level | filter, "hidden": [...], "masked": [...]}.

    A person with several roles has the widest of each.  `exclusive` names a group of which one person may hold one
    (system, security and audit administrator).
    """

    name = models.CharField(_("name"), max_length=40)
    code = models.SlugField(_("code"), max_length=40)
    description = models.CharField(_("what it is for"), max_length=200, blank=True)
    grants = models.JSONField(_("grants"), default=dict, blank=True)
    areas = models.JSONField(_("work areas"), default=list, blank=True)
    second_factor = models.BooleanField(_("second factor required"), default=False)
    exclusive = models.CharField(max_length=20, blank=True, editable=False)
    is_preset = models.BooleanField(_("preset"), default=False, editable=False)

    class Meta:
        verbose_name = _("role")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="role_code")]

    def __str__(self) -> str:
        return self.name
