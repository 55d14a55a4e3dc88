"""What roles, departments and teams amount to: the matrix of rights, its words, the tree with its people, queues."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.kernel.actions import verbs_of
from guanxi.kernel.entities import Entity, entities, entity
from guanxi.kernel.filters import FilterError, parse, sentence
from guanxi.kernel.verbs import STANDARD
from guanxi.org.access import Access
from guanxi.org.models import Department, Role, SignIn, Team, User

LEVELS = {
    "none": gettext_lazy("Nothing"),
    "own": gettext_lazy("Own"),
    "team": pgettext_lazy("scope", "Team"),
    "department": pgettext_lazy("scope", "Department"),
    "tree": gettext_lazy("Department and below"),
    "all": gettext_lazy("Whole company"),
}
VERB_WORDS = {
    "view": gettext_lazy("View"),
    "add": gettext_lazy("Add"),
    "change": gettext_lazy("Change"),
    "delete": gettext_lazy("Delete"),
    "export": gettext_lazy("Export"),
    "import": gettext_lazy("Import"),
}
# Rights that pages ask for without a verb of that name; those with labels belong to these entities only.
FURTHER: dict[str, tuple[Any, tuple[str, ...]]] = {
    "share_views": (gettext_lazy("Share views"), ()),
    "change_others": (gettext_lazy("Change entries of others"), ()),
    "sell_restricted": (gettext_lazy("Sell restricted products"), ("catalog.product",)),
    "recompute": (gettext_lazy("Recompute analyses"), ("customers.account",)),
    "verify": (gettext_lazy("Verify the trail"), ("audit.entry",)),
}


def permissions_of(label: str) -> dict[str, Any]:
    """Every right that exists for an entity, with its name: the standard ones, then those of its verbs and pages."""
    found: dict[str, Any] = dict(VERB_WORDS)
    if label != "*":
        for verb in verbs_of(entity(label).model).values():
            found.setdefault(verb.permission, verb.label)
    for name, (words, labels) in FURTHER.items():
        if not labels or label in labels or label == "*":
            found.setdefault(name, words)
    return found


@dataclass
class MatrixRow:
    """One entity in a role's matrix."""

    label: str
    title: Any
    verbs: list[dict[str, Any]]
    everything: bool
    scope: str
    levels: list[tuple[str, Any]]
    follows: Any
    inherits: bool
    details: str


def matrix(role: Role) -> list[dict[str, Any]]:
    """Groups of rows, one group an app, with what is granted in it; the first row stands for all without rights of their own."""
    groups: dict[str, list[MatrixRow]] = defaultdict(list)
    for declared in entities():
        app = declared.label.partition(".")[0]
        groups[str(apps.get_app_config(app).verbose_name)].append(_row(role, declared.label, declared))
    groups = {_("Everything else"): [_row(role, "*", None)], **groups}
    return [{"title": title, "rows": rows, "told": granted(role, rows)} for title, rows in groups.items()]


def granted(role: Role, rows: list[MatrixRow]) -> str:
    """What the role may do with the entities of a group: of how many it may view, add, change ..."""
    held = [_held(role, row.label) for row in rows]
    if all("*" in verbs for verbs in held):
        return _("all rights")
    counts = {word: sum(1 for verbs in held if {name, "*"} & verbs) for name, word in VERB_WORDS.items()}
    told = _(", ").join(f"{word} {n}" for word, n in counts.items() if n)
    return told or _("no rights")


def _held(role: Role, label: str) -> set[str]:
    """The rights on an entity, as `org.access` finds them: its own, those of what it hangs on, those of the first row."""
    while label not in role.grants and label != "*":
        declared = entity(label)
        if not declared.scope_via:
            break
        label = declared.field(declared.scope_via, None).target
    return set((role.grants.get(label) or role.grants.get("*") or {}).get("verbs", ()))


def _row(role: Role, label: str, declared: Entity | None) -> MatrixRow:
    grant = role.grants.get(label, {})
    held, scope = set(grant.get("verbs", ())), grant.get("scope", "none")
    levels: list[tuple[str, Any]] = list(LEVELS.items())
    if declared is not None and not declared.scoped:
        levels = [pair for pair in levels if pair[0] in ("none", "all")]
        scope = scope if scope == "none" else "all"
    if label not in role.grants and "*" in role.grants:
        levels[0] = ("none", _("As the first row says"))
    if isinstance(scope, dict):
        levels.append(("filter", _("By condition")))
    parent = declared.fields_for(role.company)[declared.scope_via].target if declared and declared.scope_via else ""
    return MatrixRow(
        label=label,
        title=declared.title if declared else _("All data without a row of their own"),
        verbs=[{"name": name, "label": VERB_WORDS[name], "on": name in held or "*" in held} for name in STANDARD],
        everything="*" in held,
        scope="filter" if isinstance(scope, dict) else scope,
        levels=levels,
        follows=entity(parent).title if parent else "",
        inherits=bool(parent) and label not in role.grants,
        details=" · ".join(_details(grant, held & (permissions_of(label).keys() - {*STANDARD}))),
    )


def _details(grant: dict[str, Any], names: Iterable[str]) -> list[str]:
    parts = []
    if count := len(set(names)):
        parts.append(_("%(n)s special") % {"n": count})
    if count := len(grant.get("hidden", ())):
        parts.append(_("%(n)s hidden") % {"n": count})
    if count := len(grant.get("masked", ())):
        parts.append(_("%(n)s masked") % {"n": count})
    return parts


