"""Filing an absence: one's own, or that of a person one leads; nobody makes himself another's deputy, and deputies are told."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, context, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.org.models import Absence, User
from guanxi.org.queries import heads_above
from guanxi.org.services.talk import tell

LABEL, SAID = Absence._meta.label_lower, {"deputy_id", "starts_on", "ends_on"}


def own_absence(row: Absence, actor: User, _verb: str) -> None:
    """The absent person, and those who lead that person, change an absence."""
    if row.owner_id != actor.pk and (row.owner is None or actor not in heads_above(row.owner)):
        raise Forbidden(_("Only the person and those who lead the person may change this."))


@action(User, label=_("File an absence"), icon="plane-departure", permission="view", bulk=False,
        mine=lambda person, actor: person.pk == actor.pk or actor in heads_above(person),
        labels={"starts_on": _("first day"), "ends_on": _("last day"), "deputy": _("deputy"), "travel": _("Travel")})  # fmt: skip
def send_away(
    person: User, *, actor: User, starts_on: date, ends_on: date, deputy: User, travel: bool = False
) -> Absence:
    """Leave or travel of a person; from the first day on the deputy sees and does the person's work."""
    if ends_on < starts_on:
        raise Invalid({"ends_on": [str(_("The last day lies before the first."))]})
    if deputy.pk == person.pk or not deputy.is_active:
        raise Invalid({"deputy": [str(_("Choose a colleague who is there."))]})
    row = Absence(
        company_id=person.company_id, created_by_id=actor.pk, owner=person, department_id=person.department_id,
        kind=Absence.Kind.TRAVEL if travel else Absence.Kind.LEAVE,
        starts_on=starts_on, ends_on=ends_on, deputy=deputy,
    )  # fmt: skip
    row.save()
    return row


@work.sealer(35, LABEL)
def tell_deputies(unit: work.Work) -> None:
    """Whoever is to stand in learns for whom and from when to when, whichever way the absence was written; new days, told anew."""
    for change in [change for change in unit.changes.values() if change.label == LABEL]:
        row: Absence = change.row
        fresh = change.verb == "created" or (change.verb == "changed" and SAID & change.new.keys())
        if not fresh or row.deputy is None or row.deleted_at or row.ends_on < clock.today():
            continue
        if row.deputy_id != context.origin().actor_id:
            text = _(
                "You stand in for %(name)s from %(first)s to %(last)s: meanwhile their customers and work are yours too."
            )
            words = text % {"name": row.owner, "first": row.starts_on, "last": row.ends_on}
            tell([row.deputy], str(words), url=record_url("people", row.owner_id), icon="plane-departure")


def deputies(people: list[User], day: date) -> dict[Any, User]:
    """Who stands in today, by the id of the person who is away."""
    rows = Absence.objects.filter(Absence.on(day), owner__in=people, deputy__is_active=True).select_related("deputy")
    return {row.owner_id: row.deputy for row in rows if row.deputy}
