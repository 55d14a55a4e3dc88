"""Roles: the presets, their matrix of rights, and what takes effect when it changes (ORG-07, SEC-05)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guanxi.kernel import work
from guanxi.kernel.actions import action
from guanxi.kernel.entities import entities, entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.filters import FilterError, parse
from guanxi.kernel.models import Company
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.access import sources
from guanxi.org.models import Department, Role, User
from guanxi.org.presets import AREAS, presets
from guanxi.org.queries import LEVELS, permissions_of

T = TypeVar("T")
# Apps add theirs.
CONFIGURATION = {"org.role", "org.department", "org.team", "org.absence", "kernel.extrafield"}
POST = {"department_id", "is_active", "roles", "deleted_at"}


def has_own_form(_row: Any) -> bool:
    """For `when`: the verb is reached from a page of its own, not from the row of buttons."""
    return False


@work.sealer(60)
def renew_configuration(unit: work.Work) -> None:
    """A change of roles, departments, teams, deputies, reach, extra fields or posts takes effect at everybody's next request."""
    companies = {
        change.company_id
        for change in unit.changes.values()
        if change.label in CONFIGURATION | sources or (change.label == "org.user" and POST & set(change.new))
    }
    for company_id in sorted(c for c in companies if c is not None):
        bump(company_id)


def bump(company_id: int) -> None:
    """Make every process recompute rights and fields of a company."""
    Company.objects.filter(pk=company_id).update(config_version=F("config_version") + 1)


@in_unit_of_work
def seed_roles(company: Company) -> dict[str, Role]:
    """Create the preset roles a company lacks; names in the company's language."""
    known: Any = Role.everything.filter(company=company)
    there = set(known.values_list("code", flat=True))
    for role in preset_roles(company):
        if role.code not in there:
            role.save()
    return {role.code: role for role in Role.objects.filter(company=company)}


def preset_roles(company: Company) -> list[Role]:
    """The preset roles as a company gets them, not yet saved."""
    with override("zh-hans"):
        return [
            Role(company=company, is_preset=True, **{**one, "name": str(_(one["name"])), "description": str(_(one["description"]))})
            for one in presets()
        ]  # fmt: skip


_furniture: dict[str, Callable[[Company], object]] = {}


def furnishes(function: Callable[[Company], T]) -> Callable[[Company], T]:
    """Register what an app gives a new company to begin with, as one unit; run again it adds only what is missing."""
    unit = in_unit_of_work(function)
    _furniture[f"{function.__module__}.{function.__name__}"] = unit
    return unit


def furniture() -> dict[str, Callable[[Company], object]]:
    """What apps give to a company, by the name of the function."""
    return dict(_furniture)


@in_unit_of_work
def furnish(company: Company) -> None:
    """Roles, lists, standards, flows: everything a company starts with."""
    seed_roles(company)
    for give in _furniture.values():
        give(company)
    note_given(company)


def note_given(company: Company) -> None:
    """What the company has been offered by now, so that an update knows what is new to it."""
    offered = sorted({label for preset in presets() for label in preset["grants"]})
    now = {**company.settings, "offered": offered, "furniture": sorted(_furniture)}
    if company.settings != now:
        company.settings = now
        company.save(update_fields=["settings"])


@in_unit_of_work
def start(name: str, code: str) -> Company:
    """A company with the preset roles and its headquarters, ready for the first account."""
    if Company.objects.filter(code=code).exists():
        raise Refused(_("There is a company with this code already."))
    company = Company.objects.create(code=code, name=name, short_name=name[:20])
    seed_roles(company)
    with override("zh-hans"):
        Department(company=company, name=str(_("Headquarters")), code="hq", kind=Department.Kind.HEADQUARTERS).save()
    return company


@action(Role, label=_("Set rights"), bulk=False, when=has_own_form, labels={"grants": _("Rights"), "areas": _("Work areas")},
        choices={"areas": lambda _user: AREAS.items()})  # fmt: skip
