"""A person's working day: plan and log (FORM-05); and the secret address under which a calendar is subscribed to."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import IdField
from guanxi.org.models import OwnedRecord, User


class WorkLog(OwnedRecord):
    """What the owner has planned for a day and what came of it; one row a person and day."""

    NAME = "day"

    day = models.DateField(_("day"), default=clock.today)
    plan = models.TextField(_("plan of the day"), max_length=4000, blank=True)
    log = models.TextField(_("log of the day"), max_length=4000, blank=True)
    planned_at = models.DateTimeField(_("planned at"), null=True, editable=False)
    logged_at = models.DateTimeField(_("logged at"), null=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("daily plan and log")
        indexes = [models.Index(fields=["company", "-day"], condition=Q(deleted_at=None), name="worklog_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "owner", "day"], condition=Q(deleted_at=None), name="worklog_once",
                violation_error_message=_("There is a plan for this day already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.owner} {self.day}"


class CalendarFeed(models.Model):
    """Whoever knows the address reads the person's calendar; only the hash of its secret part is stored."""

    id = IdField(primary_key=True, default=new_id)
    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
