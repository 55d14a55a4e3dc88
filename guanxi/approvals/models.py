"""Approvals: who has to agree to what in which order, what was asked, and what each approver said."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.approvals.subjects import subject_choices
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, Role, User
from guanxi.org.models.amounts import money_field


class Flow(Record):
    """The chain for one kind of request.  A flow without steps lets everything of its kind pass at once."""

    NAME = "kind"

    kind = models.CharField(_("for"), max_length=60, choices=subject_choices)
    hours = models.PositiveSmallIntegerField(_("remind after (hours)"), default=24)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("approval flow")
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], condition=Q(deleted_at=None), name="one_flow_a_kind")
        ]

    def __str__(self) -> str:
        return str(dict(subject_choices()).get(self.kind, self.kind))


class FlowStep(Record):
    """One step: those named must agree, any one of them or all; steps follow each other by `position`."""

    class Who(models.TextChoices):
        HEAD = "head", _("Head of the department")
        ABOVE = "above", _("Head of the department above")
        ROLE = "role", _("A role")
        PERSON = "person", _("A person")

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="steps", verbose_name=_("approval flow"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=1)
    who = models.CharField(_("who approves"), max_length=8, choices=Who, default=Who.HEAD)
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role"))
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))
    everyone = models.BooleanField(_("all must agree"), default=False)
    from_amount = money_field(_("from amount"), null=True, blank=True)
    standard = models.CharField(
        _("standard"), max_length=400, blank=True, help_text=_("What is looked at, and by when it is decided.")
    )

    class Meta:
        verbose_name = _("step")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(self.role or self.person or self.get_who_display())

    def clean(self) -> None:
        super().clean()
        if self.who == self.Who.ROLE and self.role_id is None:
            raise ValidationError({"role": _("Choose the role that approves.")})
        if self.who == self.Who.PERSON and self.person_id is None:
            raise ValidationError({"person": _("Choose the person who approves.")})


class Approval(OwnedRecord):
    """One request; its owner asks.  `payload` is what the subject's effect needs, ids and plain values."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        AGREED = "agreed", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    NAME = "title"

    kind = models.CharField(_("kind"), max_length=60, choices=subject_choices, editable=False)
    title = models.CharField(_("subject"), max_length=200, editable=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True, editable=False)
    amount = money_field(_("amount"), null=True, blank=True, editable=False)
    label = models.CharField(max_length=60, blank=True, editable=False)
    object_id = models.BigIntegerField(null=True, blank=True, editable=False)
    payload = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING, editable=False)
    step = models.PositiveSmallIntegerField(_("step"), default=0, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("approval")
        indexes = [models.Index(fields=["company", "label", "object_id"], name="approval_of")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PENDING


class Vote(Record):
    """What one person was asked at one step, and said."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not yet their turn")
        OPEN = "open", _("Decision pending")
        AGREED = "agreed", _("Approved")
        REFUSED = "refused", _("Refused")
        PASSED = "passed", _("Passed on")
        VOID = "void", _("No longer needed")

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="votes", verbose_name=_("approval"))
    position = models.PositiveSmallIntegerField(_("step"))
    step = models.CharField(_("as"), max_length=80)
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("approver"))
    stands_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in place of")
    )
    everyone = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    opinion = models.TextField(_("opinion"), max_length=2000, blank=True)
    opened_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    remind_at = models.DateTimeField(_("remind at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["company", "person", "state"], name="vote_of_person"),
            models.Index(fields=["company", "remind_at"], condition=Q(state="open"), name="vote_to_remind"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_state_display()}"
