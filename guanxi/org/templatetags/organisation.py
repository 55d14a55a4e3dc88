"""What the pages of roles, people, departments and teams show beyond the common record page."""

from __future__ import annotations

from typing import Any

from django import template

from guanxi.org import queries
from guanxi.org.models import Department, Role, Team, User
from guanxi.org.presets import AREAS

register = template.Library()


@register.simple_tag
def rights(role: Role, user: User) -> dict[str, Any]:
    """The matrix of a role, its words, and whether this person may change it."""
    held = role.users.filter(pk=user.pk).exists()
    return {
        "groups": queries.matrix(role),
        "words": queries.in_words(role),
        "levels": queries.LEVELS.items(),
        "verbs": queries.VERB_WORDS.items(),
        "areas": [{"key": key, "label": label, "on": key in role.areas} for key, label in AREAS.items()],
        "may": user.may("change", "org.role") and not held,
        "held": held,
        "people": role.users.filter(deleted_at=None).count(),
    }


@register.simple_tag
def account_of(person: User, user: User) -> dict[str, Any]:
    """Roles, sessions, sign-ins and what this reader may do with the account."""
    opened, mine = person.has_usable_password(), person.pk == user.pk
    watches = mine or user.may("end_sessions", "org.user")
    return {
        "roles": person.roles.all(),
        "opened": opened,
        "may_open": not opened and user.may("open_account", "org.user"),
        "may_reset": opened and not mine and user.may("reset_password", "org.user"),
        "watches": watches,
        "sign_ins": queries.sign_ins(person) if watches else [],
        "sessions": queries.sessions(person) if watches else [],
        "heads": person.heads.filter(deleted_at=None),
        "teams": person.teams.filter(deleted_at=None),
    }


@register.simple_tag
def queue_of(team: Team, user: User) -> dict[str, Any]:
    return {"queue": queries.queue(team, user), "members": team.members.filter(deleted_at=None).order_by("name")}


@register.simple_tag
def unit_of(department: Department, user: User) -> dict[str, Any]:
    """Where a department stands: what is above and below it, its staff, teams and duties."""
    above = [int(pk) for pk in department.path.strip("/").split("/")[:-1]]
    return {
        "above": Department.objects.visible_to(user).filter(pk__in=above).order_by("path"),
        "below": Department.objects.visible_to(user).filter(parent=department).select_related("head").order_by("name"),
        "staff": User.objects.visible_to(user).filter(department=department, is_active=True).order_by("name")[:50],
        "teams": department.teams.filter(deleted_at=None).select_related("lead").order_by("name"),
        "duties": [AREAS[area] for area in department.duties if area in AREAS],
    }
