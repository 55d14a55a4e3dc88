"""What a person may do and see, computed from roles once and kept until the company's configuration changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, cast

from django.db.models import Q

from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.models import Company
from guanxi.org.models import Absence, Department, Team, User

# What apps above lend to people for reading: (id of the person, day) -> ids of rows by the label of their entity.
lenders: list[Callable[[int, date], dict[str, list[int]]]] = []
LEVELS = ("none", "own", "team", "department", "tree", "all")
NOTHING = Q(pk__in=[])
Joined = Callable[[list[int], date], Iterable[int]]
_joins: dict[str, Joined] = {}
sources: set[str] = set()  # entities whose change gives or takes reach


def joins(label: str, source: str) -> Callable[[Joined], Joined]:
    """Register `ids(people, day)`: rows of an entity in these people's reach like their own, kept in the entity `source`."""

    def register(function: Joined) -> Joined:
        _joins[label] = function
        sources.add(source)
        return function

    return register


class Sight(Protocol):
    """An entity's own answer to who sees which rows, and which fields stay closed or masked beyond what roles say.

    Asked once per person and `Company.config_version`: what it depends on belongs into `org.services.CONFIGURATION`.
    """

    def rows(self, access: Access, prefix: str) -> Q: ...
    def closed(self, access: Access) -> frozenset[str]: ...
    def masked(self, access: Access) -> frozenset[str]: ...


@dataclass(frozen=True)
class Grant:
    """The rights of one person on one entity, merged over roles: `scopes` are alternatives, the widest wins."""

    verbs: frozenset[str] = frozenset()
    scopes: tuple[Any, ...] = ()
    hidden: frozenset[str] = frozenset()
    masked: frozenset[str] = frozenset()


@dataclass
class Access:
    """Answers for one person; see kernel.people.Person."""

    user_id: int
    company_id: int
    department_id: int | None
    departments: list[int]
    teammates: list[int]
    principals: list[int]  # away today, with this person as deputy
    grants: dict[str, Grant]
    lent: dict[str, list[int]] = field(default_factory=dict)  # rows on loan today; in reach only of `reader`
    reads_loans: bool = False
    areas: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    second_factor: bool = False
    joined: dict[str, list[int]] = field(default_factory=dict)  # rows besides the own ones, by entity
    _scopes: dict[tuple[str, str], Q] = field(default_factory=dict)
    _veils: dict[str, frozenset[str]] = field(default_factory=dict)

    def grant(self, label: str) -> Grant:
        return self.grants.get(label) or self.grants.get("*") or Grant()

    def may(self, verb: str, label: str) -> bool:
        if self.reads_loans and verb != "view":
            return False  # what is lent is there to be read
        verbs = self.grant(self._governor(label)).verbs
        return verb in verbs or "*" in verbs

    def closed(self, label: str) -> frozenset[str]:
        sight = _sight(label)
        return self.grant(self._governor(label)).hidden | (sight.closed(self) if sight else frozenset())

    def masked(self, label: str) -> frozenset[str]:
        if label not in self._veils:
            sight = _sight(label)
            veil = self.grant(self._governor(label)).masked | (sight.masked(self) if sight else frozenset())
            self._veils[label] = veil - self.closed(label)
        return self._veils[label]

    def scope(self, label: str, prefix: str = "") -> Q:
        """Rows in reach.  What hangs on another entity follows it: whoever may see the customer may see its orders."""
        key = (label, prefix)
        if key not in self._scopes:
            self._scopes[key] = self._scope(label, prefix)
        return self._scopes[key]

    def _governor(self, label: str) -> str:
        """An entity without grants of its own follows the one it hangs on (contacts follow accounts)."""
        declared = _entity(label)
        if label in self.grants or declared is None or not declared.scope_via:
            return label
        return self._governor(declared.field(declared.scope_via, None).target)

    def _scope(self, label: str, prefix: str) -> Q:
        declared = _entity(label)
        if declared is not None and declared.scope_via:
            link = declared.field(declared.scope_via, None)
            return self.scope(link.target, f"{prefix}{declared.scope_via}__")
        if declared is not None and declared.sight:
            return cast(Q, declared.sight.rows(self, prefix))
        scopes = self.grant(label).scopes
        if "all" in scopes or (scopes and declared is not None and not declared.scoped):
            return ~Q(**{f"{prefix}pk__in": []})
        result: Q | None = None
        for level in scopes:
            q = self._level(label, level, prefix)
            result = q if result is None else result | q
        if self.reads_loans and label in self.lent:
            lent = Q(**{f"{prefix}pk__in": self.lent[label]})
            result = lent if result is None else result | lent
        return result if result is not None else Q(**{f"{prefix}pk__in": []})

    def _level(self, label: str, level: Any, prefix: str) -> Q:
        if isinstance(level, dict):
            declared = entity(label)
            company = Company.objects.get(pk=self.company_id)
            return to_q(parse(level, declared, company), Env(user=_Me(self), company=company), prefix)
        me = "pk" if label == "org.user" else "owner_id"  # a person is their own owner
        own = Q(
            **{f"{prefix}{me}__in": [self.user_id, *self.principals]}
            if self.principals
            else {f"{prefix}{me}": self.user_id}
        )
        if joined := self.joined.get(label):
            own |= Q(**{f"{prefix}pk__in": joined})
        match level:
            case "own":
                return own
            case "team" if self.teammates:
                return own | Q(**{f"{prefix}{me}__in": self.teammates})
            case "team":
                return own
            case "department" if self.department_id is None:
                return own
            case "department":
                return own | Q(**{f"{prefix}department_id": self.department_id})
            case "tree":
                return own | Q(**{f"{prefix}department_id__in": self.departments})
        return Q(**{f"{prefix}pk__in": []})


