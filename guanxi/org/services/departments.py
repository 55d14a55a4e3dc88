"""The department tree: where a department hangs, who leads it, what it is there for (ORG-01, ORG-10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.org.models import Department, Team, User
from guanxi.org.presets import AREAS


def plant(rows: list[Department]) -> None:
    """Give new departments their path."""
    for row in rows:
        row.path = f"{row.parent.path if row.parent else '/'}{row.pk}/"


def check_place(row: Department) -> None:
    """Refuse a department below itself.  All nodes are locked, so that two moves cannot close a circle together."""
    nodes: Any = Department.everything.filter(company_id=row.company_id).select_for_update().order_by("pk")
    paths = dict(nodes.values_list("pk", "path"))
    if row.parent_id and f"/{row.pk}/" in paths.get(row.parent_id, ""):
        raise Refused(_("A department cannot belong to itself or to one below it."), field="parent")


@work.sealer(50, "org.department")
def replant(unit: work.Work) -> None:
    """Whichever way a department was moved, the paths of everything below move with it in the same unit."""
    moved = [c for c in unit.changes.values() if c.label == "org.department" and "parent_id" in c.old]
    for company_id in {change.row.company_id for change in moved}:
        nodes: Any = Department.everything.filter(company_id=company_id)
        parents = dict(nodes.values_list("pk", "parent_id"))
        for pk, path in nodes.values_list("pk", "path"):
            if path != (right := _path(pk, parents)):
                nodes.filter(pk=pk).update_silently(path=right)


def _path(pk: int | None, parents: dict[int, int | None]) -> str:
    return "/" if pk is None else f"{_path(parents[pk], parents)}{pk}/"


@action(Department, label=_("Move department"), icon="arrows-exchange", bulk=False, labels={"to": _("Belongs to")})
def move(department: Department, *, actor: User, to: Department | None = None) -> Department:
    """Hang the department and everything below it under another one; without one it becomes a root (ORG-10)."""
    department.parent = to
    check_place(department)
    department.save()
    return department


@action(Department, label=_("Appoint head"), icon="user-check", bulk=False, labels={"head": _("Head")})
def appoint(department: Department, *, actor: User, head: User) -> Department:
    department.head = head
    department.save()
    return department


@action(Department, label=_("Set duties"), icon="checklist", bulk=False, labels={"duties": _("Duties")},
        choices={"duties": lambda _user: AREAS.items()}, initial=lambda row: {"duties": row.duties})  # fmt: skip
def assign_duties(department: Department, *, actor: User, duties: list[str]) -> Department:
    """Which work areas the people of the department find on their start page."""
    department.duties = [area for area in AREAS if area in duties]
    department.save()
    return department


def colleagues(actor: User) -> list[tuple[str, str]]:
    """Everybody who may sign in, with their department."""
    people = (
        User.objects.filter(company_id=actor.company_id, is_active=True).select_related("department").order_by("name")
    )
    return [(str(user.pk), f"{user.name} · {user.department}" if user.department else user.name) for user in people]


@action(Team, label=_("Set members"), icon="users-group", bulk=False, labels={"members": _("Members")},
        choices={"members": colleagues}, initial=lambda team: {"members": [str(pk) for pk in team.members.values_list("pk", flat=True)]})  # fmt: skip
def set_members(team: Team, *, actor: User, members: list[str]) -> Team:
    """Replace the people of the team; what they own lies in its queue from now on (ORG-02)."""
    before = sorted(team.members.values_list("name", flat=True))
    team.members.set(User.objects.filter(company_id=team.company_id, pk__in=members))
    after = sorted(team.members.values_list("name", flat=True))
    if before != after:
        old, new = {"members": before}, {"members": after}
        work.require().note(work.Change(team.company_id, "org.team", team.pk, str(team), "changed", old, new, team))
    return team
