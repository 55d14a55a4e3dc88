"""Personnel changes, account requests, roles by post, rules for accounts and signs of sharing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.handover.models import AccountRequest, AccountRules, PersonnelChange, Post, SharingSign
from guanxi.handover.queries.accounts import role_names
from guanxi.handover.services import days, requests, sharing  # noqa: F401 -- registers jobs
from guanxi.kernel.entities import Entity, Relation, Section, View, register
from guanxi.org import presets
from guanxi.org.papers import numbered

STATES = {"open": "amber", "filed": "blue", "done": "green"}
REQUESTS = {"draft": "gray", "pending": "amber", "agreed": "blue", "done": "green", "refused": "red"}
SIGNS = {"open": "amber", "explained": "green", "confirmed": "red"}
ROLES = {"offer": role_names}
DEPARTMENT = {"editable": False, "label": _("department now")}
numbered("account_request", _("Account request"), code="ZH-01", title="信息系统用户管理及权限变更审批表", version="1.0")
OPEN = {"f": "state", "op": "is", "v": "open"}

register(
    Entity(
        model=PersonnelChange,
        title=_("Personnel changes"),
        slug="personnel-changes",
        icon="transfer",
        columns=("name", "kind", "day", "department", "to_department", "post", "due_on", "state", "late", "owner"),
        sort="-day",
        sections=(
            Section(
                _("Personnel change"), ("kind", "day", "person", "name", "username", "post", "to_department", "remark")
            ),
            Section(_("Request"), ("due_on", "state", "filed_on", "late", "access_ended_at", "owner", "department")),
        ),
        overrides={"state": {"tones": STATES}, "due_on": {"style": "due"}, "department": DEPARTMENT},
        search={"people": ("name",), "codes": ("username",)},
        import_key=("username", "kind", "day"),
        finished={"f": "state", "op": "is", "v": "done"},
        clean=requests.check_concerning,
        guard=requests.only_open,
        custom=False,
        relations=(Relation("requests", "handover.accountrequest", "change", _("Account requests")),),
        views=(
            View("all", _("All")),
            View("open", _("Request missing"), OPEN, sort="day", icon="clock"),
            View(
                "overdue",
                _("Overdue"),
                {"all": [OPEN, {"f": "due_on", "op": "before", "v": "@today"}]},
                icon="alert-triangle",
            ),
            View("late", _("Requested late"), {"f": "late", "op": "is", "v": True}),
        ),
    )
)
register(
    Entity(
        model=AccountRequest,
        title=_("Account requests"),
        slug="account-requests",
        icon="user-check",
        name_field="number",
        form="account_request",
        columns=("number", "kind", "name", "department", "post", "roles", "day", "state", "owner"),
        sorts=("day", "number"),
        sections=(
            Section(_("Person"), ("kind", "person", "name", "username", "post", "to_department", "day")),
            Section(_("Handling wanted"), ("roles", "scope", "reason", "wanted")),
            Section(_("Course"), ("state", "filed_on", "done_at", "owner", "department", "change")),
        ),
        overrides={
            "roles": ROLES,
            "state": {"tones": REQUESTS},
            "department": DEPARTMENT,
            "owner": {"label": _("asked by")},
        },
        search={"people": ("name",), "codes": ("number", "username")},
        clean=requests.check_request,
        prepare_many=requests.number_requests,
        guard=requests.only_open,
        finished={"f": "state", "op": "in", "v": ["done", "refused"]},
        importable=False,
        custom=False,
        views=(
            View("all", _("All")),
            View("pending", _("Waiting for approval"), {"f": "state", "op": "is", "v": "pending"}, icon="gavel"),
            View("agreed", _("To carry out"), {"f": "state", "op": "is", "v": "agreed"}, icon="user-plus"),
            View("mine", _("Asked by me"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
        ),
    )
)
register(
    Entity(
        model=Post,
        title=_("Roles by post"),
        slug="posts",
        icon="certificate",
        columns=("name", "roles", "remark"),
        sort="name",
        sections=(Section(_("Roles of the post"), ("name", "roles", "remark")),),
        overrides={"roles": ROLES},
        import_key=("name",),
        clean=requests.check_post,
        scoped=False,
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=AccountRules,
        title=_("Rules for accounts"),
        slug="account-rules",
        icon="adjustments",
        name_field="minutes",
        columns=("minutes", "networks", "devices", "close_on_leaving", "end_roles_on_move"),
        sections=(
            Section(_("End of access"), ("close_on_leaving", "end_roles_on_move")),
            Section(_("Signs of sharing"), ("minutes", "networks", "devices", "night_from", "night_to")),
        ),
        creatable=False,
        importable=False,
        scoped=False,
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=SharingSign,
        title=_("Signs of shared accounts"),
        slug="sharing-signs",
        icon="users",
        name_field="kind",
        columns=("person", "kind", "day", "evidence", "state", "note", "reviewed_by"),
        sort="-day",
        sections=(Section(_("Sign"), ("person", "kind", "day", "evidence", "state", "note", "reviewed_by")),),
        overrides={"state": {"tones": SIGNS}},
        guard=sharing.by_review_only,
        creatable=False,
        importable=False,
        scoped=False,
        custom=False,
        setting=True,
        views=(
            View("open", _("To look at"), OPEN, icon="eye"),
            View("all", _("All")),
        ),
    )
)

USE, LEADERS = ["view", "add", "change"], ("store-manager", "supervisor")
for label in ("handover.personnelchange", "handover.accountrequest"):
    presets.grant(label, [*USE, "import"], "tree", to=("block-administrator", *LEADERS))
    presets.grant(label, [*USE, "import", "export"], to=("marketing",))
    presets.grant(label, ["view"], to=("system-administrator", "security-administrator", "supervision"))
presets.grant("handover.post", ["view"], to=("block-administrator", *LEADERS, "system-administrator"))
presets.grant("handover.post", ["*"], to=("marketing", "security-administrator"))
presets.grant("handover.accountrules", ["view"], to=("audit-administrator", "supervision"))
presets.grant("handover.accountrules", ["view", "change"], to=("marketing", "system-administrator"))
presets.grant(
    "handover.sharingsign", ["view", "review"], to=("system-administrator", "security-administrator", "marketing")
)
presets.grant("handover.sharingsign", ["view", "export"], to=("audit-administrator", "supervision"))
