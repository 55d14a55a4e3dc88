"""Notices and comments: telling people things."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, work
from guanxi.kernel.errors import Refused
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import Comment, Notice, User

# What apps above do with new notices beside showing them, inside the same unit of work.
listeners: list[Callable[[list[Notice]], None]] = []
MENTION = re.compile(r"@([\w一-鿿·]{2,30})")


def tell(users: Iterable[User], text: str, *, url: str = "", icon: str = "bell") -> None:
    """Leave a notice for these people, inside the current unit of work."""
    work.require()
    notices = [Notice(company_id=user.company_id, user=user, text=text[:300], url=url, icon=icon) for user in users]
    Notice.objects.bulk_create(notices)
    for hear in listeners:
        hear(notices)


@in_unit_of_work
def comment(row: Any, text: str, *, actor: User, url: str) -> Comment:
    """A remark on a record; people named with @ are told, if they may see the record."""
    text = text.strip()
    if not text:
        raise Refused(_("Write something first."), field="text")
    label = row._meta.label_lower
    remark = Comment(
        company_id=actor.company_id, created_by=actor, label=label, object_id=row.pk, author=actor, text=text[:4000]
    )
    remark.save()
    named = User.objects.filter(company_id=actor.company_id, is_active=True, name__in=MENTION.findall(text))
    told = [u for u in named.exclude(pk=actor.pk) if type(row).objects.visible_to(u).filter(pk=row.pk).exists()]
    remark.mentions.set(told)
    message = _("%(who)s mentioned you at %(what)s: %(text)s") % {"who": actor.name, "what": row, "text": text[:80]}
    tell(told, message, url=url, icon="message-circle")
    return remark


def mark_read(user: User, notice_ids: Iterable[int] | None = None) -> int:
    """Mark some or all notices of the person as read."""
    unread = Notice.objects.filter(user=user, read_at=None)
    return (unread if notice_ids is None else unread.filter(pk__in=notice_ids)).update(read_at=clock.now())
