"""The audit trail's tables: entries chained by lane, the lane heads, past verifications and backups."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import IdField


class Entry(models.Model):
    """One act on one row, or an act that changed no row.  Never updated or deleted: the database refuses both.

    People and rows are plain numbers with the name of that moment beside them, so that an entry outlives both.
    """

    id = IdField(primary_key=True, default=new_id)
    company_id = models.BigIntegerField(null=True)
    lane = models.SmallIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField(_("time"))
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("person"), max_length=150)
    channel = models.CharField(_("channel"), max_length=10)
    ip = models.CharField(pgettext_lazy("network", "address"), max_length=45)
    agent = models.CharField(_("device"), max_length=200)
    session = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    verb = models.CharField(_("act"), max_length=100)
    label = models.CharField(_("kind of record"), max_length=60)
    object_id = models.BigIntegerField(default=0)  # 0: the act is about no single row
    title = models.CharField(_("record"), max_length=200)
    old = models.TextField()  # JSON object; empty text for an act that changed no row
    new = models.TextField()
    reason = models.TextField(_("reason"))
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        constraints: ClassVar = [models.UniqueConstraint(fields=["lane", "seq"], name="audit_lane_seq")]
        indexes: ClassVar = [
            models.Index(fields=["label", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["company_id", "at"], name="audit_company_at"),
            models.Index(fields=["actor_id", "at"], name="audit_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.title}"


class LaneHead(models.Model):
    """The newest link of one lane; locked at the end of a unit of work."""

    lane = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")


class Verification(models.Model):
    """What a check of the whole trail found; `report` is `chain.Report` as JSON."""

    id = IdField(primary_key=True, default=new_id)
    at = models.DateTimeField(_("time"), default=clock.now)
    intact = models.BooleanField(_("intact"))
    rows = models.PositiveBigIntegerField(_("entries"))
    report = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit verification")
        ordering: ClassVar = ["-id"]


class BackupRecord(models.Model):
    """One backup and whether restoring it was proven; a failed one keeps its reason in `message`."""

    id = IdField(primary_key=True, default=new_id)
    at = models.DateTimeField(_("time"), default=clock.now)
    file = models.CharField(_("file"), max_length=400)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    verified = models.BooleanField(_("restored on trial"), default=False)
    message = models.TextField(_("message"), blank=True)

    class Meta:
        verbose_name = _("backup")
        ordering: ClassVar = ["-id"]
