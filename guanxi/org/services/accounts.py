"""Accounts: entering and opening them, roles, freezing, sessions, initial passwords (ORG-11, SEC-05)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.models import Company
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import Department, Role, User
from guanxi.org.services.roles import has_own_form

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


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


def powerful(roles: Iterable[Role]) -> bool:
    """Heads of company and administrators: accounts that must not fall to somebody with fewer rights."""
    return any(role.exclusive or "*" in role.grants for role in roles)


def protect(user: User, actor: Any, _verb: str = "") -> None:
    """Only who holds such a role themselves may touch the account of a head or an administrator."""
    if powerful(user.roles.all()) and not powerful(actor.roles.all()):
        raise Forbidden(_("The accounts of heads and administrators are managed by administrators."))


def history(_sign_in: Any, _actor: Any, _verb: str) -> None:
    """Guard: sign-ins are witnessed, not typed."""
    raise Forbidden(_("Sign-ins are kept as they happened."))


def role_choices(actor: User) -> list[tuple[str, str]]:
    """The roles this person may hand out."""
    may_all = powerful(actor.roles.all())
    roles = Role.objects.filter(company_id=actor.company_id)
    return [(role.code, role.name) for role in roles if may_all or not powerful([role])]


def _chosen(actor: User, codes: list[str]) -> list[Role]:
    if set(codes) - dict(role_choices(actor)).keys():
        raise Forbidden(_("You may not give this role."))
    return list(Role.objects.filter(company_id=actor.company_id, code__in=codes))


def role_codes(user: User) -> dict[str, Any]:
    return {"roles": [role.code for role in user.roles.all()]}


@action(User, label=_("Set roles"), permission="set_roles", icon="certificate", bulk=False, labels={"roles": _("Roles")},
        choices={"roles": role_choices}, initial=role_codes)  # fmt: skip
def set_roles(user: User, *, actor: User, roles: list[str]) -> User:
    """Give the person exactly these roles (by code)."""
    if user.pk == actor.pk:
        raise Forbidden(_("Nobody may change their own roles."))
    protect(user, actor)
    give_roles(user, _chosen(actor, roles))
    return user


def enter(rows: list[User]) -> None:
    """People entered in a form or a file are requests: nobody signs in before the account has been opened (ORG-11)."""
    for user in rows:
        user.is_active = False
        user.set_unusable_password()


def new_password() -> str:
    """A random initial password, 79 bits in four groups that can be read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _group in range(4))


@action(User, label=_("Open account"), permission="open_account", bulk=False, when=has_own_form,
        labels={"password": _("Initial password"), "roles": _("Roles")}, choices={"roles": role_choices})  # fmt: skip
def open_for(user: User, *, actor: User, password: str, roles: list[str] | None = None) -> User:
    """Carry out a request: roles, where the actor may give them, and an initial password to be replaced at once."""
    if user.has_usable_password():
        raise Refused(_("This account has been opened already."))
    if roles:
        if not actor.may("set_roles", "org.user"):
            raise Forbidden(_("You may not give this role."))
        give_roles(user, _chosen(actor, roles))
    user.is_active = True
    _initial(user, password)
    return user


@action(User, label=_("Set a new password"), permission="reset_password", bulk=False, when=has_own_form,
        labels={"password": _("New password")})  # fmt: skip
def reset_password(user: User, *, actor: User, password: str) -> User:
    """An initial password from the administrator; all sessions end and the person must replace it at the next sign-in."""
    if user.pk == actor.pk:
        raise Forbidden(_("Change your own password in the settings."))
    protect(user, actor)
    _initial(user, password)
    close_sessions(user)
    return user


def _initial(user: User, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password", "is_active"])
    work.require().witness(work.Change(user.company_id, "org.user", user.pk, str(user), "initial_password", {}, {}))


@action(
    User,
    label=_("Move to department"),
    permission="change",
    icon="arrows-exchange",
    labels={"department": _("Department")},
)
def appoint_to(user: User, *, actor: User, department: Department) -> User:
    """A change of post: from now on the person sees what the new department sees."""
    protect(user, actor)
    user.department = department
    user.save()
    return user


@action(User, label=_("Freeze account"), permission="freeze", icon="lock", danger=True,
        when=lambda user: user.is_active, labels={"reason": _("Reason")})  # fmt: skip
def freeze(user: User, *, actor: User, reason: str) -> User:
    """The person is out at the next request, on all devices."""
    if user.pk == actor.pk:
        raise Forbidden(_("Nobody may freeze their own account."))
    protect(user, actor)
    user.is_active = False
    user.save(update_fields=["is_active"])
    close_sessions(user)
    return user


@action(User, label=_("Unfreeze account"), permission="freeze", icon="lock-open",
        when=lambda user: not user.is_active and user.has_usable_password())  # fmt: skip
def unfreeze(user: User, *, actor: User) -> User:
    protect(user, actor)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@action(User, label=_("End all sessions"), permission="end_sessions", icon="logout")
def end_sessions(user: User, *, actor: User) -> User:
    protect(user, actor)
    close_sessions(user)
    work.require().witness(work.Change(user.company_id, "org.user", user.pk, str(user), "end_sessions", {}, {}))
    return user


_endings: list[Callable[[User], object]] = []


def ends_with_account(function: Callable[[User], object]) -> Callable[[User], object]:
    """Register what else ends when an account is closed for good (tokens of programs)."""
    _endings.append(function)
    return function


@in_unit_of_work
def close_account(user: User) -> None:
    """The person has left: no sign-in, no session, no token; what they did stays."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    close_sessions(user)
    for end in _endings:
        end(user)


def close_sessions(user: User) -> None:
    from allauth.usersessions.models import UserSession

    for session in UserSession.objects.filter(user=user):
        session.end()
