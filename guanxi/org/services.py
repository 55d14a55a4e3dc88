"""Opening and closing accounts, changing roles and passwords, telling people things."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.models import Company, ExtraField
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import Comment, Department, Notice, Role, Team, User
from guanxi.org.presets import PRESETS

MENTION = re.compile(r"@([\w一-鿿·]{2,30})")
CONFIGURATION = {"org.role", "org.department", "org.team", "kernel.extrafield"}


@work.sealer(60)
def renew_configuration(unit: work.Work) -> None:
    """A change of roles, departments, teams, extra fields or a person's post takes effect at everybody's next request."""
    companies = {
        change.company_id
        for change in unit.changes.values()
        if change.label in CONFIGURATION
        or (change.label == "org.user" and {"department_id", "is_active", "roles", "deleted_at"} & set(change.new))
    }
    for company_id in sorted(c for c in companies if c is not None):
        bump(company_id)


def bump(company_id: int) -> None:
    """Make every process recompute rights and fields of a company."""
    Company.objects.filter(pk=company_id).update(config_version=F("config_version") + 1)


@in_unit_of_work
def seed_roles(company: Company) -> dict[str, Role]:
    """Create the preset roles a company lacks; names in the company's language."""
    with override("zh-hans"):
        for preset in PRESETS:
            if not Role.everything.filter(company=company, code=preset["code"]).exists():
                named = {**preset, "name": str(_(preset["name"])), "description": str(_(preset["description"]))}
                Role(company=company, is_preset=True, **named).save()
    return {role.code: role for role in Role.objects.filter(company=company)}


@in_unit_of_work
def open_account(company: Company, *, roles: Iterable[Role], password: str | None = None, **values: Any) -> User:
    """Create a person with roles; without a password the account cannot sign in until one is set."""
    user = User(company=company, **values)
    user.set_password(password)
    user.full_clean(exclude=["company", "created_by", "password"])
    user.save()
    give_roles(user, roles)
    return user


def give_roles(user: User, roles: Iterable[Role]) -> None:
    """Replace the person's roles, noting it; two of the three separated administrators in one person are refused."""
    wanted = list(roles)
    groups = [role.exclusive for role in wanted if role.exclusive]
    if len(groups) != len(set(groups)):
        raise Refused(_("One person may hold only one of the three administrator roles."))
    before = sorted(user.roles.values_list("name", flat=True)) if user.pk else []
    after = sorted(role.name for role in wanted)
    user.roles.set(wanted)
    if before != after:
        old, new = {"roles": before}, {"roles": after}
        work.require().note(work.Change(user.company_id, "org.user", user.pk, str(user), "changed", old, new, user))


@action(User, label=_("Set roles"), permission="set_roles", icon="certificate", bulk=False, labels={"roles": _("Roles")})
def set_roles(user: User, *, actor: User, roles: list[str]) -> User:
    """Give the person exactly these roles (by code)."""
    if user.pk == actor.pk:
        raise Forbidden(_("Nobody may change their own roles."))
    give_roles(user, Role.objects.filter(company_id=user.company_id, code__in=roles))
    return user


@action(User, label=_("Freeze account"), permission="freeze", icon="lock", danger=True,
        when=lambda user: user.is_active, labels={"reason": _("Reason")})  # fmt: skip
def freeze(user: User, *, actor: User, reason: str) -> User:
    """The person is out at the next request, on all devices."""
    if user.pk == actor.pk:
        raise Forbidden(_("Nobody may freeze their own account."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    close_sessions(user)
    return user


@action(User, label=_("Unfreeze account"), permission="freeze", icon="lock-open", when=lambda user: not user.is_active)
def unfreeze(user: User, *, actor: User) -> User:
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@action(User, label=_("End all sessions"), permission="end_sessions", icon="logout")
def end_sessions(user: User, *, actor: User) -> User:
    close_sessions(user)
    work.require().witness(work.Change(user.company_id, "org.user", user.pk, str(user), "end_sessions", {}, {}))
    return user


def close_sessions(user: User) -> None:
    from allauth.usersessions.models import UserSession

    for session in UserSession.objects.filter(user=user):
        session.end()


@action(User, label=_("Set a new password"), permission="change", icon="key", bulk=False,
        labels={"password": _("New password")})  # fmt: skip
def reset_password(user: User, *, actor: User, password: str) -> User:
    """An initial password from the administrator; the person must replace it at the next sign-in."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    close_sessions(user)
    work.require().witness(work.Change(user.company_id, "org.user", user.pk, str(user), "reset_password", {}, {}))
    return user


def tell(users: Iterable[User], text: str, *, url: str = "", icon: str = "bell") -> None:
    """Leave a notice for these people, inside the current unit of work."""
    work.require()
    Notice.objects.bulk_create(
        Notice(company_id=user.company_id, user=user, text=text[:300], url=url, icon=icon) for user in users
    )


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


__all__ = ["Department", "ExtraField", "Team", "comment", "mark_read", "open_account", "seed_roles", "tell"]
