"""Meetings of sales, marketing and service: agenda, participants, minutes, and what somebody has to do (MEET-01, MEET-02)."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.formats.addresses import on_this_site
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.kernel.models.base import TECHNICAL
from guanxi.org.models import OwnedRecord, User
from guanxi.worktime.models import TIME_OF_DAY

LIVE = Q(deleted_at=None)


class Meeting(OwnedRecord):  # type: ignore[django-manager-missing]
    """One meeting; the owner calls it, draws its agenda and writes its minutes."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("Customer-management meeting (monthly)")
        OTHER = "other", _("Other meeting")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "Planned")
        CLOSED = "closed", pgettext_lazy("meeting", "Held")

    name = models.CharField(_("name"), max_length=100, blank=True, help_text=_("Given automatically if left empty."))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.MONTHLY)
    held_on = models.DateField(_("day"), default=clock.today)
    starts_at = models.CharField(_("begins at"), max_length=5, default="14:00", validators=[TIME_OF_DAY])
    ends_at = models.CharField(_("ends at"), max_length=5, default="15:30", validators=[TIME_OF_DAY])
    place = models.CharField(_("place"), max_length=100, blank=True)
    progress = models.TextField(_("progress of the departments"), max_length=8000, blank=True)
    feedback = models.TextField(_("feedback of customers"), max_length=8000, blank=True)
    decisions = models.TextField(_("decisions"), max_length=8000, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED, editable=False)
    next_on = models.DateField(_("next meeting"), null=True, blank=True, editable=False)
    reminded_on = models.DateField(null=True, editable=False)

    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {"reminded_on"}

    class Meta(OwnedRecord.Meta):
        verbose_name = _("meeting")
        indexes = [models.Index(fields=["company", "held_on"], condition=LIVE, name="meeting_day")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.starts_at >= self.ends_at:
            raise ValidationError({"ends_at": _("The meeting ends before it begins.")})


class Seat(Record):
    """Somebody takes part, speaking for sales, marketing or service."""

    NAME = "person"

    class Side(models.TextChoices):
        SALES = "sales", pgettext_lazy("side", "Sales")
        MARKETING = "marketing", pgettext_lazy("side", "Marketing")
        SERVICE = "service", pgettext_lazy("side", "Service")
        OTHER = "other", pgettext_lazy("side", "Other")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="seats", verbose_name=_("meeting"))
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("participant"))
    side = models.CharField(_("speaks for"), max_length=9, choices=Side, default=Side.SALES)
    present = models.BooleanField(_("was present"), default=True)

    class Meta:
        verbose_name = _("participant")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], condition=LIVE, name="meetingseat_once")]

    def __str__(self) -> str:
        return str(self.person)


class AgendaPoint(Record):
    """What is talked about: drawn from the data of the day or added by hand, and what came out of it."""

    NAME = "title"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="points", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("position"), default=50)
    title = models.CharField(_("title"), max_length=100)
    facts = models.TextField(_("facts"), max_length=4000, blank=True)
    outcome = models.TextField(_("outcome"), max_length=4000, blank=True)
    url = models.CharField(max_length=300, blank=True, editable=False)
    source = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """The page behind the point; nothing stored leads off this site."""
        return on_this_site(self.url)


class ActionItem(OwnedRecord):
    """What a meeting left to do: the owner does it by the day (MEET-02)."""

    NAME = "what"

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("action item", "Open")
        DONE = "done", _("Done")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("meeting")
    )
    what = models.CharField(_("action"), max_length=200)
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.OPEN, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    result = models.CharField(_("result"), max_length=400, blank=True)
    late_on = models.DateField(null=True, editable=False)

    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {"late_on"}

    class Meta(OwnedRecord.Meta):
        verbose_name = _("action item")
        indexes = [models.Index(fields=["company", "state", "due_on"], condition=LIVE, name="actionitem_due")]

    def __str__(self) -> str:
        return self.what
