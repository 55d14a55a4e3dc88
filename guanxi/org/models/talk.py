"""What people leave on any record: comments and attachments; and what the product tells them: notices, sign-ins."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Company, IdField, Record
from guanxi.org.models.people import User


class Comment(Record):
    """A remark on a record; `mentions` are told at once."""

    label = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"), max_length=4000)
    mentions = models.ManyToManyField(User, blank=True, related_name="+")

    class Meta:
        verbose_name = _("comment")
        ordering = ["-id"]
        indexes = [models.Index(fields=["label", "object_id", "-id"], name="comment_of")]

    def __str__(self) -> str:
        return self.text[:40]


class Attachment(Record):
    """A file of a record: checked by content, stored outside the web root under its hash, served by a view."""

    label = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))

    class Meta:
        verbose_name = _("attachment")
        ordering = ["-id"]
        indexes = [models.Index(fields=["label", "object_id", "-id"], name="attachment_of")]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """Something one person should know, with the page to open."""

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="notices", db_index=False)
    icon = models.CharField(max_length=30, default="bell")
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
        ]


class SignIn(Record):
    """The sign-in history of an account, failures included.  Nobody's company where the name is nobody's."""

    NAME = "username"

    company = models.ForeignKey(  # type: ignore[assignment]
        Company, models.CASCADE, null=True, related_name="+", db_index=False, editable=False
    )
    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="sign_ins", db_index=False, verbose_name=_("person")
    )
    username = models.CharField(_("sign-in name"), max_length=60)
    at = models.DateTimeField(_("time"), default=clock.now)
    ok = models.BooleanField(_("successful"), default=False)
    ip = models.CharField(pgettext_lazy("network", "address"), max_length=45, blank=True)
    agent = models.CharField(_("device"), max_length=200, blank=True)
    method = models.CharField(_("method"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "at"], name="signin_of_person"),
            models.Index(fields=["company", "at"], name="signin_by_time"),
        ]

    def __str__(self) -> str:
        return self.username
