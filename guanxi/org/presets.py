"""The preset roles of the regulation texts, as data: what each may do, how far it sees, what stays closed to it.

Sources: ORG-01..07, ORG-11 and the three separated administrators of GB/T 22239 (S-06).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

# Work areas: the six duties of a customer-relations department (ORG-01), and those of leading units.
AREAS: dict[str, Any] = {
    "strategy": gettext_lazy("Strategy and rules"),
    "needs": gettext_lazy("Needs research and solutions"),
    "satisfaction": gettext_lazy("Satisfaction surveys"),
    "complaints": gettext_lazy("Complaints and disputes"),
    "training": gettext_lazy("Training"),
    "analysis": gettext_lazy("Data analysis and reporting"),
    "branch": gettext_lazy("Branch"),
    "region": gettext_lazy("Region"),
    "inspection": gettext_lazy("Inspection"),
    "audit": gettext_lazy("Audit"),
    "settings": gettext_lazy("Settings"),
}

READ = ["view"]
USE = ["view", "add", "change"]
WORK = ["view", "add", "change", "delete", "export", "import"]
COST = ["cost", "unit_cost", "profit", "profit_grade", "margin"]  # closed by default wherever they occur
ALL: dict[str, Any] = {"verbs": ["*"], "scope": "all"}
EVERYTHING: dict[str, Any] = {"*": ALL}


def _role(
    name: str, code: str, description: str, areas: tuple[str, ...] = (), exclusive: str = "", **grants: Any
) -> dict[str, Any]:
    named = {label.replace("__", "."): grant for label, grant in grants.items()}
    return {
        "name": name, "code": code, "description": description, "grants": named, "areas": list(areas), "exclusive": exclusive,
    }  # fmt: skip


RELATIONS = ("strategy", "needs", "satisfaction", "complaints", "training", "analysis")
PRESETS: tuple[dict[str, Any], ...] = (
    _role(_("Business representative"), "representative", _("Looks after own customers in the field.")),
    _role(_("Store manager"), "store-manager", _("Leads a branch and its people."), ("branch",)),
    _role(_("Customer-service specialist"), "service-specialist", _("Receives customers at the counter and registers them.")),
    _role(_("Branch accountant"), "branch-accountant", _("First responsible for the branch's customer files and receipts.")),
    _role(_("Chain-store operations specialist"), "operations-specialist", _("Inspects the files of all branches."),
          ("inspection",)),
    _role(_("Customer-relations specialist"), "relations-specialist", _("Works in the customer-relations department."),
          RELATIONS),
    _role(_("Call-centre specialist"), "call-centre", _("Answers the hotline and verifies files by phone.")),
    _role(_("Direct-sales specialist"), "direct-sales", _("Files and serves direct-sales customers.")),
    _role(_("Regional supervisor"), "supervisor", _("Leads the representatives of a region."), ("region",)),
    _role(_("Business department"), "business-department", _("Guides and assesses customer management company-wide.")),
    _role(_("Marketing"), "marketing", _("Defines classes, policies and campaigns; carries out account requests.")),
    _role(_("Finance"), "finance", _("Receipts, refunds, reconciliation and price policy.")),
    _role(_("Technology"), "technology", _("Solves quality cases and publishes technical guidance.")),
    _role(_("Service supervision"), "supervision", _("Checks that the rules are kept; sees every unit read-only."),
          ("inspection", "audit")),
    _role(_("Block administrator"), "block-administrator", _("Files account requests for a business block.")),
    _role(_("System administrator"), "system-administrator", _("Accounts, departments and settings; no business data."),
          ("settings",), "three-administrators",
          org__department=ALL, org__team=ALL, kernel__extrafield=ALL, kernel__job=ALL,
          org__user={"verbs": [*WORK, "open_account", "reset_password", "freeze", "end_sessions"], "scope": "all"},
          org__role={"verbs": READ, "scope": "all"}),
    _role(_("Security administrator"), "security-administrator", _("Roles and rights; may not create accounts."),
          ("settings",), "three-administrators", org__role=ALL,
          org__user={"verbs": [*READ, "set_roles", "freeze", "end_sessions"], "scope": "all"},
          org__department={"verbs": READ, "scope": "all"}),
    _role(_("Audit administrator"), "audit-administrator", _("Reads the audit trail and verifies it; changes nothing."),
          ("audit",), "three-administrators", audit__entry={"verbs": [*READ, "verify", "export"], "scope": "all"},
          org__user={"verbs": READ, "scope": "all"}),
    _role(_("Head of company"), "owner", _("Sees and may do everything in the company."),
          ("branch", "region", "inspection", "strategy", "needs", "satisfaction", "complaints", "training", "analysis", "audit",
           "settings"), **EVERYTHING),
)  # fmt: skip
# Those who work with customers: everybody but the three administrators, and the head, who may do everything.
WORKING: tuple[str, ...] = tuple(
    preset["code"] for preset in PRESETS if not preset["exclusive"] and "*" not in preset["grants"]
)


# What apps above add: (role codes, none for all; entity label; grant).
_MORE: list[tuple[tuple[str, ...], str, dict[str, Any]]] = []


def grant(label: str, verbs: list[str], scope: Any = "all", *, to: tuple[str, ...] = (), **closed: list[str]) -> None:
    """Give preset roles rights on an entity; `to` names the roles, without it all of them get it.

    Without a scope ("") the rows are those of the entity it hangs on.  A role named more than once for an entity gets the
    grant declared last; "*" of the head of company covers everything.
    """
    _MORE.append((to, label, {"verbs": verbs, **({"scope": scope} if scope else {}), **closed}))


def presets() -> list[dict[str, Any]]:
    """The preset roles with what the installed apps have added."""
    result = []
    for preset in PRESETS:
        more = {label: given for codes, label, given in _MORE if not codes or preset["code"] in codes}
        known = {} if "*" in preset["grants"] else more
        result.append({**preset, "grants": {**preset["grants"], **known}})
    return result


grant("org.absence", USE, "tree")
grant("org.signin", READ, "own")
grant("org.signin", READ, "tree", to=("store-manager", "supervisor"))
grant(
    "org.signin",
    READ,
    to=("marketing", "supervision", "system-administrator", "security-administrator", "audit-administrator"),
)
for _label in ("org.user", "org.department", "org.team"):
    grant(_label, READ, to=WORKING, masked=["phone"])
grant("org.training", USE, to=WORKING)
grant("org.user", [*USE, "open_account", "set_roles", "freeze", "end_sessions"], to=("marketing",))
grant("org.user", USE, "tree", to=("block-administrator",))
grant("org.formnumber", READ, to=tuple(role for role in WORKING if role not in ("technology", "block-administrator")))
grant("org.formnumber", WORK, to=("operations-specialist", "business-department"))
