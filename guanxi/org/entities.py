"""How people, departments, teams, roles and extra fields show up in lists, forms, search, import and the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, Relation, Section, View, register
from guanxi.kernel.models import ExtraField
from guanxi.org import services  # noqa: F401 -- registers the verbs
from guanxi.org.models import Department, Role, Team, User

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
            Section(_("Sign-in"), ("is_active",)),
        ),
        overrides={
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
            View("frozen", _("Frozen"), {"f": "is_active", "op": "is", "v": False}, icon="lock"),
        ),
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
        relations=(Relation("people", "org.user", "department", _("People")),),
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
        sections=(Section(_("Role"), ("name", "code", "description")),),
        hidden=("grants", "areas", "exclusive", "is_preset"),
        importable=False,
        scoped=False,
        custom=False,
        template="org/role.html",
    )
)
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
            Section(_("Field"), ("label", "title", "name", "kind", "options", "required", "sensitive", "help", "position")),
        ),
        import_key=("label", "name"),
        scoped=False,
        custom=False,
    )
)