def in_words(role: Role) -> list[dict[str, Any]]:
    """One sentence for each entity the role reaches: what, whose, and what stays closed."""
    lines = []
    for label, grant in role.grants.items():
        declared = next((e for e in entities() if e.label == label), None)
        if label != "*" and declared is None:
            continue
        words = permissions_of(label)
        verbs = (
            _("everything")
            if "*" in grant["verbs"]
            else _(", ").join(str(words[v]) for v in grant["verbs"] if v in words)
        )
        text = _("may %(verbs)s; reaches: %(scope)s") % {"verbs": verbs, "scope": scope_in_words(role, declared, grant)}
        fields = declared.fields_for(role.company) if declared else {}
        for key, closed in (("hidden", _("hidden: %(fields)s")), ("masked", _("masked: %(fields)s"))):
            names = [str(fields[name].label) for name in grant.get(key, ()) if name in fields]
            if names:
                text += _("; ") + closed % {"fields": _(", ").join(names)}
        lines.append({"title": declared.title if declared else _("All other data"), "text": text})
    return lines


def scope_in_words(role: Role, declared: Entity | None, grant: dict[str, Any]) -> str:
    scope = grant.get("scope", "none")
    if isinstance(scope, dict) and declared:
        try:
            return sentence(parse(scope, declared, role.company))
        except FilterError:
            return _("a condition that is no longer valid")
    if declared is not None and declared.scope_via:
        link = declared.fields_for(role.company)[declared.scope_via]
        return _("like %(what)s") % {"what": entity(link.target).title}
    if declared is not None and not declared.scoped and scope != "none":
        return str(LEVELS["all"])
    return str(LEVELS.get(scope, scope))


@dataclass
class Node:
    """A department in the tree; `people` counts its own staff, `below` everybody in it and under it."""

    row: Department
    people: int = 0
    teams: list[Team] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def below(self) -> int:
        return self.people + sum(child.below for child in self.children)


def tree(user: User) -> list[Node]:
    """The roots of the company's departments, in four queries however large it is (ORG-10)."""
    rows = list(Department.objects.visible_to(user).select_related("head").order_by("path"))
    alive = Q(people__deleted_at=None, people__is_active=True)
    counts = dict(
        Department.objects.visible_to(user).order_by().annotate(n=Count("people", filter=alive)).values_list("pk", "n")
    )
    nodes = {row.pk: Node(row, counts.get(row.pk, 0)) for row in rows}
    for team in Team.objects.visible_to(user).select_related("lead").annotate(size=Count("members")).order_by("name"):
        if team.department_id in nodes:
            nodes[team.department_id].teams.append(team)
    roots: list[Node] = []
    for row in rows:
        parent = nodes.get(row.parent_id) if row.parent_id else None
        (parent.children if parent else roots).append(nodes[row.pk])
    return roots


def queue(team: Team, user: User) -> list[dict[str, Any]]:
    """What lies with a team, entity by entity, inside the reader's scope: rows of its members, and unclaimed ones (ORG-02)."""
    members = list(team.members.values_list("pk", flat=True))
    found = []
    for declared in entities():
        if not declared.owned or not declared.scoped or not user.may("view", declared.label):
            continue
        rows: Any = declared.model.objects.visible_to(user)  # type: ignore[attr-defined]
        parts: list[tuple[str, Any, dict[str, Any]]] = [
            (
                _("Looked after by its members"),
                rows.filter(owner_id__in=members),
                {"f": "owner", "op": "in", "v": members},
            )
        ]
        if team.department_id:
            free = {"all": [{"f": "owner", "op": "empty"}, {"f": "department", "op": "is", "v": team.department_id}]}
            parts.append(
                (_("Unclaimed in its department"), rows.filter(owner=None, department_id=team.department_id), free)
            )
        for words, some, where in parts:
            if number := some.order_by()[:1000].count():
                found.append({"entity": declared, "words": words, "n": number, "where": quote(json.dumps(where))})
    return found


class SignInSight:
    """Who sees sign-ins: everybody their own, heads those of their people, those who watch the system all of them."""

    def rows(self, access: Access, prefix: str) -> Q:
        scopes = access.grant("org.signin").scopes
        if "all" in scopes:
            return Q(**{f"{prefix}user__isnull": False})
        mine = Q(**{f"{prefix}user_id": access.user_id})
        return mine | Q(**{f"{prefix}user__department_id__in": access.departments}) if "tree" in scopes else mine

    def closed(self, _access: Access) -> frozenset[str]:
        return frozenset()

    def masked(self, _access: Access) -> frozenset[str]:
        return frozenset()


def sign_ins(user: User, limit: int = 20) -> list[SignIn]:
    """The newest attempts, failed ones included."""
    return list(SignIn.objects.filter(user=user)[:limit])


def sessions(user: User) -> list[Any]:
    """The browsers that are signed in with this account."""
    from allauth.usersessions.models import UserSession

    return list(UserSession.objects.filter(user=user).order_by("-last_seen_at")[:20])


def heads_above(person: User) -> list[User]:
    """Who leads this person, the nearest first: heads of the department and of those above it, the person left out."""
    return leaders(person.department, without=person.pk)


def leaders(department: Department | None, without: int | None = None) -> list[User]:
    """Heads of a department and of those above it, the nearest first."""
    if department is None:
        return []
    above = [int(part) for part in department.path.strip("/").split("/")]
    heads = {d.pk: d.head for d in Department.objects.filter(pk__in=above).select_related("head__company")}
    found = [heads[pk] for pk in reversed(above) if heads.get(pk) is not None]
    return list(dict.fromkeys(h for h in found if h is not None and h.pk != without and h.is_active))
