"""Notices beside the page: group robots, what each person wants, and what is on its way (BEYOND-07)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Company, IdField, Record
from guanxi.kernel.models.base import TECHNICAL
from guanxi.kernel.sealed import seal, unseal
from guanxi.org.models import Notice, User
from guanxi.worktime.models import TIME_OF_DAY

_PURPOSE = b"guanxi group robot v1"


class Robot(Record):
    """A robot of a chat group.  Address and secret lie here as ciphertext and are shown to nobody."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        LARK = "lark", _("Lark")

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.WECOM)
    is_active = models.BooleanField(_("in use"), default=True)
    shows_text = models.BooleanField(
        _("shows what a notice says"), default=False,
        help_text=_("Off: the group reads only who has how many notices, and no customer’s name."),
    )  # fmt: skip
    sealed_address = models.TextField(blank=True, editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    blocked_until = models.DateTimeField(_("paused until"), null=True, editable=False)
    problem = models.CharField(_("last problem"), max_length=200, blank=True, editable=False)

    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {"sealed_address", "sealed_secret", "blocked_until", "problem"}

    class Meta:
        verbose_name = _("group robot")

    def __str__(self) -> str:
        return self.name

    def connect(self, address: str, secret: str) -> None:
        self.sealed_address = seal(address, _PURPOSE)
        self.sealed_secret = seal(secret, _PURPOSE) if secret else ""

    @property
    def address(self) -> str:
        return unseal(self.sealed_address, _PURPOSE) if self.sealed_address else ""

    @property
    def secret(self) -> str:
        return unseal(self.sealed_secret, _PURPOSE) if self.sealed_secret else ""


class Choice(models.Model):
    """How a person wants to hear of notices; without a row only the page tells."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "once", _("At once")
        DAILY = "daily", _("Once a day, together")

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    mail = models.BooleanField(_("By mail"), default=False)
    robot = models.ForeignKey(
        Robot, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("By group robot")
    )
    rhythm = models.CharField(_("When to send"), max_length=5, choices=Rhythm, default=Rhythm.AT_ONCE)
    daily_at = models.CharField(_("Daily at"), max_length=5, default="08:30", validators=[TIME_OF_DAY])
    quiet_from = models.CharField(_("Quiet from"), max_length=5, default="20:00", validators=[TIME_OF_DAY])
    quiet_until = models.CharField(_("Quiet until"), max_length=5, default="08:00", validators=[TIME_OF_DAY])
    workdays_only = models.BooleanField(_("On working days only"), default=True)


class Delivery(models.Model):
    """A notice on its way to one person through one channel."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        ROBOT = "robot", _("Group robot")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer needed")
        FAILED = "failed", _("Failed")

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_due")]
