"""Printable forms with their numbers and versions (FORM-06)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.models import Record


class FormNumber(Record):
    """`key` is what the program calls the form; a new version is a new row with the day from which it is valid, so that
    an old form is printed as it was."""

    NAME = "title"

    key = models.CharField(_("form"), max_length=20)
    code = models.CharField(_("form number"), max_length=40)
    title = models.CharField(_("title"), max_length=60)
    form_version = models.CharField(_("version of the form"), max_length=20, default="A/0")
    valid_from = models.DateField(_("valid from"), default=clock.today)

    class Meta:
        verbose_name = _("numbered form")
        ordering = ["key", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "key", "valid_from"], condition=Q(deleted_at=None), name="form_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.code} {self.form_version}".strip()
