"""Handovers: who leaves or moves, who takes over, by which rules, and every single thing that changes hands."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.handover.models.accounts import Concerning
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field


class Handover(Concerning):  # type: ignore[django-manager-missing]
    """Everything one person holds goes to named successors; both sides sign, then it is sealed (ACCT-05)."""

    NAME = "name"

    class Kind(models.TextChoices):
        LEAVING = "leaving", _("Leaving")
        MOVE = "move", _("Change of post")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", pgettext_lazy("handover", "To be signed")
        LEAVER = "leaver", _("Signed by the giving side")
        SIGNED = "signed", _("Signed by all")
        SEALING = "sealing", pgettext_lazy("handover", "Being sealed")
        SEALED = "sealed", pgettext_lazy("handover", "Sealed")
        CANCELLED = "cancelled", pgettext_lazy("handover", "Cancelled")

    name = models.CharField(pgettext_lazy("handover", "name"), max_length=80, blank=True, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("hands over"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.LEAVING)
    day = models.DateField(_("day"))
    rest_to = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("takes the rest"),
        help_text=_("Gets everything that no rule and no hand has given to somebody else."),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("signed by")
    )
    remark = models.CharField(_("remark of the signer"), max_length=200, blank=True, editable=False)
    problem = models.CharField(_("problem"), max_length=400, blank=True, editable=False)
    job_id = models.BigIntegerField(null=True, editable=False)
    sealed_at = models.DateTimeField(_("sealed at"), null=True, editable=False)
    sealed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("sealed by")
    )
    seal = models.CharField(_("seal"), max_length=64, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("handover")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "person"], name="one_handover_at_a_time",
                condition=Q(deleted_at=None) & ~Q(state__in=["sealed", "cancelled"]),
                violation_error_message=_("A handover of this person is under way already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = f"{self.person} {self.day}"
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name"}
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class Successor(Record):
    """One person who takes over, and when that person signed for it."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="successors", verbose_name=_("handover"))
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("signed by")
    )

    class Meta:
        verbose_name = _("successor")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "person"], condition=Q(deleted_at=None), name="successor_once",
                violation_error_message=_("This person is a successor already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.person)


class Rule(Record):
    """Rows of one kind that match a condition go to a person, or alternately to all successors; the first rule wins."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="rules", verbose_name=_("handover"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=1)
    label = models.CharField(_("kind of thing"), max_length=60, default="customers.account")
    where = models.JSONField(_("condition"), default=dict, blank=True)
    to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to"),
        help_text=_("Left empty, all successors take turns, the largest customers first."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rule of division")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.position}. {self.to or _('all take turns')}"


class Holding(Record):
    """One thing a person holds, where it goes, and its checksum before and after; `link` names what binds it."""

    NAME = "title"

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="holdings", verbose_name=_("handover"))
    label = models.CharField(_("kind of thing"), max_length=60)
    link = models.CharField(_("held as"), max_length=40)
    object_id = models.BigIntegerField()
    title = models.CharField(_("what"), max_length=200)
    customer_id = models.BigIntegerField(null=True)
    weight = money_field(_("revenue of a year"))
    successor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goes to")
    )
    by_hand = models.BooleanField(_("given by hand"), default=False)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    before = models.CharField(_("checksum before"), max_length=64, blank=True)
    after = models.CharField(_("checksum after"), max_length=64, blank=True)
    moved_at = models.DateTimeField(_("handed over at"), null=True, blank=True)

    class Meta:
        verbose_name = _("thing handed over")
        ordering = ["-weight", "id"]
        constraints = [models.UniqueConstraint(fields=["handover", "label", "link", "object_id"], name="holding_once")]

    def __str__(self) -> str:
        return self.title
