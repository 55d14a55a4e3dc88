"""Corrections of booked data, which are only ever added, and the company's rules on which of them need a yes (SALE-06)."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.approvals.models import Approval
from guanxi.corrections.protections import field_choices, kinds
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field


class Correction(OwnedRecord):
    """One field of one booked record, before and after; the owner is who changed it or asked for the change."""

    NAME = "title"

    class Channel(models.TextChoices):
        WEB = "web", _("Web")
        API = "api", _("Interface for programs")
        IMPORT = "import", _("Import")
        JOB = "job", _("Background work")
        SHELL = "shell", _("Command line")

    label = models.CharField(_("kind of record"), max_length=60, choices=kinds)
    object_id = models.BigIntegerField()
    title = models.CharField(_("record"), max_length=200)
    customer = models.CharField(_("customer"), max_length=200, blank=True)
    field = models.CharField(pgettext_lazy("of a record", "field"), max_length=40, choices=field_choices)
    before = models.CharField(pgettext_lazy("value", "before"), max_length=200, blank=True)
    after = models.CharField(pgettext_lazy("value", "after"), max_length=200, blank=True)
    difference = money_field(_("difference"), null=True, blank=True)
    dated_on = models.DateField(_("date of the record"), null=True)
    days = models.PositiveIntegerField(_("days after the record’s date"), default=0)
    in_closed = models.BooleanField(_("in a closed month"), default=False)
    channel = models.CharField(_("came through"), max_length=10, choices=Channel)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    approval = models.ForeignKey(
        Approval, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("approval")
    )
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("approved by")
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("correction")
        indexes = [
            models.Index(fields=["company", "-created_at"], name="correction_by_time"),
            models.Index(fields=["object_id"], name="correction_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.get_field_display()}"


class CorrectionRule(Record):
    """Which changes of booked data need a yes: of a kind, perhaps of one field, from an age or an amount on."""

    NAME = "label"

    label = models.CharField(_("kind of record"), max_length=60, choices=kinds)
    field = models.CharField(
        pgettext_lazy("of a record", "field"), max_length=40, choices=field_choices, blank=True,
        help_text=_("Left empty: every protected field."),
    )  # fmt: skip
    from_days = models.PositiveIntegerField(
        _("from days after the record’s date"), default=0, help_text=_("Earlier changes are only written down.")
    )
    from_amount = money_field(
        _("from amount"), null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("Of the record; left empty: any amount."),
    )  # fmt: skip
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("rule for corrections")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "label", "field"], condition=Q(deleted_at=None), name="one_correction_rule"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_label_display()} {self.get_field_display()}".strip()
