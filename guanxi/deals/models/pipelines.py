"""Pipelines: the stages an opportunity goes through in order, what each asks for, and why opportunities are lost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Record, TagsField

LIVE = Q(deleted_at=None)


class Need(models.TextChoices):
    """What a stage may ask for before an opportunity leaves it: a field that is filled in, or a fact on record."""

    CONTACT = "contact", _("A contact is named")
    AMOUNT = "amount", _("The amount is filled in")
    EXPECTED = "expected_on", _("The expected day of closing is filled in")
    COMPETITOR = "competitor", _("The competitor is named")
    STEP = "next_step", _("The next step is written down")
    LINES = "lines", _("Products are listed")
    FOLLOW_UP = "follow_up", _("A follow-up since the stage was entered")
    VISIT = "visit", _("A finished visit since the stage was entered")
    FILE = "file", _("A file is attached")


class Pipeline(Record):
    """One way of selling, as stages in order."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    remark = models.TextField(_("remark"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("pipeline")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="pipeline_name")]

    def __str__(self) -> str:
        return self.name


class Stage(Record):  # type: ignore[django-manager-missing]
    """A step of a pipeline; `needs` is the evidence without which no opportunity leaves it forwards (SALE-03)."""

    NAME = "name"

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="stages", verbose_name=_("pipeline"))
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    probability = models.PositiveSmallIntegerField(_("probability (%)"), default=10)
    stalled_after_days = models.PositiveSmallIntegerField(
        _("stalled after (days)"), null=True, blank=True, default=30, help_text=_("Empty: never.")
    )
    needs = TagsField(_("evidence before the next stage"))
    advice = models.CharField(_("what to do in this stage"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("sales stage")
        ordering = ["pipeline__position", "pipeline", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "name"], condition=LIVE, name="stage_name"),
            models.CheckConstraint(
                condition=Q(probability__lte=100),
                name="stage_probability",
                violation_error_message=_("A probability lies between 0 and 100 %."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LossReason(Record):
    """Why an opportunity was lost; a company keeps the list itself."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("loss reason")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="loss_reason_name")]

    def __str__(self) -> str:
        return self.name