@dataclass(frozen=True)
class _Me:
    """The few facts a scope filter's variables need."""

    access: Access

    @property
    def pk(self) -> int:
        return self.access.user_id

    @property
    def department_id(self) -> int | None:
        return self.access.department_id

    @property
    def company_id(self) -> int:
        return self.access.company_id

    def scope(self, _label: str, prefix: str = "") -> Q:
        """Rows a scope counts (`has`) are counted for the rule, not as this person sees them: it cannot ask for itself."""
        return ~Q(**{f"{prefix}pk__in": []})


def access_of(user: User) -> Access:
    """The person's access; recomputed when the company's `config_version` or the person's department changes, and daily."""
    state = user.pk, user.company_id, user.department_id, user.company.config_version, clock.today()
    known, access = user.__dict__.get("known_access", (None, None))
    if known != state:  # asked a hundred times for a page
        user.__dict__["known_access"] = state, (access := _access(*state))
    return cast(Access, access)


def reader(user: User) -> User:
    """The same person with reach into what is lent to them, and with no right but to view.

    Everything that is kept per person goes by the version of the company's configuration: this one has its own.
    """
    twin = copy(user)
    twin._state = copy(user._state)
    twin._state.fields_cache = dict(user._state.fields_cache)
    twin.company = copy(user.company)
    twin.company.config_version = -user.company.config_version
    return twin


@lru_cache(maxsize=2048)
def _access(user_id: int, company_id: int, department_id: int | None, version: int, today: date) -> Access:
    user = User.everything.get(pk=user_id)
    roles = list(user.roles.filter(deleted_at=None).order_by("id")) if user.is_active else []
    headed = Department.objects.filter(head=user_id).values_list("path", flat=True)
    home = [user.department.path] if user.department else []
    away = Absence.objects.filter(Absence.on(today), deputy=user_id, owner__is_active=True)
    members = Team.members.through.objects.filter(team__members=user_id, team__deleted_at=None)
    principals = sorted(set(away.values_list("owner_id", flat=True))) if user.is_active else []
    return Access(
        user_id=user_id,
        company_id=company_id,
        department_id=department_id,
        departments=_below([*home, *headed], company_id),
        teammates=sorted(set(members.values_list("user_id", flat=True)) - {user_id}),
        principals=principals,
        lent=_lent(user_id, today) if user.is_active else {},
        reads_loans=version < 0,
        joined={label: list(found([user_id, *principals], today)) for label, found in _joins.items()},
        grants=merge(role.grants for role in roles),
        areas=frozenset(area for role in roles for area in role.areas),
        roles=tuple(role.code for role in roles),
        second_factor=any(role.second_factor for role in roles),
    )


def _lent(user_id: int, today: date) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for lender in lenders:
        for label, ids in lender(user_id, today).items():
            found[label] = [*found.get(label, ()), *ids]
    return found


def _below(paths: Iterable[str], company_id: int) -> list[int]:
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    return list(Department.objects.filter(wanted, company_id=company_id).values_list("pk", flat=True))


def merge(many: Iterable[dict[str, Any]]) -> dict[str, Grant]:
    """Several roles to one set of grants: rights add up, a field stays closed only if every role closes it."""
    result: dict[str, Grant] = {}
    many = list(many)
    labels = {label for grants in many for label in grants}
    for label in labels:
        parts = [part for grants in many if (part := grants.get(label) or grants.get("*"))]
        seeing = [part for part in parts if "view" in part.get("verbs", ()) or "*" in part.get("verbs", ())] or parts
        scopes: list[Any] = []
        for part in parts:
            if part.get("scope", "none") not in [*scopes, "none"]:
                scopes.append(part["scope"])
        closed = [frozenset(part.get("hidden", ())) for part in seeing]
        veiled = [frozenset(part.get("masked", ())) | frozenset(part.get("hidden", ())) for part in seeing]
        result[label] = Grant(
            verbs=frozenset(verb for part in parts for verb in part.get("verbs", ())),
            scopes=tuple(scopes),
            hidden=frozenset.intersection(*closed) if closed else frozenset(),
            masked=frozenset.intersection(*veiled) if veiled else frozenset(),
        )
    return result


def _sight(label: str) -> Sight | None:
    return getattr(_entity(label), "sight", None)


def _entity(label: str) -> Any:
    try:
        return entity(label)
    except KeyError:
        return None