def define(role: Role, *, actor: User, grants: str, areas: list[str] | None = None) -> Role:
    """Replace the role's rights; `grants` is JSON as described at the model.  What is written badly is refused."""
    _not_own(role, actor)
    wanted = json.loads(grants)
    if not isinstance(wanted, dict):
        raise Refused(_("These rights cannot be read."))
    known = {"*", *(e.label for e in entities())}
    kept = {label: grant for label, grant in role.grants.items() if label not in known}
    cleaned = {label: _clean_grant(label, grant, role) for label, grant in wanted.items() if label in known}
    role.grants = kept | {label: grant for label, grant in cleaned.items() if grant["verbs"]}
    if areas is not None:
        role.areas = [area for area in AREAS if area in areas]
    _stay_separated(role)
    role.save()
    return role


def _clean_grant(label: str, grant: Any, role: Role) -> dict[str, Any]:
    """One entity's rights in their stored form; a condition that does not parse or an unknown right is refused."""
    company, held = role.company, role.grants.get(label, {}).get("verbs", ())
    verbs, scope = grant.get("verbs", []), grant.get("scope", "none")
    if strange := set(verbs) - {"*", *permissions_of(label), *held}:
        raise Refused(_("Unknown right: %(names)s.") % {"names": ", ".join(sorted(strange))})
    if isinstance(scope, dict) and label != "*":
        try:
            parse(scope, entity(label), company)
        except FilterError as error:
            raise Refused(str(error), field="scope") from error
    elif scope not in LEVELS:
        raise Refused(_("Unknown data scope."))
    fields = set() if label == "*" else set(entity(label).fields_for(company))
    closed = {key: [name for name in grant.get(key, ()) if name in fields] for key in ("hidden", "masked")}
    closed["masked"] = [name for name in closed["masked"] if name not in closed["hidden"]]
    verbs = [verb for verb in verbs if verb == "*"] or [v for v in permissions_of(label) if v in verbs]
    return {"verbs": verbs, "scope": scope, **{key: names for key, names in closed.items() if names}}


def _stay_separated(role: Role) -> None:
    """System, security and audit administrator may lose rights, never gain any beyond their preset (GB/T 22239)."""
    if not role.exclusive:
        return
    allowed = preset_of(role)["grants"]
    for label, grant in role.grants.items():
        most = allowed.get(label, {"verbs": []})["verbs"]
        if "*" not in most and not set(grant["verbs"]) <= set(most):
            raise Refused(_("The three administrators are kept apart: this role may not get further rights."))


def preset_of(role: Role) -> dict[str, Any]:
    found = next((preset for preset in presets() if preset["code"] == role.code), None)
    if found is None or not role.is_preset:
        raise Refused(_("This role has no preset."))
    return found


@action(Role, label=_("Restore preset"), icon="arrow-back-up", danger=True, when=lambda role: role.is_preset,
        confirm=_("Rights and work areas become again what the preset says."))  # fmt: skip
def restore_preset(role: Role, *, actor: User) -> Role:
    _not_own(role, actor)
    preset = preset_of(role)
    role.grants, role.areas = preset["grants"], preset["areas"]
    role.save()
    return role


@action(Role, label=_("Copy role"), icon="copy", permission="add", bulk=False,
        labels={"name": _("Name"), "code": _("Code")}, initial=lambda role: {"name": _("%(name)s (copy)") % {"name": role}})  # fmt: skip
def copy(role: Role, *, actor: User, name: str, code: str) -> Role:
    """The same rights under another name; the copy of an administrator's role would undo the separation and is refused."""
    if role.exclusive:
        raise Refused(_("The three administrators are kept apart: their roles cannot be copied."))
    if Role.everything.filter(company_id=role.company_id, code=code).exists():
        raise Refused(_("There is a role with this code already."), field="code")
    made = Role(company_id=role.company_id, created_by=actor, name=name, code=code, description=role.description,
                grants=role.grants, areas=role.areas, second_factor=role.second_factor)  # fmt: skip
    made.save()
    return made


def role_guard(role: Role, actor: Any, verb: str) -> None:
    """Presets stay, roles in use stay, and nobody edits a role they hold."""
    _not_own(role, actor)
    if verb == "delete" and (role.is_preset or role.users.exists()):
        raise Refused(_("A preset role or a role that somebody holds cannot be deleted."))


def _not_own(role: Role, actor: Any) -> None:
    if role.users.filter(pk=actor.pk).exists():
        raise Forbidden(_("Nobody may change a role they hold."))
