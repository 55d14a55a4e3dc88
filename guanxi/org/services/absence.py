"""Filing an absence: one's own, or that of a person one leads; nobody makes himself another's deputy."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.org.models import Absence, User
from guanxi.org.queries import heads_above


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


def deputies(people: list[User], day: date) -> dict[Any, User]:
    """Who stands in today, by the id of the person who is away."""
    rows = Absence.objects.filter(Absence.on(day), owner__in=people, deputy__is_active=True).select_related("deputy")
    return {row.owner_id: row.deputy for row in rows if row.deputy}
