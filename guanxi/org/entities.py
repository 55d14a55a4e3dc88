"""How people, departments, teams, roles and extra fields show up in lists, forms, search, import and the API."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, entities, register
from guanxi.kernel.models import ExtraField
from guanxi.org import papers, queries, services
from guanxi.org.models import Absence, Department, FormNumber, Role, SignIn, Team, Training, User

# The apps above register their entities later than this one, so it is asked for when it is needed.
EXTENSIBLE: Any = SimpleLazyObject(lambda: tuple((e.label, e.title) for e in entities() if e.custom))
# What was proved at the door, as the history keeps it; a failed second factor stands by itself.
FACTORS = (
    ("totp", _("Authenticator App")), ("webauthn", _("Passkey")), ("recovery_codes", _("Recovery codes"))
)  # fmt: skip
METHODS = (
    ("password", _("Password")), *FACTORS, *((f"password+{key}", format_lazy(_("Password and {factor}"), factor=words)) for key, words in FACTORS),
    ("locked", _("Refused: too many attempts")), ("frozen", _("Refused: frozen account")),
)  # fmt: skip
FROZEN = ({"f": "is_active", "op": "is", "v": False},)

register(
    Entity(
        model=User,
        title=_("People"),
        slug="people",
        icon="users",
        columns=("name", "username", "title", "department", "phone", "is_active"),
        sort="name",
        sections=(
            Section(_("Person"), ("name", "username", "title", "department", "phone", "email")),
            Section(_("Sign-in"), ("is_active", "last_login")),
        ),
        overrides={
            "is_active": {"editable": False},
            "last_login": {"editable": False, "label": _("last sign-in")},
            "phone": {"kind": "phone", "sensitive": True},
            "password": {"kind": "text", "editable": False},
            "username": {"sortable": True},
        },
        hidden=("password", "preferences", "must_change_password"),
        search={"people": ("name",), "codes": ("username",), "phones": ("phone",)},
        subtitle=("title", "department"),
        import_key=("username",),
        views=(
            View("active", _("May sign in"), {"f": "is_active", "op": "is", "v": True}),
            View(
                "requests",
                _("Account requests"),
                {"all": [*FROZEN, {"f": "last_login", "op": "empty"}]},
                icon="user-plus",
            ),
            View("frozen", _("Frozen"), {"all": [*FROZEN, {"f": "last_login", "op": "not_empty"}]}, icon="lock"),
        ),
        prepare_many=services.enter,
        guard=services.protect,
        template="org/user.html",
    )
)
register(
    Entity(
        model=Department,
        title=_("Departments"),
        slug="departments",
        icon="sitemap",
        columns=("name", "code", "kind", "parent", "head"),
        sort="path",
        sections=(Section(_("Department"), ("name", "code", "kind", "parent", "head")),),
        hidden=("path", "duties"),
        search={"names": ("name",), "codes": ("code",)},
        import_key=("code",),
        scoped=False,
        custom=False,
        relations=(
            Relation("people", "org.user", "department", _("People")),
            Relation("teams", "org.team", "department", _("Teams")),
        ),
        clean=services.check_place,
        prepare_many=services.plant,
        template="org/department.html",
    )
)
register(
    Entity(
        model=Team,
        title=_("Teams"),
        slug="teams",
        icon="affiliate",
        columns=("name", "department", "lead", "duty"),
        sort="name",
        sections=(Section(_("Team"), ("name", "department", "lead", "duty")),),
        search={"names": ("name",)},
        import_key=("name",),
        scoped=False,
        custom=False,
        template="org/team.html",
    )
)
register(
    Entity(
        model=Role,
        title=_("Roles"),
        slug="roles",
        icon="certificate",
        columns=("name", "code", "description"),
        sort="id",
        sections=(Section(_("Role"), ("name", "code", "description", "second_factor")),),
        hidden=("grants", "areas", "exclusive", "is_preset"),
        importable=False,
        scoped=False,
        custom=False,
        guard=services.role_guard,
        template="org/role.html",
    )
)
register(
    Entity(
        model=Training,
        title=_("Training"),
        slug="trainings",
        icon="school",
        name_field="topic",
        columns=("topic", "kind", "held_on", "trainer", "audience", "owner"),
        sort="-held_on",
        sections=(
            Section(_("Training"), ("topic", "kind", "held_on", "hours", "trainer", "audience", "owner", "department")),
            Section(_("Content and outcome"), ("content", "outcome")),
        ),
        search={"names": ("topic",)},
        import_key=("topic", "held_on"),
        finished={"f": "held_on", "op": "before", "v": "@today"},
        views=(
            View("coming", _("Coming"), {"f": "held_on", "op": "next_days", "v": 60}, sort="held_on", icon="calendar"),
            View("mine", _("I train"), {"f": "trainer", "op": "is", "v": "@me"}),
        ),
    )
)
register(
    Entity(
        model=Absence,
        title=_("Leave and travel"),
        slug="absences",
        icon="plane-departure",
        name_field="owner",
        columns=("owner", "kind", "starts_on", "ends_on", "deputy", "department", "remark"),
        sort="-starts_on",
        sections=(Section(_("Absence"), ("kind", "starts_on", "ends_on", "deputy", "remark")),),
        overrides={"owner": {"editable": False, "label": _("person")}, "department": {"editable": False}},
        importable=False,  # a file could make its author anybody's deputy
        guard=services.own_absence,
        views=(
            View("all", _("All")),
            View(
                "now",
                _("Away today"),
                {
                    "all": [
                        {"not": {"f": "starts_on", "op": "after", "v": "@today"}},
                        {"not": {"f": "ends_on", "op": "before", "v": "@today"}},
                    ]
                },
            ),
            View("deputy", _("I am deputy"), {"f": "deputy", "op": "is", "v": "@me"}),
        ),
    )
)
register(
    Entity(
        model=SignIn,
        title=_("Sign-ins"),
        slug="sign-ins",
        icon="login",
        name_field="username",
        columns=("user", "at", "ok", "method", "ip", "agent"),
        overrides={"method": {"kind": "choice", "choices": METHODS}, "agent": {"style": "browser"}},
        sort="-at",
        sections=(Section(_("Sign-in"), ("user", "username", "at", "ok", "method", "ip", "agent")),),
        sight=queries.SignInSight(),
        creatable=False,
        importable=False,
        custom=False,
        setting=True,
        guard=services.history,
        views=(
            View("all", _("All")),
            View("today", _("Today"), {"f": "at", "op": "period", "v": "today"}, icon="calendar"),
            View("failed", _("Failed"), {"f": "ok", "op": "is", "v": False}, icon="alert-triangle"),
        ),
    )
)
add_relation("org.user", Relation("sign_ins", "org.signin", "user", _("Sign-ins"), tab=False))
register(
    Entity(
        model=ExtraField,
        title=_("Extra fields"),
        slug="fields",
        icon="forms",
        name_field="title",
        columns=("title", "label", "name", "kind", "required", "position"),
        sort="label",
        sections=(
            Section(
                _("Field"), ("label", "title", "name", "kind", "options", "required", "sensitive", "help", "position")
            ),
        ),
        overrides={
            "label": {"kind": "choice", "choices": EXTENSIBLE},
            "name": {"help": _("For files and programs: small letters, digits and underscores, e.g. star_level.")},
        },
        import_key=("label", "name"),
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=FormNumber,
        setting=True,
        title=_("Numbered forms"),
        slug="numbered-forms",
        icon="file-certificate",
        name_field="title",
        columns=("title", "code", "form_version", "valid_from", "key"),
        sort="key",
        overrides={"key": {"kind": "choice", "choices": SimpleLazyObject(papers.choices)}},
        sections=(Section(_("Numbered form"), ("key", "title", "code", "form_version", "valid_from")),),
        import_key=("key", "valid_from"),
        scoped=False,
        custom=False,
    )
)
