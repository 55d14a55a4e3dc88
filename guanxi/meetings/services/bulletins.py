"""Publishing bulletins, taking them back, and the list of those who have read them (MKTI-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.meetings.models import Bulletin, Reading
from guanxi.meetings.queries.bulletins import may_publish
from guanxi.org.models import User
from guanxi.org.services import tell

State = Bulletin.State


def own_bulletin(row: Bulletin, actor: Any, _verb: str) -> None:
    """Drafts are changed by their writer and by those who may publish them; what is out is withdrawn, not rewritten."""
    if row.owner_id != actor.pk and not may_publish(row, actor):
        raise Forbidden(_("Only the publisher may change this."))
    if row.state == State.PUBLISHED:
        raise Refused(_("What has been published is withdrawn and written anew."))


def _valid(row: Bulletin) -> bool:
    return row.state == State.PUBLISHED and (row.valid_until is None or row.valid_until >= clock.today())


@action(Bulletin, label=_("Publish"), icon="send", permission="add", mine=may_publish,
        when=lambda row: row.state == State.DRAFT)  # fmt: skip
def publish(bulletin: Bulletin, *, actor: User) -> Bulletin:
    """Everybody who may sign in is told; the publisher's department answers for it."""
    if bulletin.state != State.DRAFT:
        raise Refused(_("This has been published already."))
    if bulletin.valid_until is not None and bulletin.valid_until < clock.today():
        raise Refused(_("The validity lies in the past."), field="valid_until")
    bulletin.state, bulletin.published_at, bulletin.owner = State.PUBLISHED, clock.now(), actor
    bulletin.department = actor.department
    bulletin.save(update_fields=["state", "published_at", "owner", "department"])
    people = User.objects.filter(company_id=bulletin.company_id, is_active=True).exclude(pk=actor.pk)
    words = {"who": actor, "kind": bulletin.get_kind_display(), "title": bulletin}
    text = _t("Please read what %(who)s has published: %(kind)s “%(title)s”.") % words
    tell(people, text, url=record_url("bulletins", bulletin.pk), icon="speakerphone")
    return bulletin


@action(Bulletin, label=_("Withdraw"), icon="archive", permission="add", mine=may_publish, when=_valid)
def withdraw(bulletin: Bulletin, *, actor: User) -> Bulletin:
    """It was valid until yesterday."""
    bulletin.valid_until = clock.today() - timedelta(days=1)
    bulletin.valid_from = min(bulletin.valid_from, bulletin.valid_until)
    bulletin.save(update_fields=["valid_until", "valid_from"])
    return bulletin


@action(Bulletin, label=_("I have read it"), icon="check", permission="view", when=lambda row: row.state == State.PUBLISHED,
        mine=lambda row, actor: not Reading.objects.filter(bulletin=row, person_id=actor.pk).exists())  # fmt: skip
def acknowledge(bulletin: Bulletin, *, actor: User) -> Bulletin:
    if bulletin.state != State.PUBLISHED:
        raise Refused(_("This has not been published."))
    Reading(company_id=bulletin.company_id, created_by=actor, bulletin=bulletin, person=actor).save()
    return bulletin
